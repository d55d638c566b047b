/**
 * Bundles and the running gateway: rules that come with a bundle judge the next mail, a broken bundle changes nothing.
 */
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { encodeBundle } from '../../src/content/bundle/container.ts'
import { sentenceOf } from '../../src/observe/story.ts'
import { traceOf } from '../../src/observe/trace.ts'
import { draft, lexicon, makePair } from '../content/bundle/rig.ts'
import { lexiconText } from '../content/rig.ts'
import { peerDirectory } from '../peers/process.ts'
import { rawClient } from '../peers/raw-client.ts'
import { until } from '../peers/ready.ts'
import { type Sluice, startSluice } from '../peers/sluice.ts'

t.setTimeout(120_000)

const pair = makePair()
const day = 86_400_000
/** Processes have the clock of this machine. */
const times = { created: Date.now() - (Date.now() % 1_000), expires: Date.now() - (Date.now() % 1_000) + day }
const bundle = (sequence: number, files: Readonly<Record<string, string>>, more = {}) =>
  encodeBundle(draft(sequence, files, { ...times, ...more }), pair.secret)

/** The names of the rules that a mail hits, as its story tells them. */
async function rulesFor(sluice: Sluice, text: string): Promise<string> {
  const client = await rawClient(sluice.port)
  await client.reply()
  for (const line of ['EHLO client.test', 'MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.com>', 'DATA'])
    await client.command(line)
  client.send(`Subject: test\r\n\r\n${text}\r\n.\r\n`)
  const [, id] = /queued as (\w+)/.exec((await client.reply()).text) ?? []
  client.close()
  const story = await until(`the story of ${id}`, async () => {
    const { events } = await traceOf(join(sluice.data, 'tracking'), id!)
    const told = events.map(sentenceOf).join('\n')
    return told.includes('accepted') && told
  })
  return /rules ([^;\n]*)/.exec(story)?.[1] ?? 'none'
}

async function bring(sluice: Sluice, octets: Buffer, ...args: string[]) {
  const path = join(sluice.data, '..', 'new.bundle')
  await writeFile(path, octets)
  return sluice.command('update', path, ...args)
}

async function reload(sluice: Sluice, outcome: RegExp): Promise<void> {
  const from = sluice.output().length
  process.kill(sluice.pid, 'SIGHUP')
  await until(`the outcome of SIGHUP: ${outcome}`, () => outcome.test(sluice.output().slice(from)))
}

t.test('a running gateway and bundles that come by hand', async t => {
  const own = join(await peerDirectory('lexicon', t), 'own.yaml')
  await writeFile(own, lexiconText('own', 'dancer'))
  const content = { lexicons: [own] }
  const configuration = { threads: 2, content, updates: { keys: [pair.open.text] } }
  const sluice = await startSluice(t, configuration)
  const text = 'The purple elephant, a yellow fox and a dancer.'

  await t.test('the rules of a bundle judge the next mail, beside those of the configuration', async t => {
    t.equal(await rulesFor(sluice, text), 'own (2.5)')
    const { code, output } = await bring(
      sluice,
      bundle(1, { 'words.yaml': lexicon('elephant', 'purple elephant') }),
    )
    t.equal(code, 0)
    t.match(output, /Bundle 1 of rules is in force; the running gateway uses it/)
    t.equal(await rulesFor(sluice, text), 'own (2.5), elephant (2.5)')
  })

  await t.test(
    'a half-edited configuration file neither hinders an update nor comes in force with it',
    async t => {
      const before = await sluice.status()
      await sluice.configure({ ...configuration, hostname: 'other.test' })
      const { code } = await bring(sluice, bundle(2, { 'words.yaml': lexicon('fox', 'yellow fox') }))
      t.equal(code, 0)
      t.equal(await rulesFor(sluice, text), 'own (2.5), fox (2.5)')
      t.equal((await sluice.status()).hostname, before.hostname)
      await sluice.configure(configuration)
    },
  )

  await t.test('a bundle that is broken is refused with the reason, and the rules in force stay', async t => {
    const rows: readonly [Record<string, string>, RegExp][] = [
      [{ 'words.yaml': lexicon('fox', 'yellow fox', 'no such words') }, /"fox" does not match this sample/],
      [{ 'words.yaml': lexicon('fox', '/(yellow/') }, /words\.yaml, line 1/],
      [{ 'words.yaml': lexicon('fox', 'yellow fox'), 'a.model': 'none' }, /a\.model: It is too short/],
    ]
    for (const [files, reason] of rows) {
      const { code, errors } = await bring(sluice, bundle(3, files))
      t.equal(code, 1)
      t.match(errors, reason)
      const status = await sluice.command('update', '--status')
      t.equal(status.code, 1)
      t.match(status.output, /in force +bundle 2 of rules/)
      t.match(status.output, reason)
      t.equal(await rulesFor(sluice, text), 'own (2.5), fox (2.5)')
    }
    const replayed = await bring(
      sluice,
      bundle(1, { 'words.yaml': lexicon('elephant', 'purple elephant') }),
      '--json',
    )
    t.match(JSON.parse(replayed.output), { kind: 'refused', reason: 'replayed' })
  })

  await t.test('rules that the gateway cannot take over are switched back', async t => {
    // The bundle is right in itself; one of our own lexicons is not, by now, which shows when both are compiled together.
    await writeFile(own, 'rules:\n  fox:\n    sentense: A fox\n')
    const { code, errors } = await bring(sluice, bundle(4, { 'words.yaml': lexicon('late', 'dancer') }))
    t.equal(code, 1)
    t.match(errors, /own\.yaml:3:5.*unknown key/)
    t.match(sluice.output(), /"level":"error"[^\n]*The new bundle cannot be used/)
    await writeFile(own, lexiconText('own', 'dancer'))
    t.equal(await rulesFor(sluice, text), 'own (2.5), fox (2.5)')
    t.match((await sluice.command('update', '--status')).output, /in force +bundle 2 of rules/)
  })

  await t.test('the one before comes back on demand, and stays after a restart', async t => {
    t.equal((await sluice.command('update', '--rollback')).code, 0)
    t.equal(await rulesFor(sluice, text), 'own (2.5), elephant (2.5)')
    await sluice.stop()
    const again = await sluice.restart()
    t.equal(await rulesFor(again, text), 'own (2.5), elephant (2.5)')
    t.equal((await again.status()).bundle, '1')

    await t.test('a bundle that was damaged on disk costs a warning and no mail', async t => {
      await writeFile(join(again.data, 'bundles/1/words.yaml'), 'rules: {}')
      await reload(again, /Bundle 1 cannot be used: words\.yaml was changed/)
      t.equal(await rulesFor(again, text), 'own (2.5)')
      t.match((await again.command('update', '--status')).output, /bundle 1 cannot be used/)
    })

    await t.test('without its key a bundle is out of force', async t => {
      t.equal((await bring(again, bundle(5, { 'words.yaml': lexicon('fox', 'yellow fox') }))).code, 0)
      t.equal(await rulesFor(again, text), 'own (2.5), fox (2.5)')
      await again.configure({ ...configuration, updates: { keys: [makePair().open.text] } })
      await reload(again, /Bundle 5 cannot be used: it was not signed by a key that is trusted/)
      t.equal(await rulesFor(again, text), 'own (2.5)')
    })
  })
})

t.test('the running gateway asks its mirror by itself', async t => {
  const { url, serve, asked } = await mirror(t)
  serve(bundle(1, { 'words.yaml': lexicon('elephant', 'purple elephant') }), '"one"')
  const configuration = { threads: 1, updates: { keys: [pair.open.text], url, every: '1h' } }
  const sluice = await startSluice(t, configuration)
  await until('the bundle is in force', () => /Bundle 1 was fetched and is in force/.test(sluice.output()))
  t.equal(await rulesFor(sluice, 'purple elephant'), 'elephant (2.5)')
  t.equal(asked(), 1)

  await t.test('what it refuses is an error in the log, and the rules in force stay', async t => {
    // Another place is asked at once.
    serve(bundle(2, { 'words.yaml': lexicon('fox', 'yellow fox', 'nothing') }), '"two"')
    await sluice.configure({ ...configuration, updates: { ...configuration.updates, url: `${url}?2` } })
    process.kill(sluice.pid, 'SIGHUP')
    await until('the refusal', () =>
      /"reason":"unusable"[^\n]*does not match this sample/.test(sluice.output()),
    )
    t.equal(await rulesFor(sluice, 'purple elephant and a yellow fox'), 'elephant (2.5)')
    const status = await sluice.command('update', '--status', '--json')
    t.match(JSON.parse(status.output), {
      current: { sequence: 1 },
      last: { reason: 'unusable' },
      running: '1',
    })
  })
})

async function mirror(t: Test) {
  let octets: Uint8Array = Buffer.alloc(0)
  let etag = ''
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    const same = request.headers['if-none-match'] === etag
    response.writeHead(same ? 304 : 200, { etag }).end(same ? undefined : octets)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rules.bundle`,
    serve: (next: Uint8Array, tag: string) => {
      octets = next
      etag = tag
    },
    asked: () => requests,
  }
}
