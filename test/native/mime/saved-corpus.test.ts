/**
 * The saved inputs of the fuzzer (`native/fuzz/corpus/mime`), without the fuzzer: each is scanned by every scanner, whole and
 * in the pieces that the harness makes, and all say the same. `npm run long:fuzz:mime` looks for more.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ScanLimits, Scanner } from '#scanner/scanner.ts'
import { difference } from '../../scanner/difference.ts'
import { availableEngines } from '../../scanner/engines.ts'

const folder = join(import.meta.dirname, '../../../native/fuzz/corpus/mime')
const small = { depth: 3, parts: 5, fields: 8, header: 300, links: 3, link: 40, kept: 500 }

/** In pieces of `first`, `first` + 1, … octets. */
function scan(scanner: Scanner, message: Buffer, first: number) {
  for (let at = 0, size = first; at < message.length; at += size, size += 1)
    scanner.write(message.subarray(at, at + size))
  return scanner.end()
}

t.test('what the fuzzer has saved is read the same by all, however it is cut', t => {
  const { engines } = availableEngines()
  const scannersWith = (limits: Partial<ScanLimits>) => engines.map(engine => engine.open({ limits }))
  const scanners = [scannersWith({}), scannersWith(small)]
  for (const name of readdirSync(folder)) {
    const input = readFileSync(join(folder, name))
    const message = input.subarray(2)
    const outputs = scanners[input[0]! % 2]!.flatMap(scanner => [
      scan(scanner, message, message.length + 1),
      scan(scanner, message, 1 + input[1]!),
    ])
    for (const output of outputs.slice(1)) t.equal(difference(outputs[0]!, output), undefined, name)
  }
  t.end()
})
