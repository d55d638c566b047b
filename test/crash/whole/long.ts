/**
 * Several hundred kills of a whole gateway: npm run long:crash:whole -- [--kills 300] [--seconds 540] [--seed NUMBER].
 *
 * Prints what it found, campaign by campaign; ends with 1 when anything was lost. A campaign has a fresh data directory
 * and a seed of its own, which repeats it: --kills 25 --seed THAT.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compilePowerCut } from '../processes.ts'
import { campaign, sentenceOf } from './campaign.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '540' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const [kills, seconds, firstSeed] = [values.kills, values.seconds, values.seed].map(Number) as [
  number,
  number,
  number,
]
const killsPerCampaign = 25
const began = performance.now()
const left = () => seconds * 1_000 - (performance.now() - began)
const say = (line: string) => void process.stdout.write(`${line}\n`)

const ends: (() => unknown)[] = []
const owner = { teardown: (end: () => unknown) => void ends.push(end) }
const directory = mkdtempSync(join(tmpdir(), 'sluice-power-cut-'))
const library = compilePowerCut(directory)
let [done, acknowledged] = [0, 0]
for (let number = 0; done < kills && left() > 0; number++) {
  const seed = firstSeed + number
  const nextHop = number % 4 === 3 ? 'capture' : 'smtp'
  const options = { library, kills: Math.min(killsPerCampaign, kills - done), seed, nextHop } as const
  const report = await campaign(owner, { ...options, sync: 'on', budget: left() })
  for (const end of ends.splice(0).reverse()) await end()
  done += report.kills
  acknowledged += report.acknowledged
  say(
    `seed ${seed}, ${nextHop}: ${report.kills} kills, ${report.killsAtStart} at the start; ${sentenceOf(report)}`,
  )
  if (report.lost.length + report.faults.length === 0) continue
  for (const id of report.lost.slice(0, 20)) say(`  lost: ${id}`)
  for (const fault of report.faults.slice(0, 20)) say(`  ${fault}`)
  process.exitCode = 1
  break
}
rmSync(directory, { recursive: true, force: true })
say(`${done} kills, ${acknowledged} acknowledged messages`)
