/**
 * Real messages that other mail parsers stumbled over: every one ends in decoded parts or in a flag, whole or in pieces,
 * and the scanners agree on it.
 */
import t from 'tap'
import { partColumns, partKinds } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'
import { differingTables, scan } from '../difference.ts'
import { availableEngines } from '../engines.ts'
import { readMessage, unpackTorture } from './corpus.ts'

// Seconds of work, which a busy machine makes a minute.
t.setTimeout(120_000)

const { engines, absent } = availableEngines()
for (const sentence of absent) t.comment(sentence)

const unpacked = unpackTorture(t.testdir())
const messages = typeof unpacked === 'string' ? [] : unpacked
const skip = typeof unpacked === 'string' && unpacked
const nameOf = (path: string) => path.split('/').slice(-2).join('/')

/** Leaf parts that have a body, whose body decoded to nothing, and of which no flag says why. */
function lostParts({ parts, flags }: ScanOutput): number[] {
  const rows = [...Array(parts.length / partColumns.length).keys()]
  const cell = (row: number, name: (typeof partColumns)[number]) =>
    parts[row * partColumns.length + partColumns.indexOf(name)]!
  const isLeaf = (row: number) => !['multipart', 'message'].includes(partKinds[cell(row, 'kind')]!)
  return rows.filter(
    row =>
      isLeaf(row) &&
      // White space alone may decode to nothing.
      cell(row, 'bodyEnd') - cell(row, 'bodyStart') > 4 &&
      cell(row, 'decodedSize') === 0 &&
      !flags.some((part, index) => index % 3 === 1 && part === row),
  )
}

for (const engine of engines)
  t.test(`${engine.name}: every message of the corpus ends in decoded parts or a flag`, { skip }, async t => {
    const scanner = engine.open({})
    const lost = messages.flatMap(path => {
      const output = scan(scanner, readMessage(path))
      const rows = output.parts.length === 0 ? ['no part'] : lostParts(output).map(row => `part ${row}`)
      return rows.map(row => `${nameOf(path)}: ${row}`)
    })
    t.strictSame(lost, [])
  })

for (const engine of engines)
  t.test(`${engine.name}: every message of the corpus gives the same tables in pieces`, { skip }, async t => {
    const scanner = engine.open({})
    const different = messages.flatMap((path, index) => {
      const message = readMessage(path)
      // Lengths of pieces without a common rhythm; the smallest that is affordable for the size of the message.
      const step = Math.max(1, Math.floor(message.length / 500)) + (index % 3)
      const cuts = Array.from({ length: Math.floor(message.length / step) }, (_, cut) => cut * step)
      const tables = differingTables(scan(scanner, message), scan(scanner, message, cuts))
      return tables.length === 0 ? [] : `${nameOf(path)}: ${tables.join(', ')}`
    })
    t.strictSame(different, [])
  })

t.test(
  'the scanners agree on every message of the corpus',
  { skip: skip || (engines.length < 2 && 'there is one scanner only') },
  async t => {
    const [native, typescript] = engines.map(engine => engine.open({}))
    const different = messages.flatMap(path => {
      const message = readMessage(path)
      const tables = differingTables(scan(native!, message), scan(typescript!, message))
      return tables.length === 0 ? [] : `${nameOf(path)}: ${tables.join(', ')}`
    })
    t.strictSame(different, [])
  },
)
