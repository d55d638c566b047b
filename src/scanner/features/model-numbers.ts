/**
 * The numbers of a model's table: how they are stored, and how they are read again.
 *
 * `float32` is what a trainer has; `float16` half of it, with a relative error below 1/2048; `int8` a quarter, in steps of
 * the largest of its group: for weights that are close to each other. Promises: what is packed is finite, and a weight
 * that is not 0 keeps its sign or becomes 0.
 */
import type { ModelContent, ModelWeights, NumberFormat } from '#scanner/features/model-content.ts'

export const octetsOf = (format: NumberFormat): number => ({ float32: 4, float16: 2, int8: 1 })[format]

export interface PackedTable {
  readonly table: Buffer
  readonly weightSteps: readonly number[]
  readonly scaleSteps: readonly number[]
}

/** Below the smallest normal number of float16 reading takes many times as long. */
const smallestHalf = 2 ** -14

const largest = (list: Float32Array) => list.reduce((most, each) => Math.max(most, Math.abs(each)), 0)

/** As the header holds it: a step is a float32. */
const stepOf = (list: Float32Array | undefined, steps: number) =>
  list === undefined ? 1 : Math.fround(largest(list) / steps) || 1

/** Throws a RangeError when a number does not fit. */
export function packTable({ facts, weights, scales }: ModelWeights, format: NumberFormat): PackedTable {
  for (const [group, bits] of facts.options.bits.entries())
    if (weights[group]?.length !== 2 ** bits || (scales !== undefined && scales[group]?.length !== 2 ** bits))
      throw new RangeError(`group ${group} needs ${2 ** bits} weights, and as many scales or none`)
  for (const list of [...weights, ...(scales ?? [])])
    if (!list.every(Number.isFinite)) throw new RangeError('a weight or a scale is no number')
  if (scales?.some(list => list.some(scale => scale < 0))) throw new RangeError('a scale is below 0')
  const weightSteps = weights.map(list => (format === 'int8' ? stepOf(list, 127) : 1))
  const scaleSteps = weights.map((_, group) => (format === 'int8' ? stepOf(scales?.[group], 255) : 1))
  const pieces = weights.map((list, group) =>
    packGroup(list, scales?.[group], format, weightSteps[group]!, scaleSteps[group]!),
  )
  return { table: Buffer.concat(pieces), weightSteps, scaleSteps }
}

/** Weight and scale of a slot lie beside each other. */
function packGroup(
  weights: Float32Array,
  scales: Float32Array | undefined,
  format: NumberFormat,
  weightStep: number,
  scaleStep: number,
): Uint8Array {
  const width = scales === undefined ? 1 : 2
  const length = weights.length * width
  const cells =
    format === 'float32'
      ? new Float32Array(length)
      : format === 'float16'
        ? new Float16Array(length)
        : new Uint8Array(length)
  const store = (number: number, step: number) => {
    if (format === 'int8') return Math.round(number / step) & 0xff
    return format === 'float16' && Math.abs(number) < smallestHalf ? 0 : number
  }
  for (let slot = 0; slot < weights.length; slot++) {
    cells[slot * width] = store(weights[slot]!, weightStep)
    if (scales !== undefined) cells[slot * width + 1] = store(scales[slot]!, scaleStep)
  }
  if (format === 'float16' && !(cells as Float16Array).every(Number.isFinite))
    throw new RangeError('a weight is too large for float16')
  return new Uint8Array(cells.buffer)
}

/** The table of one group. */
export interface GroupTable {
  weight(slot: number): number
  scale(slot: number): number
}

export function groupTables(content: ModelContent): readonly GroupTable[] {
  const { facts, numbers, scaled, table, weightSteps, scaleSteps } = content
  const width = scaled ? 2 : 1
  const bytes = octetsOf(numbers)
  let offset = 0
  return facts.options.bits.map((bits, group) => {
    const length = 2 ** bits * width
    const [signed, unsigned] = viewsOf(numbers, table, offset, length)
    offset += length * bytes
    const [weightStep, scaleStep] = [weightSteps[group]!, scaleSteps[group]!]
    return {
      weight: slot => signed[slot * width]! * weightStep,
      scale: slot => (scaled ? unsigned[slot * 2 + 1]! * scaleStep : 1),
    }
  })
}

type Numbers = { readonly [index: number]: number }

/** The same cells twice: as weights and as scales. */
function viewsOf(
  format: NumberFormat,
  table: SharedArrayBuffer,
  offset: number,
  length: number,
): readonly [Numbers, Numbers] {
  if (format === 'int8') return [new Int8Array(table, offset, length), new Uint8Array(table, offset, length)]
  const cells =
    format === 'float32' ? new Float32Array(table, offset, length) : new Float16Array(table, offset, length)
  return [cells, cells]
}
