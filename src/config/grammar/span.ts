/**
 * Spans of time: `100ms`, `30s`, `5m`, `1h`, `5d`. Inside always milliseconds as a safe integer.
 *
 * Promises: a span that ends up in a timer stays below 2^31 ms, for a longer timer fires at once in Node.
 * Leaves out numbers without a unit: nobody remembers whether 30 were seconds or minutes.
 */
import { type Flaw, flaw, isFlaw } from '#config/grammar/reading.ts'
import { written } from '#config/grammar/written.ts'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
type Unit = keyof typeof units

const grammar = /^(\d{1,9})(ms|s|m|h|d)$/

/** The longest span that a timer can hold, rounded down to days. */
export const longestTimer = 24 * units.d
export const year = 365 * units.d

/** Milliseconds, or what is wrong. */
export function readSpan(text: string): number | Flaw {
  const [, count, unit] = grammar.exec(text) ?? []
  return count === undefined
    ? flaw('is not a span of time', guess(text))
    : Number(count) * units[unit as Unit]
}

/** The largest unit that says it exactly: 300000 → `5m`. */
export function writeSpan(milliseconds: number): string {
  const unit = (Object.keys(units) as Unit[])
    .reverse()
    .find(name => milliseconds >= units[name] && milliseconds % units[name] === 0)
  return unit === undefined ? '0s' : `${milliseconds / units[unit]}${unit}`
}

const words: readonly (readonly [RegExp, number])[] = [
  [/^(ms|msec|milliseconds?)$/, 1],
  [/^(|s|sec|secs|seconds?)$/, units.s],
  [/^(m|min|mins|minutes?)$/, units.m],
  [/^(h|hr|hrs|hours?)$/, units.h],
  [/^(d|days?)$/, units.d],
  [/^(w|weeks?)$/, 7 * units.d],
]

/** `5 min`, `1h30m`, `90`, `2 weeks` → what was probably meant. */
function guess(text: string): string | undefined {
  const parts = [...text.slice(0, 64).matchAll(/\s*(\d{1,6}(?:\.\d{1,2})?)\s*([a-z]*)\s*/gi)]
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== text) return undefined
  let total = 0
  for (const [, count, word] of parts) {
    const unit = words.find(([name]) => name.test(word!.toLowerCase()))
    if (unit === undefined) return undefined
    total += Math.round(Number(count) * unit[1])
  }
  return writeSpan(total)
}

/** Bounds are inclusive, in milliseconds. Without bounds: from 1 ms to what a timer can hold. */
export function span(bounds: { readonly min?: number; readonly max?: number } = {}) {
  const { min = 1, max = longestTimer } = bounds
  return written(text => {
    const value = readSpan(text)
    if (isFlaw(value)) return value
    if (value < min) return flaw(`is less than ${writeSpan(min)}`, writeSpan(min))
    return value > max ? flaw(`is more than ${writeSpan(max)}`, writeSpan(max)) : value
  }, grammar).meta({ unit: 'span' })
}
