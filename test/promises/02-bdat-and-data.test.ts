/**
 * Promise 2: BDAT and DATA cannot be mixed into a confusion. Any order of BDAT, DATA, RSET, EHLO, oversize, broken content
 * and aborts: no crash, one answer per command, every octet of a chunk consumed (Exim CVE-2017-16943, CVE-2017-16944).
 *
 * A model that knows only the rules of RFC 5321 and RFC 3030 says what each command must be answered.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { cut } from '../session/chunking.ts'
import { bodyOf, settingsOf, talk, turn, world } from '../session/fakes.ts'

const messageSize = 60

interface Model {
  greeted: boolean
  transaction: { recipients: number; content: string | undefined; failed: boolean } | undefined
  stored: string[]
}

interface Step {
  readonly wire: string
  /** What the client sends once it was answered 354. */
  readonly content?: string
  /** Beginnings of the codes of the answers, in order. */
  answer(model: Model): string[]
}

const command = (wire: string, answer: Step['answer']): Step => ({ wire: `${wire}\r\n`, answer })

const ehlo = command('EHLO client.example', model => {
  model.greeted = true
  model.transaction = undefined
  return ['250']
})

const rset = command('RSET', model => {
  model.transaction = undefined
  return ['250']
})

const mail = command('MAIL FROM:<ann@client.example>', model => {
  if (!model.greeted || model.transaction !== undefined) return ['503']
  model.transaction = { recipients: 0, content: undefined, failed: false }
  return ['250']
})

const rcpt = command('RCPT TO:<bob@example.test>', ({ greeted, transaction }) => {
  if (!greeted || transaction === undefined || transaction.content !== undefined) return ['503']
  transaction.recipients = 1
  return ['250']
})

const wrong = (content: string): boolean =>
  content.length > messageSize || /\0|\r(?!\n)|(?<!\r)\n/.test(content)

/** `content` ends with CRLF or is empty. */
const data = (content: string): Step => ({
  wire: 'DATA\r\n',
  content: `${content.replace(/(^|\r\n)\./g, '$1..')}.\r\n`,
  answer(model) {
    const { transaction } = model
    if (!model.greeted || transaction === undefined) return ['503']
    if (transaction.recipients === 0) return ['554']
    if (transaction.content !== undefined) {
      transaction.failed = true
      return ['503']
    }
    model.transaction = undefined
    if (wrong(content)) return ['354', '55']
    model.stored.push(content)
    return ['354', '250']
  },
})

/** DATA, with which the message goes on, cannot end within a line. */
const closed = (content: string): string =>
  content === '' || content.endsWith('\r\n') ? content : `${content}\r\n`

const bdat = (content: string, last: boolean): Step => ({
  wire: `BDAT ${content.length}${last ? ' LAST' : ''}\r\n${content}`,
  answer(model) {
    const { transaction } = model
    if (!model.greeted || transaction === undefined) return ['503']
    if (transaction.recipients === 0) return ['554']
    if (transaction.failed) {
      if (last) model.transaction = undefined
      return ['503']
    }
    transaction.content = (transaction.content ?? '') + content
    // A CR at the end of a chunk may still find its LF in the next one.
    const soFar = last ? transaction.content : transaction.content.replace(/\r$/, '')
    if (wrong(soFar)) {
      transaction.failed = true
      if (last) model.transaction = undefined
      return ['55']
    }
    if (!last) return ['250']
    model.stored.push(closed(transaction.content))
    model.transaction = undefined
    return ['250']
  },
})

const text = fc
  .array(
    fc.constantFrom('a', 'bc\r\n', '\r\n.\r\n', 'QUIT\r\n', '\r', '\n', '\0', 'MAIL FROM:<x@y.example>\r\n'),
    {
      maxLength: 5,
    },
  )
  .map(parts => parts.join(''))

const lines = fc
  .array(fc.constantFrom('a\r\n', '..\r\n', 'b\nc\r\n', 'QUIT\r\n', `${'x'.repeat(70)}\r\n`), {
    maxLength: 4,
  })
  .map(parts => parts.join(''))

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(ehlo) },
  { weight: 2, arbitrary: fc.constant(rset) },
  { weight: 4, arbitrary: fc.constant(mail) },
  { weight: 4, arbitrary: fc.constant(rcpt) },
  { weight: 3, arbitrary: lines.map(data) },
  { weight: 6, arbitrary: fc.tuple(text, fc.boolean()).map(([content, last]) => bdat(content, last)) },
)

const codesOf = (answers: string): string[] => answers.match(/^\d{3}(?= )/gm) ?? []

async function run(script: readonly Step[], at: readonly number[]): Promise<void> {
  const limits = { errorsPerSession: 1_000_000, tarpitAfterErrors: 1_000_000 }
  const it = talk(world({ ...settingsOf({ limits }), messageSize }))
  const model: Model = { greeted: false, transaction: undefined, stored: [] }
  it.transport.taken()
  for (const step of script) {
    const expected = step.answer(model)
    const wires = expected[0] === '354' ? [step.wire, step.content!] : [step.wire]
    for (const wire of wires) for (const chunk of cut(wire, at)) it.session.receive(chunk)
    await turn()
    const codes = codesOf(it.transport.taken())
    const shown = `${JSON.stringify(step.wire)} is answered ${codes} instead of ${expected}`
    assert.equal(codes.length, expected.length, shown)
    for (const [position, code] of codes.entries()) assert.ok(code.startsWith(expected[position]!), shown)
  }
  assert.deepEqual(it.intake.stored.map(bodyOf), model.stored)
  assert.equal(it.complaints.length, 0)
  it.session.closed()
  assert.equal(it.intake.open_.size, 0, 'content that nobody owns is left open')
}

t.test(
  'any order of commands and chunks is answered as the model says, and nothing is left open',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { maxLength: 25 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
        run,
      ),
      { numRuns: 600 },
    )
  },
)

t.test('a chunk that is cut off by the end of the connection is forgotten', async t => {
  const it = talk()
  await it.say(
    'EHLO c\r\nMAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nBDAT 100 LAST\r\nabc',
  )
  it.session.ended()
  t.equal(it.transport.ended, true)
  it.session.closed()
  t.equal(it.intake.stored.length, 0)
  t.equal(it.intake.open_.size, 0)
  t.match(it.events.at(-1), { event: 'disconnected', messages: 0 })
})

t.test('the size of a chunk is decimal digits and nothing else', async t => {
  for (const size of [
    '',
    '-1',
    '+1',
    '1e3',
    '0x10',
    '1.0',
    '1 LASTLY',
    '1 LAST 2',
    ' 1',
    '1  LAST',
    '9'.repeat(16),
  ]) {
    const it = talk()
    const answers = await it.say(
      `EHLO c\r\nMAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@example.test>\r\nBDAT ${size}\r\nQUIT\r\n`,
    )
    t.match(answers, /\r\n501 5\.5\.4 [^\n]*closing connection\r\n$/, JSON.stringify(size))
    t.ok(it.transport.ended)
  }
})
