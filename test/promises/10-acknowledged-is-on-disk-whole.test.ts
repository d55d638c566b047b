/**
 * Promise 10, the whole product: mail in over SMTP, SIGKILL and power cuts at any moment, mail out over SMTP.
 *
 * CRASH_SEED repeats a campaign (its mails and its moments; not what the scheduler of the machine made of them), CRASH_KILLS sets
 * its length. Several hundred kills: npm run long:crash.
 */
import t from 'tap'
import { buildPowerCut } from '../crash/processes.ts'
import { campaign, sentenceOf } from '../crash/whole/campaign.ts'

const kills = Number(process.env.CRASH_KILLS ?? 15)
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
// A slow machine makes fewer kills, not a longer test.
const budget = process.env.CRASH_KILLS === undefined ? 20_000 : undefined

t.test('a gateway killed at any moment loses nothing that it acknowledged', { timeout: 600_000 }, async t => {
  t.comment(`CRASH_SEED=${seed}`)
  const report = await campaign(t, {
    library: buildPowerCut(t),
    kills,
    seed,
    sync: 'on',
    ...(budget !== undefined && { budget }),
    say: line => t.comment(line),
  })
  t.comment(`${report.kills} kills, ${report.killsAtStart} of them at the start: ${sentenceOf(report)}`)
  t.same(report.lost, [])
  t.same(report.faults, [])
  t.ok(report.acknowledged > 0)
})

t.test('what is captured has left the queue only when it is on disk itself', async t => {
  const report = await campaign(t, {
    library: buildPowerCut(t),
    kills: 2,
    seed,
    sync: 'on',
    nextHop: 'capture',
  })
  t.comment(sentenceOf(report))
  t.same(report.lost, [])
  t.same(report.faults, [])
})

t.test('the same campaign on a disk that ignores every sync is found out', async t => {
  const report = await campaign(t, { library: buildPowerCut(t), kills: 1, seed, sync: 'off' })
  t.ok(report.lost.length > 0, sentenceOf(report))
})
