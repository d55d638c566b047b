import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { ControlSearch } from '#session/control-search.ts'
import { anyText } from './chunking.ts'

const all = (octets: Uint8Array): number[] => {
  const search = new ControlSearch()
  search.begin(octets)
  const found: number[] = []
  for (let at = search.next(0); at < octets.length; at = search.next(at + 1)) found.push(at)
  return found
}

t.test('it finds every control up to CR and nothing else, however the octets lie in memory', async () => {
  const texts = fc.oneof(
    anyText(90),
    fc.constantFrom('\x0d', '\x0e', '\x80\x0d', '\x7f\xff\x0e\x0c').map(text => text.repeat(9)),
  )
  fc.assert(
    fc.property(texts, fc.nat({ max: 7 }), (text, shift) => {
      const memory = Buffer.alloc(text.length + shift, 1)
      memory.write(text, shift, 'latin1')
      const octets = memory.subarray(shift)
      assert.deepEqual(
        all(octets),
        [...octets.keys()].filter(at => octets[at]! <= 13),
      )
    }),
    { numRuns: 3_000 },
  )
})

t.test('each octet is seen for what it is, alone and among others', async t => {
  for (let octet = 0; octet < 256; octet++)
    for (let position = 0; position < 40; position++) {
      const octets = new Uint8Array(40).fill(0x80)
      octets[position] = octet
      assert.deepEqual(all(octets), octet <= 13 ? [position] : [], `${octet} at ${position}`)
    }
  t.pass()
})
