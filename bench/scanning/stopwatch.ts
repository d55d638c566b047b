/**
 * How fast a piece of work is, on one core.
 *
 * A round repeats the work for at least `span`; contestants take turns, round by round, so that what the machine does
 * meanwhile meets all of them; the figure of each is the median of its rounds.
 */
import { median } from '../measure/figures.ts'

/** Milliseconds of a round. */
const span = 400

/** One call of `work` does so much: mails, megabytes. */
export interface Contestant {
  readonly amount: number
  readonly work: () => unknown
}

async function rate({ amount, work }: Contestant): Promise<number> {
  let done = 0
  const start = performance.now()
  for (; performance.now() - start < span; done += amount) {
    const pending = work()
    if (pending instanceof Promise) await pending
  }
  return done / ((performance.now() - start) / 1_000)
}

/** Amounts per second. A first round of each is thrown away: code is compiled and memory is touched in it. */
export async function race<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  rounds: number,
): Promise<{
  readonly medians: Readonly<Record<Name, number>>
  readonly rounds: readonly Readonly<Record<Name, number>>[]
}> {
  const names = Object.keys(contestants) as Name[]
  const all: Record<Name, number>[] = []
  for (let round = 0; round <= rounds; round++) {
    const rates = {} as Record<Name, number>
    for (const name of names) rates[name] = await rate(contestants[name])
    if (round > 0) all.push(rates)
  }
  const medians = Object.fromEntries(names.map(name => [name, median(all.map(rates => rates[name]))]))
  return { medians: medians as Record<Name, number>, rounds: all }
}
