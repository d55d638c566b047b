import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { DataReader } from '#session/data-reader.ts'
import { awkwardText, Collector, cut, cuts, everyPair, perOctet } from './chunking.ts'

/** RFC 5321 §4.5.2 word for word, on the whole text at once. */
function reference(text: string): { content: string; rest: string } | undefined {
  let content = ''
  let at = 0
  while (at < text.length) {
    const atLine = at === 0 || text.slice(at - 2, at) === '\r\n'
    if (atLine && text.startsWith('.\r\n', at)) return { content, rest: text.slice(at + 3) }
    if (atLine && text[at] === '.') at++
    const next = text.indexOf('\r\n', at)
    const end = next < 0 ? text.length : next + 2
    content += text.slice(at, end)
    at = end
  }
  return undefined
}

function read(chunks: readonly Buffer[]): { content: string; rest: string } | undefined {
  const reader = new DataReader()
  const sink = new Collector()
  for (const [index, chunk] of chunks.entries()) {
    const end = reader.read(chunk, 0, sink)
    if (end >= 0) {
      const rest = Buffer.concat([chunk.subarray(end), ...chunks.slice(index + 1)])
      return { content: sink.text, rest: rest.toString('latin1') }
    }
  }
  return undefined
}

t.test('the end of data and the dots are those of the standard, however the octets are cut', async () => {
  fc.assert(
    fc.property(awkwardText(20), cuts, (text, at) => {
      const whole = `${text}\r\n.\r\nQUIT\r\n`
      assert.deepEqual(read(cut(whole, at)), reference(whole))
      assert.deepEqual(read(perOctet(whole)), reference(whole))
      for (const pair of everyPair(whole)) assert.deepEqual(read(pair), reference(whole))
    }),
    { numRuns: 800 },
  )
})

t.test('what looks almost like the end of data is content', async t => {
  const almost = [
    '\n.\n',
    '\n.\r\n',
    '\r\n.\n',
    '\r.\r',
    '\r\n.\r',
    '\r\n.\0\r\n',
    '\r\n.\r\r\n',
    '\n.\r\r\n',
    '\0\r\n\0.\r\n',
  ]
  for (const text of almost) {
    const whole = `a${text}b\r\n.\r\n`
    t.strictSame(read([Buffer.from(whole)])?.rest, '', JSON.stringify(text))
  }
})

t.test('a message without content ends at once', async t => {
  t.strictSame(read([Buffer.from('.\r\nQUIT')]), { content: '', rest: 'QUIT' })
})

t.test('a message of stuffed lines makes one piece per chunk', async t => {
  const chunk = Buffer.from('\r\n..'.repeat(10_000))
  const sink = new Collector()
  new DataReader().read(chunk, 0, sink)
  t.equal(sink.pieces, 1)
})
