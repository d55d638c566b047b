/**
 * The envelope of the next mail leaves with the content of the one before (RFC 2920 §3.1), where there is more to do than
 * lanes: what then goes wrong with one must not touch the other.
 */
import t from 'tap'
import type { DeliverySettings } from '#delivery/delivery.ts'
import { startScript } from '../peers/scripted-server.ts'
import { startRig, toPort } from './rig.ts'

const greeting = 'S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250 PIPELINING\n'
const envelope = (number: number) => `C: MAIL *\nC: RCPT TO:<jo${number}@example.com>\nC: DATA\n`
const granted = 'S: 250 ok\nS: 250 ok\nS: 354 go\n'
const whole = (number: number, reply = '250 done') => `${envelope(number)}${granted}C...\nS: ${reply}\n`

async function deliver(
  owner: Parameters<typeof startScript>[0],
  scripts: readonly string[],
  count: number,
  settings: Partial<DeliverySettings> = {},
) {
  const server = await startScript(owner, scripts)
  const rig = startRig({ '*': toPort(server.port) }, { concurrencyPerNextHop: 1, ...settings })
  owner.teardown(() => rig.stop(0))
  for (let number = 0; number < count; number++)
    rig.queue.add(rig.queue.envelope([`jo${number}@example.com`]), `Subject: ${number}\r\n\r\ntext\r\n`)
  return { server, rig }
}

const fates = (rig: ReturnType<typeof startRig>) =>
  rig.queue.settlements.map(({ job, settlement }) => [
    job.recipients[0]!.address.slice(0, 3),
    settlement.outcomes[0]?.outcome ?? 'untried',
  ])

t.test('three mails, and the envelopes of the later ones come before the reply to the content', async t => {
  const { server, rig } = await deliver(
    t,
    [
      `${greeting}${envelope(0)}${granted}
      C...
      ${envelope(1)}
      S: 250 first
      ${granted}
      C...
      ${envelope(2)}
      S: 250 second
      ${granted}
      C...
      S: 250 third`,
    ],
    3,
  )
  await rig.queue.settled(3)
  t.same(server.errors, [])
  t.same(
    rig.queue.settlements.map(({ settlement }) => settlement.outcomes[0]!.text),
    ['250 first', '250 second', '250 third'],
  )
  t.same(
    server.contents,
    [0, 1, 2].map(number => `Subject: ${number}\r\n\r\ntext\r\n`),
  )
})

t.test('a content that is refused says nothing of the next mail', async t => {
  const { rig } = await deliver(
    t,
    [`${greeting}${envelope(0)}${granted}C...\n${envelope(1)}S: 554 no\n${granted}C...\nS: 250 done`],
    2,
  )
  await rig.queue.settled(2)
  t.same(fates(rig), [
    ['jo0', 'failed'],
    ['jo1', 'delivered'],
  ])
})

t.test('an envelope sent ahead that is refused is that mail alone', async t => {
  const { server, rig } = await deliver(
    t,
    [
      `${greeting}${envelope(0)}${granted}C...\n${envelope(1)}S: 250 done\nS: 250 ok\nS: 550 no\nS: 503 no\nC: RSET\n${envelope(2)}S: 250 reset\n${granted}C...\nS: 250 done`,
    ],
    3,
  )
  await rig.queue.settled(3)
  t.same(server.errors, [])
  t.same(fates(rig), [
    ['jo0', 'delivered'],
    ['jo1', 'failed'],
    ['jo2', 'delivered'],
  ])
})

for (const [how, ending] of [
  ['closes', 'BREAK'],
  ['says 421', 'S: 421 4.7.0 enough for one connection'],
] as const)
  t.test(`a server that ${how} after a mail: the next one is tried on a new connection at once`, async t => {
    const { server, rig } = await deliver(
      t,
      [`${greeting}${envelope(0)}${granted}C...\n${envelope(1)}S: 250 done\n${ending}`, greeting + whole(1)],
      2,
    )
    await rig.queue.settled(2)
    t.same(fates(rig), [
      ['jo0', 'delivered'],
      ['jo1', 'delivered'],
    ])
    t.equal(server.connections, 2)
    t.equal(rig.queue.settlements[1]!.job.attempts, 0)
  })

t.test(
  'a connection that breaks before the reply to the content defers that mail and not the next',
  async t => {
    const { rig } = await deliver(
      t,
      [`${greeting}${envelope(0)}${granted}C...\n${envelope(1)}BREAK`, greeting + whole(1)],
      2,
    )
    await rig.queue.settled(2)
    t.same(fates(rig), [
      ['jo0', 'deferred'],
      ['jo1', 'delivered'],
    ])
  },
)

t.test('the limit of messages per connection counts what was sent ahead', async t => {
  const pair = `${envelope(0)}${granted}C...\n`.replaceAll('jo0', '*')
  const { server, rig } = await deliver(
    t,
    [`${greeting}${pair}${pair.replace(/S: 250 ok/, 'S: 250 done\nS: 250 ok')}S: 250 done\nC: QUIT`],
    6,
    { messagesPerConnection: 2 },
  )
  await rig.queue.settled(6)
  t.same(server.errors, [])
  t.equal(server.connections, 3)
})

t.test('stop while an envelope is out: its mail is ended, the one behind it is not begun', async t => {
  const { server, rig } = await deliver(
    t,
    [
      `${greeting}${envelope(0)}${granted}C...\n${envelope(1)}S: 250 done\n${granted}C...\nS: 250 done\nC: QUIT`,
    ],
    3,
  )
  await rig.queue.settled(1)
  await rig.stop(5_000)
  t.same(server.errors, [])
  t.same(fates(rig).slice(0, 2), [
    ['jo0', 'delivered'],
    ['jo1', 'delivered'],
  ])
  t.match(rig.queue.waiting, [{ recipients: [{ address: 'jo2@example.com' }], attempts: 0 }])
})

t.test('a paused next hop gets back what was fetched early', async t => {
  const { rig } = await deliver(t, [`${greeting}${envelope(0)}BREAK`], 10)
  while (rig.queue.settlements.filter(({ settlement }) => settlement.countsAsAttempt).length < 5)
    await rig.queue.settled(rig.queue.settlements.length + 1)
  await rig.quiet()
  t.equal(rig.queue.waiting.length, 10)
  t.equal(rig.queue.waiting.filter(({ attempts }) => attempts === 0).length, 5)
})

t.test(
  'a server that loses what comes right behind a message gets it again, and no envelope ahead any more',
  async t => {
    const { server, rig } = await deliver(
      t,
      [
        `${greeting}${envelope(0)}${granted}C...\nS: 250 done\nSILENCE`,
        greeting + whole(1) + whole(2) + whole(3),
      ],
      4,
      { deadlines: { connect: 300, greeting: 300, command: 300, data: 5_000 } },
    )
    await rig.queue.settled(4)
    t.same(server.errors, [])
    t.ok(fates(rig).every(([, fate]) => fate === 'delivered'))
    t.ok(rig.queue.settlements.every(({ job }) => job.attempts === 0))
  },
)
