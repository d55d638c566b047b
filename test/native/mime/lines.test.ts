/**
 * The vectorised examination of lines finds what the plain one finds, and what the one in TypeScript finds.
 */
import fc from 'fast-check'
import t from 'tap'
import { none } from '#scanner/layout.ts'
import { defaultLimits } from '#scanner/scanner.ts'
import { Lines } from '#scanner/typescript/mime/lines.ts'
import { Tables } from '#scanner/typescript/mime/tables.ts'
import { loadComponents } from '../../scanner/components.ts'

/** Places where a line may be a delimiter, and flag numbers with their offsets. */
type Found = readonly [stops: readonly number[], flags: readonly number[]]

type Examine = (
  message: Uint8Array,
  piece: number,
  fast: boolean,
  dashes: boolean,
  eightBit: boolean,
) => Found

function examine(message: Uint8Array, size: number, dashes: boolean, eightBit: boolean): Found {
  const tables = new Tables(defaultLimits)
  const lines = new Lines(tables)
  tables.addPart(none, 0, 0)
  const stops: number[] = []
  for (let at = 0; at < message.length; ) {
    const piece = message.subarray(at, at + size - (at % size))
    const examined = lines.examine(piece, at, 0, { dashes, eightBit })
    at += examined
    if (examined < piece.length) stops.push(at)
  }
  lines.finish(message.length, 0)
  const flags = [...tables.finish().flags]
  return [stops, flags.filter((_, column) => column % 3 !== 1)]
}

/** Runs of ordinary octets around the blocks of 64, and what is odd between them. */
const message = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.nat(140).map(size => 'x'.repeat(size)) },
      { weight: 3, arbitrary: fc.constantFrom('\r\n', '\r\n--', '\r\n-') },
      fc.constantFrom('\r', '\n', '\0', '\xe4', '-', '\r\r\n', '\n\r', 'x'.repeat(998), 'x'.repeat(999)),
    ),
    { maxLength: 24 },
  )
  .map(pieces => Buffer.from(pieces.join(''), 'latin1'))

const components = loadComponents()

t.test(
  'three ways to examine lines find the same',
  { skip: typeof components === 'string' && components },
  t => {
    const { examineLines } = components as { examineLines: Examine }
    const property = fc.property(
      message,
      fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constant(100_000)),
      fc.boolean(),
      fc.boolean(),
      (message, size, dashes, eightBit) => {
        const plain = examine(message, size, dashes, eightBit)
        const results = [true, false].map(fast => examineLines(message, size, fast, dashes, eightBit))
        return results.every(found => JSON.stringify(found) === JSON.stringify(plain))
      },
    )
    t.doesNotThrow(() => fc.assert(property, { numRuns: 2_000 }))
    t.end()
  },
)
