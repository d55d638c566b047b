/**
 * The journal of reports on disk: one file a month, only ever appended to.
 *
 * Promises: on disk when `append` resolves; a crash costs at most the report that was being written, and the next one is
 * found behind it. Bounded: a reporter may add `mostOfDay` a day, a month takes `largestMonth` octets, and months older than
 * `oldest` are removed as whole files, so that no file is ever rewritten and two processes may append at a time.
 * Leaves out: what follows from the reports (`correction.ts`).
 */
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeReports, encodeReport, type ReportsRead } from '#content/spam/learning/record.ts'
import { administrator, type Report } from '#content/spam/learning/report.ts'

export const mostOfDay = 200
const largestMonth = 64 * 2 ** 20
/** Of the administrator: he may teach from folders. */
const mostOfAdministrator = 10_000
const dayLength = 86_400_000
export const oldest = 180 * dayLength

export type Appended =
  | { readonly kind: 'kept'; readonly reports: number }
  /** `reason`: a sentence without its full stop. */
  | { readonly kind: 'refused'; readonly reason: string }

export interface Journal {
  /** All of them, or none. */
  append(reports: readonly Report[]): Promise<Appended>
  /** In the order of their time. */
  read(): Promise<ReportsRead>
}

export const openJournal = (folder: string, now: () => number): Journal => ({
  async append(reports) {
    const { reports: before } = await readAll(folder, now())
    const reason = refusal(before, reports, now())
    if (reason !== undefined) return { kind: 'refused', reason }
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, monthOf(now()))
    const octets = Buffer.concat(reports.map(encodeReport))
    if (!(await appendSynced(path, octets)))
      return { kind: 'refused', reason: 'the reports of this month take all the room that there is for them' }
    await syncFolder(folder)
    await removeOld(folder, now())
    return { kind: 'kept', reports: reports.length }
  },
  read: () => readAll(folder, now()),
})

const suffix = '.reports'
const monthOf = (time: number): string => `${new Date(time).toISOString().slice(0, 7)}${suffix}`

async function monthsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter(name => /^\d{4}-\d{2}\.reports$/.test(name)).sort()
}

async function readAll(folder: string, now: number): Promise<ReportsRead> {
  const reports: Report[] = []
  let lost = 0
  for (const month of await monthsIn(folder)) {
    const read = decodeReports(await readFile(join(folder, month)))
    lost += read.lost
    for (const report of read.reports) if (report.at > now - oldest) reports.push(report)
  }
  return { reports: reports.sort((one, other) => one.at - other.at), lost }
}

/** Who sends reports by the thousand is no reader any more. */
function refusal(before: readonly Report[], more: readonly Report[], now: number): string | undefined {
  const counts = new Map<string, number>()
  for (const { reporter, at } of [...before, ...more])
    if (at > now - dayLength) counts.set(reporter, (counts.get(reporter) ?? 0) + 1)
  for (const { reporter } of more) {
    const most = reporter === administrator ? mostOfAdministrator : mostOfDay
    if (counts.get(reporter)! > most)
      return `${reporter || 'the administrator'} has reported more than ${most} messages within a day`
  }
  return undefined
}

/** In one write, so that two processes do not mix their records. False when there is no room. */
async function appendSynced(path: string, octets: Buffer): Promise<boolean> {
  const file = await open(path, 'a', 0o600)
  try {
    if ((await file.stat()).size + octets.length > largestMonth) return false
    await file.appendFile(octets)
    await file.datasync()
    return true
  } finally {
    await file.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder)
  await directory.sync().finally(() => directory.close())
}

async function removeOld(folder: string, now: number): Promise<void> {
  const first = monthOf(now - oldest)
  for (const month of await monthsIn(folder))
    if (month < first) await rm(join(folder, month), { force: true })
}
