/**
 * Workers come and go with the native scanner inside: no crash, and memory stays flat. The long run: `long:native:churn`.
 */
import t from 'tap'
import { churn } from './churn.ts'

t.test(
  'workers that leave, and workers that are ended in the middle of a message, take nothing with them',
  async t => {
    const { workers, before, after } = await churn(rounds => rounds < 5, 4)
    t.equal(workers, 40)
    // Heaps of workers come and go by some MB each; a leak of one scanner a worker would be more than this.
    t.ok(after - before < 40, `from ${before.toFixed(0)} MB to ${after.toFixed(0)} MB`)
  },
)
