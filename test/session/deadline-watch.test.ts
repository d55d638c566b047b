import t from 'tap'
import { DeadlineWatch } from '#session/deadline-watch.ts'
import { StepClock } from '#session/step-clock.ts'
import { HandTimers } from './fakes.ts'

t.test('one timer serves all sessions, and none is left without them', async t => {
  const timers = new HandTimers()
  const watch = new DeadlineWatch(timers, 250)
  const seen: number[] = []
  const sessions = Array.from({ length: 100 }, () => ({ expire: (now: number) => void seen.push(now) }))
  for (const session of sessions) watch.add(session)
  t.equal(timers.pending, 1)
  timers.advance(500)
  t.equal(seen.length, 200)
  t.strictSame([...new Set(seen)], [250, 500])
  for (const session of sessions) watch.remove(session)
  timers.advance(250)
  t.equal(timers.pending, 0)
  watch.add(sessions[0]!)
  t.equal(timers.pending, 1, 'it begins again')
})

t.test('a session may leave while it is looked at', async t => {
  const timers = new HandTimers()
  const watch = new DeadlineWatch(timers)
  let looks = 0
  const session = {
    expire() {
      looks++
      watch.remove(session)
    },
  }
  watch.add(session)
  timers.advance(10_000)
  t.equal(looks, 1)
})

t.test('a message under way outlives the session, by its own deadline', async t => {
  const timers = new HandTimers()
  const clock = new StepClock(timers, { command: 10, message: 100, session: 50 })
  clock.command()
  t.equal(clock.overdue(9), undefined)
  t.equal(clock.overdue(10)?.reason, 'deadline-command')
  timers.advance(49)
  clock.message()
  t.equal(clock.overdue(51), undefined)
  timers.advance(50)
  clock.message()
  t.equal(clock.overdue(149)?.reason, 'deadline-message', 'the next chunk did not move it')
  clock.command()
  t.equal(clock.overdue(100)?.reason, 'deadline-session')
})
