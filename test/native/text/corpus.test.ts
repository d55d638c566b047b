/** The saved inputs of the harness native/fuzz/html.cc, read by both readers and in pieces. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Kind, read, readNative } from '../../scanner/typescript/text/reading.ts'

const folder = join(import.meta.dirname, '../../../native/fuzz/corpus/html')
const skip = typeof readNative === 'string' ? readNative : false

t.test('what the harness has saved is read the same by both, and in pieces', { skip }, async t => {
  if (typeof readNative === 'string') return
  for (const name of readdirSync(folder)) {
    const [choice, step, ...octets] = readFileSync(join(folder, name))
    const kind: Kind = (choice! & 1) === 0 ? 'html' : 'plain'
    const linkLimit = (choice! & 2) === 0 ? 4_096 : 16
    const text = Buffer.from(octets).toString()
    const pieces = Math.ceil(octets.length / (1 + (step! % 64)))
    const cuts = Array.from({ length: pieces }, (_, i) => i / pieces)
    const whole = read(kind, text, { linkLimit })
    t.same(readNative(kind, text, { linkLimit }), whole, name)
    t.same(readNative(kind, text, { linkLimit, cuts }), whole, `${name} in pieces`)
    t.same(read(kind, text, { linkLimit, cuts }), whole, `${name} in pieces, TypeScript`)
  }
})
