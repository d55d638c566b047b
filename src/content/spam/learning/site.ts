/**
 * Learning of a site, put together: what the command asks today, and the mailbox and buttons of the quarantine ask later.
 *
 * Promises: a report is on disk when `report` resolves, and changes nothing yet; `rebuild` makes the model from all of them.
 * Leaves out: telling apart who reports, and telling the engine.
 */
import { join } from 'node:path'
import { type Learned, learn } from '#content/spam/learning/batches.ts'
import { type Appended, type Journal, openJournal } from '#content/spam/learning/journal.ts'
import { type Report, type Reporter, reportOf, reportOptions } from '#content/spam/learning/report.ts'
import { type RolledBack, rollBack, writeSiteModel } from '#content/spam/learning/site-model.ts'
import type { Clock } from '#mail/clock.ts'
import type { EngineChoice } from '#scanner/engine.ts'
import type { FeatureVector } from '#scanner/features/collector.ts'
import { extractFeatures } from '#scanner/features/features.ts'
import { modelOf } from '#scanner/features/model.ts'
import type { ModelContent } from '#scanner/features/model-content.ts'
import { readModel } from '#scanner/features/model-file.ts'

export interface SiteLearning {
  report(reports: readonly Report[]): Promise<Appended>
  /** What would be learned now; nothing is written. */
  status(): Promise<Status | Refused>
  rebuild(): Promise<(Status & { readonly written: boolean }) | Refused>
  rollBack(): Promise<RolledBack>
}

export interface Status {
  readonly learned: Learned
  /** Octets of the journal that belong to no whole report. */
  readonly lost: number
}

/** A sentence. */
export interface Refused {
  readonly refusal: string
}

export interface SitePlaces {
  /** Of the data; see `modelFolder`. */
  readonly data: string
  /** The model that ships. */
  readonly model: string
}

export const modelFolder = (data: string): string => join(data, 'models')

export function openSiteLearning({ data, model }: SitePlaces, clock: Clock): SiteLearning {
  const journal = openJournal(join(data, 'learning'), clock.now)
  return {
    report: reports => journal.append(reports),
    status: () => statusOf(journal, model),
    async rebuild() {
      const status = await statusOf(journal, model)
      if ('refusal' in status) return status
      return { ...status, written: await writeSiteModel(modelFolder(data), status.base, status.learned) }
    },
    rollBack: () => rollBack(modelFolder(data)),
  }
}

async function statusOf(
  journal: Journal,
  path: string,
): Promise<(Status & { readonly base: ModelContent }) | Refused> {
  const read = await readModel(path)
  if ('refusal' in read) return { refusal: `There is no model to correct: ${path}. ${read.refusal}` }
  const { window, carried } = read.content.facts.options
  if (window !== reportOptions.window || carried !== reportOptions.carried)
    return { refusal: `${path} reads messages in another way than reports do, and cannot be corrected.` }
  const { reports, lost } = await journal.read()
  return { learned: learn(reports, modelOf(read.content)), lost, base: read.content }
}

/** Makes reports of messages as they came over the wire. */
export function createReader(choice: Exclude<EngineChoice, { kind: 'refused' }>) {
  const scanner = choice.engine.open({})
  const extractor = choice.kind === 'native' ? new choice.core.FeatureExtractor(reportOptions) : undefined
  return (message: Uint8Array, reporter: Reporter, spam: boolean, at: number): Report => {
    for (let start = 0; start < message.length; start += pieceSize)
      scanner.write(message.subarray(start, start + pieceSize))
    const output = scanner.end()
    const vector: FeatureVector = extractor?.extract(output) ?? extractFeatures(output, reportOptions)
    return reportOf(reporter, spam, vector, at)
  }
}

const pieceSize = 65_536
