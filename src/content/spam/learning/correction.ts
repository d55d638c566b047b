/**
 * From clusters that reporters agree on to a correction of the shipped model: a small number for a few weights.
 *
 * It is the smallest correction (ridge, squared hinge, solved by dual coordinate ascent) by which the model says of each
 * cluster what the voices say, clearly but not without a doubt. Smallest is measured so that rare words and hosts are moved
 * first: what every mail has stays where it is, and with it the verdict of unrelated mail.
 * Promises: deterministic; bounded: no weight moves by more than `mostOfWeight`, no message by more than `mostOfMessage` on
 * account of one cluster. Scales stay, and so what the model has never seen in training weighs nothing here either.
 * Leaves out: which clusters may count (`clusters.ts`, `batches.ts`).
 */
import {
  type Correction,
  correctedLogOdds,
  type Message,
  noCorrection,
} from '#content/spam/learning/message.ts'
import { administrator, type Reporter } from '#content/spam/learning/report.ts'
import type { Model } from '#scanner/features/model.ts'

/** What voices agree on. */
export interface Lesson {
  readonly message: Message
  readonly spam: boolean
  readonly reporters: readonly Reporter[]
  /** How much it counts; see `weightsOf`. */
  readonly weight: number
}

/** Log-odds that a lesson is to have: a score of 0.95, or 0.05. */
const aim = 3
const mostOfWeight = 0.75
const mostOfMessage = 8
/** The smaller, the closer one voice brings a message to the aim. */
const doubt = 0.5
const rounds = 60

export function correct(lessons: readonly Lesson[], model: Model): Correction {
  const correction = noCorrection(model)
  const tasks = lessons.map(taskOf)
  for (let round = 0; round < rounds; round++) for (const task of tasks) step(task, correction)
  for (const deltas of correction)
    for (let slot = 0; slot < deltas.length; slot++)
      deltas[slot] = Math.min(Math.max(deltas[slot]!, -mostOfWeight), mostOfWeight)
  return correction
}

interface Task {
  readonly message: Message
  /** 1: spam; -1: ham. */
  readonly label: number
  /** How far a step of 1 moves the message. */
  readonly size: number
  readonly slack: number
  dual: number
}

function taskOf({ message, spam, weight }: Lesson): Task {
  const size = message.parts.reduce(
    (sum, { gains, eases }) => gains.reduce((part, gain, index) => part + gain * gain * eases[index]!, sum),
    0,
  )
  return { message, label: spam ? 1 : -1, size, slack: (doubt * size) / weight, dual: 0 }
}

function step(task: Task, correction: Correction): void {
  const { message, label, size, slack, dual } = task
  if (size === 0) return
  const missing = aim - label * correctedLogOdds(message, correction) - slack * dual
  task.dual = Math.min(Math.max(dual + missing / (size + slack), 0), mostOfMessage / size)
  const change = label * (task.dual - dual)
  if (change === 0) return
  for (const { group, slots, gains, eases } of message.parts) {
    const deltas = correction[group]!
    for (let index = 0; index < slots.length; index++)
      deltas[slots[index]!] = deltas[slots[index]!]! + change * gains[index]! * eases[index]!
  }
}

/** Lessons of one reporter that count in full. */
const mostInFull = 20

/**
 * How much each lesson counts: a voice counts less the more lessons its owner is in, and the heaviest voice of each lesson is
 * left out (a trimmed sum), so that none decides. The administrator's word counts as that of ten.
 */
export function weightsOf(
  lessons: readonly { readonly reporters: readonly Reporter[] }[],
): readonly number[] {
  const counts = new Map<Reporter, number>()
  for (const { reporters } of lessons)
    for (const reporter of reporters) counts.set(reporter, (counts.get(reporter) ?? 0) + 1)
  return lessons.map(({ reporters }) => {
    if (reporters.some(reporter => reporter === administrator)) return 10
    const voices = reporters.map(reporter => Math.min(1, mostInFull / counts.get(reporter)!))
    return voices.reduce((sum, voice) => sum + voice, 0) - Math.max(...voices)
  })
}
