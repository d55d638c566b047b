/** Promise 10 with real processes: SIGKILL, and a disk that forgets what was not synced. More of it: npm run long:crash. */
import t from 'tap'
import { buildPowerCut, killOnce } from './processes.ts'

const rounds = Number(process.env.CRASH_ROUNDS ?? 6)
// A round takes about half a second; tap would end the whole process after 30.
t.setTimeout(60_000 + rounds * 3_000)

t.test('a process killed at any moment, on a disk that forgets, loses no acknowledged message', async t => {
  const library = buildPowerCut(t)
  let accepted = 0
  for (let round = 0; round < rounds; round += 2) {
    const outcomes = await Promise.all(
      [round, round + 1].map(seed => killOnce(library, 'on', seed, 1 + ((seed * 7_919) % 997))),
    )
    for (const outcome of outcomes) {
      accepted += outcome.accepted
      t.same(
        outcome.faults,
        [],
        `round ${round}: ${outcome.accepted} acknowledged, ${outcome.recovered} found`,
      )
    }
  }
  t.comment(`${accepted} acknowledged messages`)
})

t.test('the same check finds the loss when nothing is synced', async t => {
  const outcome = await killOnce(buildPowerCut(t), 'off', 2, 200)
  t.ok(outcome.faults.length > 0, `${outcome.faults.length} of ${outcome.accepted} lost`)
})
