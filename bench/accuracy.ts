/**
 * The anti-spam filter against bogofilter, SpamAssassin and rspamd: all learn from the same mail and are measured on the same
 * mail, of senders, lists and archives that they have not learned from (`accuracy/split.ts`), without a network.
 *
 * - `recall`: share of spam that is flagged at a threshold that flags no more than 0.1 and 0.5 % of ham. Every mail is
 *   measured once, and one threshold serves all folds, as an administrator has one for all models he will ever load. `modern`: both
 *   kinds from 2019 on, with the threshold that their ham asks for. `recallOfFolds` is the mean of the folds, each with its own threshold.
 * - `subsets`: share of each archive that is flagged at the 0.5 % threshold.
 * - `obfuscated`: the same of a copy of the spam whose words are hidden (`accuracy/obfuscation.ts`), at the same thresholds.
 * - `carried`: share of honest mail that is flagged because it carries spam (`accuracy/carriers.ts`), at the same thresholds.
 * - `cpuSecondsPer1000`: user and system time for 1,000 mails that are learned from, or scored.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { bogofilter } from './accuracy/bogofilter.ts'
import { type Contestant, columns, type Taught } from './accuracy/contestant.ts'
import { type Copies, writeCopies } from './accuracy/copies.ts'
import { type Corpus, corpusMissing, openCorpus } from './accuracy/corpus.ts'
import {
  type CopiesScored,
  copiesOf,
  costsOf,
  type Measured,
  recallsOf,
  subsetsOf,
} from './accuracy/figures.ts'
import { isModern, type Label, type Mail } from './accuracy/mail.ts'
import { packagesMissing } from './accuracy/packages.ts'
import { rspamd } from './accuracy/rspamd.ts'
import { sluice } from './accuracy/sluice.ts'
import { spamassassin } from './accuracy/spamassassin.ts'
import { type Fold, split } from './accuracy/split.ts'
import { progress } from './measure/result.ts'
import { scope } from './measure/scope.ts'

/** The quick ones: SpamAssassin would need as long again. */
const withCopies: readonly string[] = ['sluice', 'bogofilter']

/** The slowest first. */
const contestants: readonly Contestant[] = [spamassassin, rspamd, sluice, bogofilter]

export interface Options {
  readonly keep?: number
  readonly only?: readonly string[]
  readonly atOnce?: number
}

export async function accuracy(directory: string | undefined, options: Options = {}) {
  const { keep = 1, only, atOnce = availableParallelism() } = options
  const missing = corpusMissing(directory) ?? packagesMissing()
  if (missing !== undefined) throw new Error(`${missing}.`)
  const chosen = contestants.filter(({ name }) => only?.includes(name) ?? true)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
  return scope(async owner => {
    const corpus = await openCorpus(owner, directory!, keep)
    const folds = split(corpus.mails)
    const copies = folds.map(({ measured }, index) =>
      writeCopies(measured, join(corpus.scratch, `copies-${index}`)),
    )
    const tasks = chosen.flatMap(contestant =>
      folds.map((fold, index) => ({ contestant, fold, index, copies: copies[index]! })),
    )
    const results = await inParallel(tasks, atOnce, task => measure(task, corpus))
    const there = columns.filter(column => results.some(({ scores }) => scores[column] !== undefined))
    return {
      ...recallsOf(results, there),
      subsets: subsetsOf(results, there),
      ...copiesOf(results, there),
      cpuSecondsPer1000: costsOf(results, there),
      mails: mailsOf(corpus.mails, folds),
      versions: Object.fromEntries(
        await Promise.all(chosen.map(async ({ name, version }) => [name, await version()] as const)),
      ) as Record<string, string>,
    }
  })
}

interface Task {
  readonly contestant: Contestant
  readonly fold: Fold
  readonly index: number
  readonly copies: Copies
}

async function measure({ contestant, fold, index, copies }: Task, { scratch }: Corpus): Promise<Measured> {
  const paths = (label: Label) => fold.learned.filter(mail => mail.label === label).map(({ path }) => path)
  const began = performance.now()
  const result = await scope(async owner => {
    const folder = join(scratch, `${contestant.name}-${index}`)
    const taught = await contestant.teach(owner, { ham: paths('ham'), spam: paths('spam'), folder })
    return {
      training: { mails: fold.learned.length, cpuSeconds: taught.cpuSeconds },
      ...(await taught.score(fold.measured.map(({ path }) => path))),
      ...(withCopies.includes(contestant.name) && { copies: await scoreCopies(taught, copies) }),
    }
  })
  progress(
    `${contestant.name}, fold ${index + 1}: ${fold.learned.length} mails learned, ${fold.measured.length} measured, ${Math.round((performance.now() - began) / 1_000)} s`,
  )
  return { contestant: contestant.name, mails: fold.measured, ...result }
}

const scoreCopies = async (taught: Taught, { obfuscated, carried }: Copies): Promise<CopiesScored> => ({
  obfuscated: (await taught.score(obfuscated)).scores,
  carried: (await taught.score(carried.map(({ path }) => path))).scores,
  carriers: carried.map(({ kind }) => kind),
})

async function inParallel<T, R>(tasks: readonly T[], atOnce: number, work: (task: T) => Promise<R>) {
  const results: R[] = []
  const left = tasks.entries()
  const worker = async (): Promise<void> => {
    for (const [index, task] of left) results[index] = await work(task)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

function mailsOf(mails: readonly Mail[], folds: readonly Fold[]) {
  const count = (list: readonly Mail[], label: Label) => list.filter(mail => mail.label === label).length
  const both = (list: readonly Mail[]) => ({ ham: count(list, 'ham'), spam: count(list, 'spam') })
  return {
    ...both(mails),
    modern: both(mails.filter(isModern)),
    folds: folds.map(({ learned, measured }) => ({ learned: both(learned), measured: both(measured) })),
  }
}

export type AccuracyFigures = Awaited<ReturnType<typeof accuracy>>
