import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { ContentChecker, type ContentLimits } from '#session/content-checker.ts'
import { LineNormaliser } from '#session/line-normaliser.ts'
import { awkwardText, Collector, cut, cuts, everyPair, perOctet } from './chunking.ts'

const limits: ContentLimits = { messageSize: 1_000, headerSize: 500, lineLength: 80, hops: 3 }

interface Outcome {
  readonly fault: string | undefined
  readonly offset: number | undefined
  readonly content: string
}

function check(chunks: readonly Buffer[], given: ContentLimits): Outcome {
  const sink = new Collector()
  const checker = new ContentChecker(given, sink)
  for (const chunk of chunks) checker.take(chunk)
  checker.finish()
  const { fault } = checker
  return { fault: fault?.name, offset: fault?.offset, content: fault === undefined ? sink.text : '' }
}

/** Octet by octet, without care for speed. */
function reference(text: string, { messageSize, headerSize, lineLength, hops }: ContentLimits): Outcome {
  const fault = (name: string, offset: number): Outcome => ({ fault: name, offset, content: '' })
  let lineStart = 0
  let inHeader = true
  let received = 0
  const bound = (count: number): Outcome | undefined => {
    const header = inHeader ? headerSize : Number.POSITIVE_INFINITY
    const first = Math.min(messageSize, header, lineStart + lineLength)
    if (count <= first) return undefined
    if (first === header) return fault('header-too-large', first)
    return first === messageSize && first !== lineStart + lineLength
      ? fault('message-too-large', first)
      : fault('line-too-long', first)
  }
  for (let at = 0; at < text.length; at++) {
    const before = bound(at)
    if (before !== undefined) return before
    if (text[at] === '\0') return fault('nul-octet', at)
    if (text[at] === '\n') return fault('bare-lf', at)
    if (text[at] !== '\r') {
      const now = bound(at + 1)
      if (now !== undefined) return now
      continue
    }
    if (text[at + 1] !== '\n') return fault('bare-cr', at)
    const line = text.slice(lineStart, at)
    if (inHeader) {
      inHeader = line !== ''
      if (/^received:/i.test(line) && ++received > hops) return fault('hops-exceeded', lineStart)
      if (at + 2 > headerSize) return fault('header-too-large', headerSize)
    }
    if (at + 2 > messageSize) return fault('message-too-large', messageSize)
    at++
    lineStart = at + 1
  }
  return { fault: undefined, offset: undefined, content: text }
}

const someLimits = fc.record({
  messageSize: fc.integer({ min: 1, max: 60 }),
  headerSize: fc.integer({ min: 1, max: 60 }),
  lineLength: fc.integer({ min: 1, max: 30 }),
  hops: fc.integer({ min: 0, max: 3 }),
})

t.test('the first fault is named, however the octets are cut', async () => {
  fc.assert(
    fc.property(awkwardText(20), cuts, fc.option(someLimits), (text, at, given) => {
      const whole = check([Buffer.from(text, 'latin1')], given ?? limits)
      assert.deepEqual(check(cut(text, at), given ?? limits), whole)
      assert.deepEqual(check(perOctet(text), given ?? limits), whole)
      for (const pair of everyPair(text)) assert.deepEqual(check(pair, given ?? limits), whole)
    }),
    { numRuns: 1_000 },
  )
})

t.test('the fault is the one that a look at each octet finds', async () => {
  fc.assert(
    fc.property(awkwardText(20), text => {
      assert.deepEqual(check([Buffer.from(text, 'latin1')], limits), reference(text, limits))
    }),
    { numRuns: 1_000 },
  )
})

t.test('each limit holds to the octet', async t => {
  const line = (length: number): string => `${'x'.repeat(length)}\r\n`
  const rows: [text: string, given: Partial<ContentLimits>, fault: string | undefined][] = [
    // The CRLF is not part of the line (RFC 5321 §4.5.3.1.6 counts it; our setting says that it does not).
    [line(80), {}, undefined],
    [line(81), {}, 'line-too-long'],
    ['x'.repeat(81), {}, 'line-too-long'],
    // The message counts with its line ends (RFC 1870 §5).
    [line(8), { messageSize: 10 }, undefined],
    [line(9), { messageSize: 10 }, 'message-too-large'],
    // The header counts with the empty line behind it.
    [`${line(6)}\r\nbody`, { headerSize: 10 }, undefined],
    [`${line(7)}\r\nbody`, { headerSize: 10 }, 'header-too-large'],
    ['Received: a\r\n'.repeat(3), {}, undefined],
    ['Received: a\r\n'.repeat(4), {}, 'hops-exceeded'],
    ['received:\r\n'.repeat(4), {}, 'hops-exceeded'],
    // Behind the header it is text.
    [`\r\n${'Received: a\r\n'.repeat(9)}`, {}, undefined],
  ]
  for (const [text, given, fault] of rows) {
    t.equal(
      check([Buffer.from(text)], { ...limits, ...given }).fault,
      fault,
      JSON.stringify(text.slice(0, 40)),
    )
    t.equal(check(perOctet(text), { ...limits, ...given }).fault, fault, 'octet by octet')
  }
})

t.test('normalised content has CR and LF in pairs, no NUL, and is otherwise what came', async () => {
  fc.assert(
    fc.property(awkwardText(20), cuts, (text, at) => {
      const normalise = (chunks: readonly Buffer[]): string => {
        const sink = new Collector()
        const normaliser = new LineNormaliser(sink)
        for (const chunk of chunks) normaliser.take(chunk)
        normaliser.finish()
        return sink.text
      }
      const expected = text
        .replace(/\r\n|\r|\n/g, '\n')
        .replaceAll('\n', '\r\n')
        .replaceAll('\0', '')
      assert.equal(normalise(cut(text, at)), expected)
      assert.equal(normalise(perOctet(text)), expected)
      for (const pair of everyPair(text)) assert.equal(normalise(pair), expected)
    }),
    { numRuns: 800 },
  )
})
