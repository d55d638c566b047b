/**
 * `npm run long:native:churn [-- MINUTES]`: workers come and go for two minutes, and the process must not grow.
 */
import { churn } from './churn.ts'

const until = performance.now() + Number(process.argv[2] ?? 2) * 60_000
const { workers, before, after } = await churn(() => performance.now() < until, 4)
console.log(`${workers} workers: from ${before.toFixed(0)} MB to ${after.toFixed(0)} MB`)
process.exitCode = after - before < 40 ? 0 : 1
