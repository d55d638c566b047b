/** `npm run long:fuzz:cf`: as many rule files as CF_SECONDS allow (60 when it is not set), each run with another seed. */
import fc from 'fast-check'
import { breachOf, ruleFile } from './rule-file.ts'

const end = performance.now() + Number(process.env.CF_SECONDS ?? 60) * 1_000
let files = 0
while (performance.now() < end) {
  fc.assert(
    fc.property(ruleFile, text => breachOf(text) === undefined),
    { numRuns: 500 },
  )
  files += 500
}
process.stdout.write(`${files.toLocaleString('en-US')} rule files without a breach\n`)
