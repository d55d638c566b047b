/**
 * Sizes: `25MiB`, `512 KiB` or plain octets. Inside always octets as a safe integer.
 *
 * Leaves out decimal units (MB): mail limits have been compared in powers of two for decades, and guessing which one
 * was meant is how limits end up 5 % off. The message says what to write instead.
 */
import { z } from 'zod'
import { controlFlaw, type Flaw, flaw, isFlaw } from '#config/grammar/reading.ts'
import { refuse } from '#config/grammar/written.ts'

const units = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const
type Unit = keyof typeof units

const grammar = /^(\d{1,15}) ?(B|KiB|MiB|GiB|TiB)$/

/** Octets, or what is wrong. */
export function readSize(text: string): number | Flaw {
  const [, count, unit] = grammar.exec(text) ?? []
  if (count === undefined) return flaw('is not a size', guess(text))
  const octets = Number(count) * units[unit as Unit]
  return Number.isSafeInteger(octets) ? octets : flaw('is larger than any disk')
}

/** The largest unit that says it exactly: 52428800 → `50MiB`. */
export function writeSize(octets: number): string {
  const unit = (Object.keys(units) as Unit[])
    .reverse()
    .find(name => octets >= units[name] && octets % units[name] === 0)
  return unit === undefined ? '0B' : `${octets / units[unit]}${unit}`
}

/** `50MB`, `50 m`, `1.5g` → what was probably meant. */
function guess(text: string): string | undefined {
  const [, count, letter] =
    /^\s*(\d{1,12}(?:\.\d{1,3})?)\s*([kmgt]?)i?(?:b|bytes?|octets)?\s*$/i.exec(text) ?? []
  if (count === undefined) return undefined
  const unit = (letter === '' ? 'B' : `${letter!.toUpperCase()}iB`) as Unit
  const octets = Math.round(Number(count) * units[unit])
  return Number.isSafeInteger(octets) ? writeSize(octets) : undefined
}

/** Bounds are inclusive, in octets. */
export const size = (bounds: { readonly min?: number; readonly max?: number } = {}) =>
  z
    .union([z.number().meta({ minimum: bounds.min ?? 0 }), z.string().meta({ pattern: grammar.source })])
    .transform((value, context) => {
      const octets = typeof value === 'string' ? (controlFlaw(value) ?? readSize(value)) : whole(value)
      if (isFlaw(octets)) return refuse(context, value, octets)
      const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds
      if (octets < min) return refuse(context, value, flaw(`is less than ${writeSize(min)}`, writeSize(min)))
      if (octets > max) return refuse(context, value, flaw(`is more than ${writeSize(max)}`, writeSize(max)))
      return octets
    })
    .meta({ unit: 'size' })

const whole = (value: number): number | Flaw =>
  Number.isSafeInteger(value) && value >= 0 ? value : flaw('is not a whole number of octets')
