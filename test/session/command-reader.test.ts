import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CommandReader } from '#session/command-reader.ts'
import { awkwardText, cut, cuts, everyPair, perOctet } from './chunking.ts'

/** Lines as they are, faults as `!` and their reason. */
function read(chunks: readonly Buffer[], long = false): string[] {
  const reader = new CommandReader()
  const found: string[] = []
  for (const chunk of chunks)
    for (let at = 0; at < chunk.length; ) {
      at = reader.read(chunk, at, long)
      if (reader.fault !== undefined) found.push(`!${reader.fault.reason}`)
      if (reader.line !== undefined) found.push(reader.line)
    }
  return found
}

const of = (text: string, long = false): string[] => read([Buffer.from(text, 'latin1')], long)

t.test('a line ends with CRLF, and a wrong line is skipped to its CRLF with one fault', async t => {
  const rows: [text: string, expected: string[]][] = [
    ['NOOP\r\nQUIT\r\n', ['NOOP', 'QUIT']],
    ['NOOP  \r\n', ['NOOP']],
    ['\r\n', ['']],
    ['NOOP', []],
    // What follows a bare LF belongs to the same wrong line: a hidden command is never run.
    ['NOOP\nMAIL FROM:<a@b>\r\nQUIT\r\n', ['!command-syntax', 'QUIT']],
    ['NOOP\n\r\nQUIT\r\n', ['!command-syntax', 'QUIT']],
    ['NOOP\rQUIT\r\nRSET\r\n', ['!command-syntax', 'RSET']],
    ['NOOP\0\r\nRSET\r\n', ['!command-syntax', 'RSET']],
    ['NOOP\tx\r\n', ['!command-syntax']],
    // UTF-8 is text, anything else is not.
    ['VRFY \xc3\xa9\r\n', ['VRFY é']],
    ['VRFY \xe9\r\n', ['!command-syntax']],
    ['VRFY \xc0\x8d\r\n', ['!command-syntax']],
  ]
  for (const [text, expected] of rows) {
    t.strictSame(of(text), expected, JSON.stringify(text))
    t.strictSame(read(perOctet(text)), expected, 'octet by octet')
  }
})

t.test('a line is bounded, that of AUTH more generously', async t => {
  const line = (length: number, start = 'NOOP '): string => `${start.padEnd(length - 2, 'x')}\r\n`
  for (const [text, long, fits] of [
    [line(2_048), false, true],
    [line(2_049), false, false],
    [line(12_288, 'auth '), false, true],
    [line(12_289, 'auth '), false, false],
    [line(12_288), true, true],
    [line(12_289), true, false],
  ] as const) {
    const expected = fits ? 1 : '!command-too-long'
    const shown = (found: string[]): number | string | undefined => (fits ? found.length : found[0])
    t.equal(shown(of(text, long)), expected, `${text.length} octets`)
    t.strictSame(read(perOctet(text), long), of(text, long), 'octet by octet')
  }
})

t.test('what never ends is not kept', async t => {
  const reader = new CommandReader()
  let faults = 0
  for (let count = 0; count < 1_000; count++) {
    reader.read(Buffer.alloc(65_536, 'x'), 0, false)
    if (reader.fault !== undefined) faults++
  }
  t.equal(faults, 1)
})

t.test('the lines do not depend on how the octets are cut', async () => {
  fc.assert(
    fc.property(awkwardText(20), cuts, (text, at) => {
      assert.deepEqual(read(cut(text, at)), of(text))
      assert.deepEqual(read(perOctet(text)), of(text))
      for (const pair of everyPair(text)) assert.deepEqual(read(pair), of(text))
    }),
    { numRuns: 800 },
  )
})
