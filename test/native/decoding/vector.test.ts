/** What the processor does in blocks against the same octet by octet. */
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { loadComponents } from '../../scanner/components.ts'

interface Components {
  readonly hasAvx2: boolean
  base64Bulk(octets: Buffer, room: number, vector: boolean): { read: number; octets: Buffer }
  searchOctets(
    octets: Buffer,
    vector: boolean,
  ): { ascii: number; copied: Buffer; line: number; valid: number; cut: number }
}

const loaded = loadComponents()
const native = loaded as unknown as Components
const skip =
  typeof loaded === 'string' ? loaded : native.hasAvx2 ? false : 'this processor has no AVX2 to compare'

const runs = { numRuns: 2_000 }

/** Mostly of `common`, so that blocks are full of it, with others between. */
function mostly(common: string): fc.Arbitrary<Buffer> {
  const run = fc.tuple(fc.constantFrom(...common), fc.nat(70)).map(([c, size]) => c.repeat(size))
  const other = fc.nat(255).map(octet => String.fromCharCode(octet))
  return fc
    .array(fc.oneof(run, run, other), { maxLength: 12 })
    .map(parts => Buffer.from(parts.join(''), 'latin1'))
}

t.test(
  'base64 in blocks is base64 one by one, and knows each octet that is no part of it',
  { skip },
  async t => {
    for (let octet = 0; octet < 256; octet++) {
      for (let place = 0; place < 32; place++) {
        const text = Buffer.alloc(64, 'QUJD')
        text[place] = octet
        const vector = native.base64Bulk(text, 1_000, true)
        // Both stop in front of the same group; white space in front of a group is passed by both.
        deepStrictEqual(vector, native.base64Bulk(text, 1_000, false), `${octet} at ${place}`)
      }
    }
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    t.ok(native.base64Bulk(Buffer.from(alphabet), 1_000, true).octets.equals(Buffer.from(alphabet, 'base64')))
    fc.assert(
      fc.property(mostly('QUJD+/'), fc.nat(300), (text, room) => {
        for (const vector of [true, false]) {
          const { read, octets } = native.base64Bulk(text, room, vector)
          const clean = text.subarray(0, read).toString('latin1')
          t.ok(octets.length <= room && /^[A-Za-z0-9+/\s]*$/.test(clean))
          deepStrictEqual(octets, Buffer.from(clean, 'base64'))
        }
      }),
      runs,
    )
  },
)

t.test('searches in blocks find what searches one by one find', { skip }, async t => {
  fc.assert(
    fc.property(mostly('ab =\n\u0080'), text => {
      deepStrictEqual(native.searchOctets(text, true), native.searchOctets(text, false))
      const { ascii, copied, line } = native.searchOctets(text, true)
      const first = (what: RegExp): number => `${text.toString('latin1')}\n`.search(what)
      deepStrictEqual(ascii, Math.min(text.length, first(/[\x80-\xff]|\n$/)))
      deepStrictEqual(copied, text.subarray(0, first(/[=\n]/)))
      const begin = text.indexOf('\nb')
      deepStrictEqual(line, begin < 0 ? text.length : begin + 1)
    }),
    runs,
  )
  t.pass()
})

t.test('the longest beginning that is UTF-8 ends where a character ends or is cut', { skip }, async t => {
  const parts = ['a', 'ä', '€', '😀', 'a'.repeat(40), 'я'.repeat(40)].map(text => Buffer.from(text))
  const part = fc.oneof(
    fc.constantFrom(...parts),
    fc.uint8Array({ maxLength: 2 }).map(octets => Buffer.from(octets)),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), list => {
      const text = Buffer.concat(list)
      const { valid, cut } = native.searchOctets(text, true)
      const whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      deepStrictEqual(Buffer.from(whole.decode(text.subarray(0, valid))), text.subarray(0, valid))
      // One character more is an error, or the text is at its end.
      const rest = text.subarray(valid)
      if (cut > 0) deepStrictEqual(cut, rest.length)
      else if (rest.length > 0) deepStrictEqual(rest.toString().codePointAt(0), 0xfffd)
    }),
    runs,
  )
  t.pass()
})
