/**
 * Work that backtracks ends when its time is over, and work after it is as free as before.
 */
import t from 'tap'
import { createInterruptible } from '#scanner/patterns/interruptible.ts'

t.test('a RegExp that would take for ever is ended, and what comes next is not', async t => {
  const interruptible = createInterruptible()
  t.notOk(interruptible(() => void /^(a+)+$/.test(`${'a'.repeat(60)}!`), 20))
  let done = 0
  t.ok(interruptible(() => void done++, 20_000))
  t.equal(done, 1)
})

t.test('what the work throws reaches the caller, and each call does the work it was given', async t => {
  const [one, other] = [createInterruptible(), createInterruptible()]
  const fail = () => {
    throw new RangeError('of the work')
  }
  t.throws(() => one(fail, 20_000), { message: 'of the work' })
  const seen: string[] = []
  one(() => void other(() => void seen.push('inner'), 20_000), 20_000)
  t.strictSame(seen, ['inner'])
})
