/** What `sluice train` says of a training: for people, and as JSON. */
import { printable } from '#commands/printable.ts'
import type { Gathered } from '#content/spam/training/gather.ts'
import type { Trained } from '#content/spam/training/train.ts'

/** A mail that the models which had not seen it take for the other kind. */
export interface Doubtful {
  readonly name: string
  /** The folder in which it is. */
  readonly spam: boolean
  /** Of spam. */
  readonly probability: number
}

export interface TrainReport {
  /** Absent when no model was written. */
  readonly output?: string
  readonly gathered: Gathered
  readonly trained: Trained
  readonly doubtful: readonly Doubtful[]
  readonly seconds: number
}

const mostSkipped = 20

export function reportAsText(report: TrainReport): string {
  const { output, gathered, trained, doubtful, seconds } = report
  const { ham, spam, training } = trained.model.facts
  const { skipped, duplicates } = gathered
  const lines = [
    ...skipped.slice(0, mostSkipped).map(({ name, reason }) => `Skipped ${name}: ${reason}.`),
    ...(skipped.length > mostSkipped ? [`Skipped ${skipped.length - mostSkipped} others.`] : []),
    `${ham} ham and ${spam} spam; ${skipped.length} skipped, ${duplicates} that were there already.`,
    ...heldOutLines(trained),
    ...(trained.converged ? [] : ['The training ended before it was exact.']),
    ...doubtfulLines(doubtful),
    `Training ${Buffer.from(training).toString('hex')}, ${seconds.toFixed(1)} seconds.`,
    output === undefined ? 'No model was written.' : `Wrote ${output}.`,
  ]
  return `${lines.map(printable).join('\n')}\n`
}

function heldOutLines({ heldOut: { measured } }: Trained): readonly string[] {
  const points = measured.points.map(
    ({ recall, falsePositives }) =>
      `${percent(recall)} of the spam where ${percent(falsePositives)} of the ham`,
  )
  return [
    `Of mail that was held back (${measured.ham} ham, ${measured.spam} spam) it finds`,
    ...points.map(point => `  ${point} is taken for spam`),
  ]
}

const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`

function doubtfulLines(doubtful: readonly Doubtful[]): readonly string[] {
  if (doubtful.length === 0) return []
  return [
    'Perhaps in the wrong folder:',
    ...doubtful.map(
      ({ name, spam, probability }) =>
        `  ${name}: among the ${spam ? 'spam' : 'ham'}, spam with probability ${probability.toFixed(3)}`,
    ),
  ]
}

export function reportAsJson({ output, gathered, trained, doubtful, seconds }: TrainReport): string {
  const { name, ham, spam, training, calibration } = trained.model.facts
  return `${JSON.stringify({
    output: output ?? null,
    name,
    ham,
    spam,
    duplicates: gathered.duplicates,
    skipped: gathered.skipped,
    heldOut: trained.heldOut.measured,
    calibration,
    converged: trained.converged,
    training: Buffer.from(training).toString('hex'),
    doubtful: doubtful.map(({ name, spam, probability }) => ({ name, spam, probability })),
    seconds,
  })}\n`
}
