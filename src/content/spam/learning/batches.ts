/**
 * Which lessons may correct the model: day by day, each day's lessons together are a batch, and a batch that would make the
 * model worse for others is rejected, with the reason.
 *
 * Worse is: of what was learned before, or of the reference mails, fewer are judged right than without the batch, and of what
 * was learned fewer clearly right; or other reporters, two and at least half as many as have a voice in the batch, would see
 * fewer of their own reports judged right. A few cannot keep many from learning.
 * Promises: deterministic: the same reports and the same model give the same answer.
 */
import { type Cluster, clustersOf, type Standing, standingOf } from '#content/spam/learning/clusters.ts'
import { correct, type Lesson, weightsOf } from '#content/spam/learning/correction.ts'
import {
  type Correction,
  correctedLogOdds,
  type Message,
  messageOf,
  noCorrection,
} from '#content/spam/learning/message.ts'
import { administrator, type Report, type Reporter } from '#content/spam/learning/report.ts'
import type { Model } from '#scanner/features/model.ts'

export interface RejectedBatch {
  /** `2026-11-24`, UTC. */
  readonly day: string
  readonly lessons: number
  readonly reporters: readonly Reporter[]
  /** A sentence without its full stop. */
  readonly reason: string
}

export interface Learned {
  readonly correction: Correction
  readonly reports: number
  readonly reporters: number
  /** That the correction was made of. */
  readonly lessons: readonly Lesson[]
  /** Clusters of which too few say the same yet. */
  readonly waiting: number
  /** Clusters that are held out, because reporters say different things. */
  readonly contradicted: number
  readonly rejected: readonly RejectedBatch[]
}

type Untried = Omit<Lesson, 'weight'>

/** What somebody said of a message, to measure by. */
interface Check {
  readonly message: Message
  readonly spam: boolean
  readonly reporter: Reporter
}

interface Judged {
  readonly message: Message
  readonly voices: Cluster['voices']
  readonly standing: Standing
}

const dayOf = ({ report }: Message): string => new Date(report.at).toISOString().slice(0, 10)

/** `reference`: mails whose kind is known, which no correction may make worse. */
export function learn(reports: readonly Report[], model: Model, reference: readonly Report[] = []): Learned {
  const clusters = clustersOf(reports).map(cluster => ({
    message: messageOf(cluster.first, model),
    voices: cluster.voices,
    standing: standingOf(cluster),
  }))
  const checks = checksOf(clusters)
  const references = reference.map(report => ({ ...report, message: messageOf(report, model) }))
  const rejected: RejectedBatch[] = []
  let accepted: readonly Untried[] = []
  let correction = noCorrection(model)
  for (const [day, batch] of batchesOf(clusters)) {
    const after = correct(weighted([...accepted, ...batch]), model)
    const reason = worseFor({ checks, references, accepted, batch, before: correction, after })
    if (reason === undefined) {
      accepted = [...accepted, ...batch]
      correction = after
    } else rejected.push({ day, lessons: batch.length, reporters: reportersOf(batch), reason })
  }
  const count = (kind: Standing['kind']) => clusters.filter(({ standing }) => standing.kind === kind).length
  return {
    correction,
    reports: reports.length,
    reporters: new Set(reports.map(({ reporter }) => reporter)).size,
    lessons: weighted(accepted),
    waiting: count('waiting'),
    contradicted: count('contradicted'),
    rejected,
  }
}

function weighted(lessons: readonly Untried[]): readonly Lesson[] {
  const weights = weightsOf(lessons)
  return lessons.map((lesson, index) => ({ ...lesson, weight: weights[index]! }))
}

const reportersOf = (batch: readonly Untried[]): readonly Reporter[] =>
  [...new Set(batch.flatMap(({ reporters }) => reporters))].sort()

/** In the order of the days. */
function batchesOf(clusters: readonly Judged[]): ReadonlyMap<string, readonly Untried[]> {
  const lessons = clusters.flatMap(({ message, standing }) =>
    standing.kind === 'accepted' ? [{ message, spam: standing.spam, reporters: standing.reporters }] : [],
  )
  return Map.groupBy(lessons, ({ message }) => dayOf(message))
}

/** Contradictions tell nothing. */
const checksOf = (clusters: readonly Judged[]): readonly Check[] =>
  clusters
    .filter(({ standing }) => standing.kind !== 'contradicted')
    .flatMap(({ message, voices }) => Array.from(voices, ([reporter, spam]) => ({ message, spam, reporter })))

type Statement = Omit<Check, 'reporter'>

/** Log-odds of a score of 0.9, or of 0.1: there begins the next band. */
const clear = Math.log(9)

const isRight = ({ message, spam }: Statement, correction: Correction, least: number): boolean =>
  (spam ? 1 : -1) * correctedLogOdds(message, correction) > least

/** Nobody objects to the administrator but the reference. */
const leastObjections = (involved: ReadonlySet<Reporter>): number =>
  involved.has(administrator as Reporter) ? Number.POSITIVE_INFINITY : Math.max(2, involved.size / 2)

interface Trial {
  readonly checks: readonly Check[]
  readonly references: readonly Statement[]
  readonly accepted: readonly Untried[]
  readonly batch: readonly Untried[]
  readonly before: Correction
  readonly after: Correction
}

function worseFor({ checks, references, accepted, batch, before, after }: Trial): string | undefined {
  const change = (among: readonly Statement[], least = 0) => {
    const right = (correction: Correction) => among.filter(each => isRight(each, correction, least)).length
    return right(after) - right(before)
  }
  const lost = change(references)
  if (lost < 0) return `${-lost} of the reference mails would be judged wrong`
  const learned = new Set(accepted.map(({ message }) => message))
  const known = checks.filter(({ message }) => learned.has(message))
  const unlearned = Math.min(change(known), change(known, clear))
  if (unlearned < 0)
    return `${-unlearned} reports that were learned before would be judged wrong, or not clearly right`
  const involved = new Set(reportersOf(batch))
  const inBatch = new Set(batch.map(({ message }) => message))
  const others = Map.groupBy(
    checks.filter(({ message, reporter }) => !involved.has(reporter) && !inBatch.has(message)),
    ({ reporter }) => reporter,
  )
  const worse = [...others.values()].filter(own => change(own) < 0).length
  return worse < leastObjections(involved)
    ? undefined
    : `${worse} other reporters would see their own reports judged wrong`
}
