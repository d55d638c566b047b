/**
 * Kills a whole gateway again and again, under load and on a disk that forgets what was not synced, and then counts.
 *
 * Each round starts on what the last one left, so that recovery is killed as well. Every other round is killed at a
 * random moment, the others by the disk itself before, after or in the middle of a step that makes something durable
 * (test/crash/power-cut.c). After some rounds the gateway is left in peace until its queue is empty; then the books are
 * closed.
 */
import { readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigurationInput } from '../../../src/config/schema.ts'
import { maildirFiles } from '../../peers/maildir.ts'
import type { Owner } from '../../peers/process.ts'
import { chances } from '../memory-disk.ts'
import { type Gateway, launch, type Place, preparePlace } from './gateway.ts'
import { Ledger, type Verdict } from './ledger.ts'
import { mailSource } from './mail.ts'
import { type NextHop, startNextHop } from './next-hop.ts'
import { startSenders } from './senders.ts'

export interface CampaignOptions {
  /** The library of power-cut.c. */
  readonly library: string
  readonly kills: number
  readonly seed: number
  /** `off`: the disk ignores every sync. The control. */
  readonly sync: 'on' | 'off'
  /** Where mail goes: to an SMTP server, or into the capture mailbox on the same disk. */
  readonly nextHop?: 'smtp' | 'capture'
  /** Kills between two looks at the books. */
  readonly closeEvery?: number
  /** Milliseconds after which no further round begins, but the first three. */
  readonly budget?: number
  readonly connections?: number
  readonly say?: (line: string) => void
}

export interface CampaignReport extends Verdict {
  readonly kills: number
  /** Of these: before the gateway was ready. */
  readonly killsAtStart: number
}

/** Small segments and little memory: rotation, compaction, large files and reading back happen all the time. */
const configuration: ConfigurationInput = {
  spool: { segmentSize: '1MiB', inlineSize: '32KiB', memory: '1MiB', minimumFree: '1MiB' },
  delivery: { retry: ['200ms', '1s'], concurrencyPerNextHop: 8 },
}

const patience = 2_500
const leastKills = 3

export async function campaign(owner: Owner, options: CampaignOptions): Promise<CampaignReport> {
  const { kills, seed, closeEvery = 10, budget = Number.POSITIVE_INFINITY, say = () => {} } = options
  const chance = chances(seed)
  const ledger = new Ledger()
  const hop = await startNextHop(owner, {
    deliver: (recipients, content) => ledger.deliver(recipients, content),
    defer: () => chance() < 0.03,
  })
  const nextHop = options.nextHop === 'capture' ? 'capture' : `127.0.0.1:${hop.port}`
  const place = await preparePlace(owner, { ...configuration, nextHop })
  const next = mailSource({ chance, prefix: `s${seed}` })
  const began = performance.now()
  let [done, killsAtStart, verdict] = [0, 0, undefined as Verdict | undefined]
  while (done < kills && (done < leastKills || performance.now() - began < budget)) {
    const round = { place, hop, ledger, next, chance, options, number: done }
    if ((await oneRound(round)) === 'at start') killsAtStart++
    if (++done % closeEvery === 0) verdict = add(verdict, await closeBooks(place, ledger, options))
    if (done % closeEvery === 0) say(`${done} kills: ${sentenceOf(verdict!)}`)
    if (options.sync === 'on' && verdict !== undefined && verdict.faults.length + verdict.lost.length > 0)
      break
  }
  if (done % closeEvery !== 0) verdict = add(verdict, await closeBooks(place, ledger, options))
  return { ...verdict!, kills: done, killsAtStart }
}

export const sentenceOf = (verdict: Verdict): string =>
  `${verdict.acknowledged} of ${verdict.sent} messages acknowledged, for ${verdict.recipients} recipients; ` +
  `${verdict.lost.length} lost, ${verdict.duplicates} delivered again, the oldest of them ${Math.round(verdict.window)} ms before its crash`

interface Round {
  readonly place: Place
  readonly hop: NextHop
  readonly ledger: Ledger
  readonly next: ReturnType<typeof mailSource>
  readonly chance: () => number
  readonly options: CampaignOptions
  readonly number: number
}

async function oneRound(round: Round): Promise<'at start' | 'under load'> {
  const { place, hop, ledger, next, chance, options } = round
  const steps = round.number % 2 === 1
  const gateway = await launch(place, environmentOf(round, steps))
  const end = await gateway.ready
  if (end !== 'ready') {
    await hop.quiet()
    ledger.crash()
    if (end !== 'SIGKILL') ledger.fault(`it did not start, ${end}: ${gateway.program.output()}`)
    return 'at start'
  }
  // Nothing of the control leaves before the kill, so that what is lost is lost for good.
  hop.mood = options.sync === 'on' ? 'accept' : 'later'
  const wanted = ledger.acknowledgedMore(options.sync === 'on' ? 1 + Math.floor(chance() ** 2 * 800) : 50)
  const pause = chance() * 30
  const { connections = 8 } = options
  const senders = startSenders({ port: place.port, connections, next, ledger })
  if (steps) await Promise.race([gateway.program.ended, after(patience)])
  else await Promise.race([wanted.then(() => after(pause)), senders.ended, after(patience)])
  const stopped = senders.stop()
  const killed = performance.now()
  await gateway.kill()
  await Promise.all([stopped, hop.quiet()])
  ledger.crash(killed)
  hop.mood = 'accept'
  const how = await gateway.program.ended
  if (how !== 'SIGKILL') ledger.fault(`it ended by itself with ${how}: ${gateway.program.output()}`)
  return 'under load'
}

const phases = ['before', 'torn', 'after'] as const

function environmentOf({ place, chance, options }: Round, steps: boolean): Record<string, string> {
  return {
    LD_PRELOAD: options.library,
    POWER_CUT_DIRECTORY: place.data,
    POWER_CUT_KEEP: String([0, 0, 40, 90][Math.floor(chance() * 4)]),
    ...(options.sync === 'off' && { POWER_CUT_IGNORE_SYNC: '1', POWER_CUT_KEEP: '0' }),
    ...(steps && {
      POWER_CUT_AT: String(1 + Math.floor(chance() ** 3 * 800)),
      POWER_CUT_PHASE: phases[Math.floor(chance() * 3)]!,
    }),
  }
}

async function closeBooks(place: Place, ledger: Ledger, { sync }: CampaignOptions): Promise<Verdict> {
  const gateway: Gateway = await launch(place)
  const end = await gateway.ready
  if (end !== 'ready') ledger.fault(`it did not start, ${end}: ${gateway.program.output()}`)
  else await gateway.empty()
  const errors = gateway.program.output()
  await gateway.program.stop()
  await collectCaptured(place, ledger)
  if (sync === 'on' && /"alarm":"corrupt/.test(errors)) ledger.fault(`damage was found: ${errors}`)
  return ledger.close()
}

/** What is in the mailbox now has survived; it is taken out. */
async function collectCaptured(place: Place, ledger: Ledger): Promise<void> {
  for (const file of await maildirFiles(join(place.data, 'capture'))) {
    const content = await readFile(file)
    const fields = content.toString('latin1', 0, content.indexOf('Received: '))
    ledger.deliver(
      [...fields.matchAll(/^Delivered-To: (.*)\r$/gm)].map(match => match[1]!),
      content,
    )
    await unlink(file)
  }
}

const add = (left: Verdict | undefined, right: Verdict): Verdict =>
  left === undefined
    ? right
    : {
        sent: left.sent + right.sent,
        acknowledged: left.acknowledged + right.acknowledged,
        recipients: left.recipients + right.recipients,
        duplicates: left.duplicates + right.duplicates,
        window: Math.max(left.window, right.window),
        lost: [...left.lost, ...right.lost],
        faults: [...left.faults, ...right.faults],
      }

const after = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))
