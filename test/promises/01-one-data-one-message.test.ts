/**
 * Promise 1: one DATA, one message. Every way to write an end of data that is none, in every place of a message that
 * hides a second one, in both settings of a zone, however the octets are cut.
 */
import t from 'tap'
import { bodyOf, settingsOf, type Talk, talk, world } from '../session/fakes.ts'

const lineEnds = [
  '',
  '\r',
  '\n',
  '\r\n',
  '\r\r',
  '\n\n',
  '\0',
  '\r\n\r',
  '\n\r',
  '\r\0',
  '\0\n',
  '\r\n\0',
  '\r\0\n',
  '\r\r\n',
]
const dots = ['.', '..', '.\0', '\0.', '. ', '.\r']

/** Everything that could be taken for an end of data, but for the true one and what is the true one with a piece before it. */
const tricks = lineEnds.flatMap(before =>
  dots.flatMap(dot => lineEnds.map(after => `${before}${dot}${after}`)),
)

const hidden = 'MAIL FROM:<eve@evil.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\nhidden\r\n'
const beforeTrick = 'Subject: x\r\n\r\ntext'
const trueEnd = /\r\n\.\r\n/

/** What the client means, and what follows when the trick holds the true end of data: that is no trick. */
const messageWith = (trick: string): string => `${beforeTrick}${trick}${hidden}.\r\n`

async function conversation(lineEndings: 'refuse' | 'normalise'): Promise<Talk> {
  const settings = settingsOf({
    zones: { outside: { lineEndings } },
    limits: { errorsPerSession: 1_000_000, tarpitAfterErrors: 1_000_000 },
  })
  const it = talk(world(settings))
  await it.say('EHLO client.example\r\n')
  return it
}

const finals = (answers: string): string[] => answers.match(/^(?:250 2\.0\.0 Accepted|55\d ).*$/gm) ?? []

const cuts: readonly (readonly [name: string, cut: (octets: Buffer) => Buffer[]])[] = [
  ['in one chunk', octets => [octets]],
  ['octet by octet', octets => [...octets].map(octet => Buffer.from([octet]))],
  ['in chunks of random size', inRandomChunks],
  // The border in front of the dot, behind it, and around both: where a reader must remember what it saw.
  ...Array.from(
    { length: 8 },
    (_, offset) =>
      [`cut after octet ${offset} of the trick`, (octets: Buffer) => cutAt(octets, offset)] as const,
  ),
]

function cutAt(octets: Buffer, offset: number): Buffer[] {
  const at = beforeTrick.length + offset
  return [Buffer.from(octets.subarray(0, at)), Buffer.from(octets.subarray(at))]
}

/** Repeatable: the sizes follow from the octets. */
function inRandomChunks(octets: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  let seed = octets.length * 2_654_435_761
  for (let at = 0; at < octets.length; ) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    const size = 1 + (seed % 9)
    chunks.push(Buffer.from(octets.subarray(at, at + size)))
    at += size
  }
  return chunks
}

for (const lineEndings of ['refuse', 'normalise'] as const)
  for (const [name, cut] of cuts)
    t.test(`${tricks.length} tricks make one message each (${lineEndings}, ${name})`, async t => {
      const it = await conversation(lineEndings)
      const wrong: string[] = []
      for (const trick of tricks) {
        const text = messageWith(trick)
        if (trueEnd.test(`text${trick}M`)) continue
        const before = it.intake.stored.length
        const open = 'MAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n'
        await it.say(open)
        for (const chunk of cut(Buffer.from(text, 'latin1'))) it.session.receive(chunk)
        const answers = await it.say('RSET\r\n')
        const stored = it.intake.stored.slice(before)
        const acknowledged = finals(answers).filter(line => line.startsWith('250')).length
        if (finals(answers).length !== 1) wrong.push(`${JSON.stringify(trick)}: ${answers}`)
        if (acknowledged !== stored.length) wrong.push(`${JSON.stringify(trick)}: ${stored.length} stored`)
        for (const message of stored) {
          const body = bodyOf(message)
          if (/\0|\r(?!\n)|(?<!\r)\n/.test(body))
            wrong.push(`${JSON.stringify(trick)}: ${JSON.stringify(body)}`)
          if (!body.includes('hidden')) wrong.push(`${JSON.stringify(trick)}: the hidden part is not content`)
        }
        if (it.intake.open_.size > 0) wrong.push(`${JSON.stringify(trick)}: content left open`)
      }
      t.strictSame(wrong, [])
      if (lineEndings === 'normalise') t.ok(it.intake.stored.length > 500, 'normalised messages are stored')
      else t.ok(it.intake.stored.length > 0, 'what needs no trick is stored')
    })

t.test('the real end of data is still one', async t => {
  const it = await conversation('refuse')
  const answers = await it.say(
    `MAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\ntext\r\n.\r\n${hidden}.\r\n`,
  )
  t.equal(finals(answers).length, 2, 'pipelined messages are two')
  t.equal(it.intake.stored.length, 2)
})
