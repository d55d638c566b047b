/**
 * Promise 28, as far as mail itself goes: whatever a legal address is made of, it stays one value. It names no file, adds
 * no line to a log, and matches nothing but itself.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createCapture } from '../../src/delivery/capture.ts'
import { formatPasswordHash, hashPassword } from '../../src/directory/password-hash.ts'
import { openUserDirectory } from '../../src/directory/users.ts'
import { type Address, parseAddress } from '../../src/mail/address.ts'
import { createMessageIdSource } from '../../src/mail/message-id.ts'
import type { Job } from '../../src/mail/queue.ts'
import { traceOf } from '../../src/observe/trace.ts'
import { openTracking, trackingFile } from '../../src/observe/tracking.ts'

const clock = { now: () => 1_790_000_000_000 }
const nextId = createMessageIdSource(0, clock)

/** Legal by the grammar, each with whom it would have hurt. */
const hostile: readonly (readonly [address: string, whom: string])[] = [
  ['"../../../../etc/passwd"@example.org', 'a path'],
  ['/etc/passwd@example.org', 'an absolute path'],
  ['\x24{IFS}reboot@example.org', 'a shell'],
  ['`reboot`@example.org', 'a shell'],
  ['"; rm -rf /"@example.org', 'a shell'],
  ['|reboot@example.org', 'an alias file'],
  ['"\'; DROP TABLE users --"@example.org', 'SQL'],
  ['"*)(uid=*"@example.org', 'an LDAP filter'],
  ['*@example.org', 'a pattern'],
  ['"[a-z]+(.*)"@example.org', 'a regular expression'],
  ['%s%n@example.org', 'printf'],
  ['"},\\"event\\":\\"accepted"@example.org', 'a JSON line'],
  ['\x24{jndi}@example.org', 'a logger that looks things up'],
  ['"<script>alert(1)</script>"@example.org', 'a console'],
  ['=cmd@example.org', 'a spreadsheet'],
  ['__proto__@example.org', 'a JavaScript object'],
  ['-rf@example.org', 'a command line'],
]

const addresses = hostile.map(([text]) => parseAddress(text) as Address)

t.test('they are legal addresses, and come out as they went in', async t => {
  t.strictSame(
    addresses,
    hostile.map(([text]) => text),
  )
})

t.test('in tracking each is one value in one line', async t => {
  const directory = t.testdir()
  const tracking = openTracking({ directory, thread: 0, fileSize: 2 ** 20, files: 2, clock })
  for (const [index, address] of addresses.entries()) {
    const common = { session: `s${index}`, id: nextId(), client: '192.0.2.1', size: 1, commit: 1 }
    tracking.track({ ...common, event: 'accepted', helo: address, from: address, to: [address] })
  }
  await tracking.close()
  const lines = readFileSync(trackingFile(directory, 0), 'utf8').trimEnd().split('\n')
  t.equal(lines.length, addresses.length)
  for (const [index, line] of lines.entries())
    t.match(JSON.parse(line), { event: 'accepted', from: addresses[index], to: [addresses[index]] })
  for (const [index, address] of addresses.entries()) {
    const { events } = await traceOf(directory, address)
    t.strictSame(
      events.map(event => 'session' in event && event.session),
      [`s${index}`],
      `${address} finds itself and nobody else`,
    )
  }
})

t.test('no file is named by an address', async t => {
  const directory = t.testdir()
  const capture = createCapture(join(directory, 'capture'))
  for (const address of addresses) {
    const job = {
      id: nextId(),
      domain: 'example.org',
      envelope: { reversePath: address, receivedAt: clock.now() },
      recipients: [{ address }],
      content: () => [Buffer.from('Subject: x\r\n\r\nhello\r\n')],
    }
    await capture.store(job as unknown as Job)
  }
  t.strictSame(readdirSync(directory), ['capture'])
  const names = readdirSync(join(directory, 'capture', 'new'))
  t.equal(names.length, addresses.length)
  for (const name of names) t.match(name, /^[0-9a-z._]+$/)
  for (const [index, name] of names.sort().entries()) {
    const [returnPath, deliveredTo] = readFileSync(join(directory, 'capture', 'new', name), 'utf8').split(
      '\r\n',
    )
    t.equal(returnPath, `Return-Path: <${addresses[index]}>`)
    t.equal(deliveredTo, `Delivered-To: ${addresses[index]}`)
  }
})

t.test('a user is looked up by the name itself', async t => {
  const file = join(t.testdir(), 'users')
  const hash = formatPasswordHash(await hashPassword('secret', { ln: 10, r: 8, p: 1 }))
  writeFileSync(file, `jo:${hash}\n*:${hash}\n`)
  const users = await openUserDirectory({ file, clock })
  if (!('verify' in users)) throw new Error(users.join())
  t.equal(await users.verify('*', 'secret'), 'right')
  for (const name of [
    'j*',
    'jo)(uid=*',
    "jo' OR '1'='1",
    'jo\n',
    ' jo',
    'jo:x',
    '../users',
    '__proto__',
    'jo%00',
  ])
    t.equal(await users.verify(name, 'secret'), 'wrong', JSON.stringify(name))
})
