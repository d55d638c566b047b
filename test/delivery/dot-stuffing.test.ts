import fc from 'fast-check'
import t from 'tap'
import { DotStuffing } from '#delivery/dot-stuffing.ts'

function stuffed(chunks: readonly Uint8Array[]): string {
  const stuffing = new DotStuffing()
  const pieces = chunks.map(chunk => Buffer.from(stuffing.stuff(chunk)))
  return Buffer.concat([...pieces, stuffing.end()]).toString('latin1')
}

/** What a server does with it, by the letter of RFC 5321 §4.5.2: lines end with CRLF and nothing else. */
function received(wire: string): string {
  const end = wire.startsWith('.\r\n') ? 0 : wire.indexOf('\r\n.\r\n') + 2
  if (end !== wire.length - 3) throw new Error('the end of data is not the end')
  return wire
    .slice(0, end)
    .split('\r\n')
    .map(line => (line.startsWith('.') ? line.slice(1) : line))
    .join('\r\n')
}

t.test('what looks like an end of data and is none', t => {
  for (const [content, wire] of [
    ['', '.\r\n'],
    ['.', '..\r\n.\r\n'],
    ['.\r\n', '..\r\n.\r\n'],
    ['a\r\n.\r\n', 'a\r\n..\r\n.\r\n'],
    ['a\r\n.\r\n.\r\n', 'a\r\n..\r\n..\r\n.\r\n'],
    ['a\r\n..', 'a\r\n...\r\n.\r\n'],
    ['a', 'a\r\n.\r\n'],
    ['a\r\n', 'a\r\n.\r\n'],
    ['a\n.\r\n', 'a\n.\r\n.\r\n'],
  ] as const)
    t.equal(stuffed([Buffer.from(content)]), wire, JSON.stringify(content))
  t.end()
})

t.test('a chunk without a dot at a line start is not copied', t => {
  const chunk = Buffer.from('a.b\r\nc\r\n')
  t.equal(Buffer.from(new DotStuffing().stuff(chunk)).buffer, chunk.buffer)
  t.end()
})

t.test('however it is cut, the server reads what was written', t => {
  const part = fc.constantFrom('\r', '\n', '.', '\r\n', '\r\n.', '\r\n.\r\n', 'a', '..', '')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.array(fc.nat(60), { maxLength: 8 }), (parts, cuts) => {
      const content = Buffer.from(parts.join(''))
      const places = [0, ...cuts.map(cut => Math.min(cut, content.length)), content.length].sort(
        (a, b) => a - b,
      )
      const chunks = places.slice(1).map((place, index) => content.subarray(places[index], place))
      const wire = stuffed(chunks)
      const text = content.toString('latin1')
      const lineEnded = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`
      return wire === stuffed([content]) && received(wire) === lineEnded
    }),
    { numRuns: 2_000 },
  )
  t.end()
})
