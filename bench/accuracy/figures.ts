/** From the scores of all folds to the figures that are published. Pure. */
import { type CarrierKind, carrierKinds } from './carriers.ts'
import type { Column, Cost, Scored, Scores } from './contestant.ts'
import { isModern, type Label, type Mail } from './mail.ts'
import { flagged, type Judged, recallAt, thresholdAt } from './recall.ts'

/** One contestant, one fold. */
export interface Measured extends Scored {
  readonly contestant: Column
  readonly mails: readonly Mail[]
  readonly training: Cost
  readonly copies?: CopiesScored
}

/** Copies of the spam that was measured. */
export interface CopiesScored {
  readonly obfuscated: Scores
  readonly carried: Scores
  /** What carries each of the latter. */
  readonly carriers: readonly CarrierKind[]
}

/** Shares of ham that may be taken for spam. */
const few = 0.001
const some = 0.005

interface JudgedMail extends Judged {
  readonly mail: Mail
}

export const judgedBy = (results: readonly Measured[], column: Column): readonly JudgedMail[] =>
  results.flatMap(({ mails, scores }) =>
    (scores[column] ?? []).map((score, index) => ({
      mail: mails[index]!,
      label: mails[index]!.label,
      score,
    })),
  )

const digits = (share: number): number => Number(share.toFixed(4))

function byColumn<T>(there: readonly Column[], figure: (column: Column) => T) {
  return Object.fromEntries(there.map(column => [column, figure(column)])) as Partial<Record<Column, T>>
}

export interface Recall {
  readonly 'at0.1': number
  readonly 'at0.5': number
  /** At 0.1 % of the ham from 2019 on. */
  readonly modern: number
  readonly 'modern0.5': number
}

function recallOf(judged: readonly JudgedMail[]): Recall {
  const modern = judged.filter(({ mail }) => isModern(mail))
  return {
    'at0.1': digits(recallAt(judged, few)),
    'at0.5': digits(recallAt(judged, some)),
    modern: digits(recallAt(modern, few)),
    'modern0.5': digits(recallAt(modern, some)),
  }
}

export function recallsOf(results: readonly Measured[], there: readonly Column[]) {
  const mean = (recalls: readonly Recall[]) =>
    Object.fromEntries(
      (['at0.1', 'at0.5', 'modern', 'modern0.5'] as const).map(name => [
        name,
        digits(recalls.reduce((sum, recall) => sum + recall[name], 0) / recalls.length),
      ]),
    ) as unknown as Recall
  return {
    recall: byColumn(there, column => recallOf(judgedBy(results, column))),
    recallOfFolds: byColumn(there, column =>
      mean(
        results
          .filter(({ scores }) => scores[column] !== undefined)
          .map(result => recallOf(judgedBy([result], column))),
      ),
    ),
  }
}

export type SubsetFigures = { readonly label: Label; readonly mails: number } & Partial<
  Record<Column, number>
>

/** Share of each subset above the threshold of 0.5 %: recall where it is spam, false positives where it is ham. */
export function subsetsOf(results: readonly Measured[], there: readonly Column[]) {
  const judged = new Map(there.map(column => [column, judgedBy(results, column)]))
  const thresholds = new Map(there.map(column => [column, thresholdAt(judged.get(column)!, some)]))
  const first = judged.get(there[0]!) ?? []
  const names = [...new Set(first.map(({ mail }) => `${mail.label} ${mail.subset}`))].sort()
  return Object.fromEntries(
    names.map(name => {
      const [label, subset] = name.split(' ') as [Label, string]
      const within = (column: Column) =>
        judged.get(column)!.filter(({ mail }) => mail.subset === subset && mail.label === label)
      const shares = byColumn(there, column => digits(flagged(within(column), thresholds.get(column)!)))
      return [subset, { label, mails: within(there[0]!).length, ...shares } satisfies SubsetFigures]
    }),
  )
}

export function costsOf(results: readonly Measured[], there: readonly Column[]) {
  const per1000 = (costs: readonly (Cost | undefined)[]): number => {
    const known = costs.filter(cost => cost !== undefined)
    const mails = known.reduce((sum, cost) => sum + cost.mails, 0)
    return Number(((1_000 * known.reduce((sum, cost) => sum + cost.cpuSeconds, 0)) / mails).toPrecision(3))
  }
  return byColumn(there, column => {
    const own = results.filter(({ contestant }) => contestant === column)
    const score = per1000(results.map(({ costs }) => costs[column]))
    return { ...(own.length > 0 && { train: per1000(own.map(({ training }) => training)) }), score }
  })
}

const shareAbove = (scores: readonly number[], threshold: number): number =>
  digits(scores.filter(score => score > threshold).length / scores.length)

/** Shares above the thresholds that the mail as it came asks for. Empty where no copies were scored. */
export function copiesOf(results: readonly Measured[], there: readonly Column[]) {
  const withCopies = there.filter(column => results.some(({ copies }) => copies?.obfuscated[column]))
  const scoresOf = (column: Column, which: 'obfuscated' | 'carried', kind?: CarrierKind) =>
    results.flatMap(({ copies }) =>
      (copies?.[which][column] ?? []).filter(
        (_, index) => kind === undefined || copies?.carriers[index] === kind,
      ),
    )
  const shares = (column: Column, which: 'obfuscated' | 'carried') => {
    const judged = judgedBy(results, column)
    const scores = scoresOf(column, which)
    return {
      'at0.1': shareAbove(scores, thresholdAt(judged, few)),
      'at0.5': shareAbove(scores, thresholdAt(judged, some)),
    }
  }
  return {
    obfuscated: byColumn(withCopies, column => shares(column, 'obfuscated')),
    carried: byColumn(withCopies, column => {
      const threshold = thresholdAt(judgedBy(results, column), some)
      const byKind = carrierKinds.map(
        kind => [kind, shareAbove(scoresOf(column, 'carried', kind), threshold)] as const,
      )
      return { ...shares(column, 'carried'), ...(Object.fromEntries(byKind) as Record<CarrierKind, number>) }
    }),
  }
}
