import t from 'tap'
import { createComplaints } from '../../src/mailstream/content-stage.ts'

t.test(
  'a scanner that fails for a thousand messages is told once, and how often, a minute later',
  async t => {
    const told: object[] = []
    let now = 0
    const complain = createComplaints({ error: (facts: object) => told.push(facts) }, () => now)
    const error = new Error('crashed')
    for (let message = 0; message < 1_000; message++) complain(error)
    t.strictSame(told, [{ err: error, untold: 0 }])
    now = 60_000
    complain(error)
    t.strictSame(told.slice(1), [{ err: error, untold: 999 }])
  },
)
