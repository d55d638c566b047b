/**
 * Mails as the solver takes them: each as it is, and once more without some of its groups, so that the model also knows a
 * spam whose sender writes other headers.
 *
 * Columns that count are numbered anew by how often they occur, the most frequent first: the solver reads at random
 * places, and so most of them are in the processor's cache. Cost: 4 octets for each that a mail has.
 */
import type { Recipe } from '#content/spam/training/recipe.ts'
import type { Instances } from '#content/spam/training/solver.ts'
import { boundsOf, type FeatureStore, groupCount } from '#content/spam/training/store.ts'

export interface NumberedInstances {
  readonly instances: Instances
  /** By the new number. */
  readonly columns: Uint32Array
  readonly scalesOfColumns: Float64Array
}

export function instancesOf(
  store: FeatureStore,
  mails: Uint32Array,
  scales: Float64Array,
  recipe: Recipe,
): NumberedInstances {
  // The smallest scale is that of the most frequent.
  const columns = Uint32Array.from(scales.keys().filter(column => scales[column]! > 0)).sort(
    (one, other) => scales[one]! - scales[other]! || one - other,
  )
  const numberOf = new Int32Array(scales.length).fill(-1)
  for (const [number, column] of columns.entries()) numberOf[column] = number
  const rows = rowsOf(store, mails, scales, numberOf)
  const scalesOfColumns = Float64Array.from(columns, column => scales[column]!)
  return { instances: withCopies(store, mails, rows, recipe), columns, scalesOfColumns }
}

interface Rows {
  readonly columns: Uint32Array
  /** By mail, one more than there are groups. */
  readonly bounds: Uint32Array
  /** By mail and group. */
  readonly lengths: Float64Array
}

function rowsOf(store: FeatureStore, mails: Uint32Array, scales: Float64Array, numberOf: Int32Array): Rows {
  const columns = new Uint32Array(sizeOf(store, mails, numberOf))
  const bounds = new Uint32Array(mails.length * (groupCount + 1))
  const lengths = new Float64Array(mails.length * groupCount)
  const own = new Uint32Array(groupCount + 1)
  let size = 0
  for (const [at, mail] of mails.entries()) {
    const slab = store.slabs[store.slab[mail]!]!
    boundsOf(store, mail, own)
    bounds[at * (groupCount + 1)] = size
    for (let group = 0; group < groupCount; group++) {
      let squares = 0
      const end = own[group + 1]!
      for (let index = own[group]!; index < end; index++) {
        const column = slab[index]!
        const number = numberOf[column]!
        if (number < 0) continue
        squares += scales[column]! * scales[column]!
        columns[size++] = number
      }
      lengths[at * groupCount + group] = Math.sqrt(squares)
      bounds[at * (groupCount + 1) + group + 1] = size
    }
  }
  return { columns, bounds, lengths }
}

function sizeOf(store: FeatureStore, mails: Uint32Array, numberOf: Int32Array): number {
  const own = new Uint32Array(groupCount + 1)
  let size = 0
  for (const mail of mails) {
    const slab = store.slabs[store.slab[mail]!]!
    const end = boundsOf(store, mail, own)[groupCount]!
    for (let index = own[0]!; index < end; index++) if (numberOf[slab[index]!]! >= 0) size++
  }
  return size
}

function withCopies(store: FeatureStore, mails: Uint32Array, rows: Rows, recipe: Recipe): Instances {
  const masks = [[1, 1, 1, 1], ...recipe.without]
  const count = mails.length * masks.length
  const bounds = new Uint32Array(count * (groupCount + 1))
  const factors = new Float64Array(count * groupCount)
  const labels = new Int8Array(count)
  let instance = 0
  for (const [at, mail] of mails.entries())
    for (const mask of masks) {
      const own = rows.bounds.subarray(at * (groupCount + 1), (at + 1) * (groupCount + 1))
      bounds.set(own, instance * (groupCount + 1))
      labels[instance] = store.label[mail] === 1 ? 1 : -1
      for (let group = 0; group < groupCount; group++) {
        const length = rows.lengths[at * groupCount + group]!
        const factor = length > 0 ? recipe.factors[group]! / length : 0
        factors[instance * groupCount + group] = factor * mask[group]!
      }
      instance++
    }
  return {
    count,
    segments: groupCount,
    columns: rows.columns,
    bounds,
    factors,
    labels,
    costs: new Float64Array(count).fill(recipe.cost),
  }
}
