/**
 * The mails as one member of a training sees them: with its part of the columns, numbered without gaps, and each mail
 * again without some groups.
 *
 * A mail keeps the length that it has with all columns, so that the weights of all members can be added up.
 * Cost: 4 octets for each column that a mail has in the part; the table of the solver fits into a cache for most trainings.
 */
import type { Recipe } from '#content/spam/training/recipe.ts'
import type { Instances } from '#content/spam/training/solver.ts'
import { boundsOf, type FeatureStore, groupCount } from '#content/spam/training/store.ts'
import { joinHashes } from '#scanner/features/hash.ts'

export interface MemberInstances {
  readonly instances: Instances
  /** By number of the member: the column. */
  readonly columns: Uint32Array
  readonly memberScales: Float64Array
}

export function memberInstances(
  store: FeatureStore,
  mails: Uint32Array,
  scales: Float64Array,
  recipe: Recipe,
  member: number,
): MemberInstances {
  const columns = columnsOf(scales, recipe, member)
  const denseOf = new Int32Array(scales.length).fill(-1)
  for (const [dense, column] of columns.entries()) denseOf[column] = dense
  const part = partOf(store, mails, scales, denseOf)
  const instances = instancesOf(store, mails, part, recipe)
  return { instances, columns, memberScales: Float64Array.from(columns, column => scales[column]!) }
}

/** By hash, so that it depends on nothing but the numbers. Of each deal one member has a column. */
function columnsOf(scales: Float64Array, { parts }: Recipe, member: number): Uint32Array {
  const deal = Math.floor(member / parts)
  const isOurs = (column: number) =>
    Math.floor((joinHashes(deal, column, 0) / 2 ** 32) * parts) === member % parts
  return Uint32Array.from(scales.keys().filter(column => scales[column]! > 0 && isOurs(column)))
}

/** Each mail's columns, as far as they are in the part. */
interface Part {
  readonly columns: Uint32Array
  /** By mail, one more than there are groups. */
  readonly bounds: Uint32Array
  /** By mail and group: with all columns. */
  readonly lengths: Float64Array
}

function partOf(store: FeatureStore, mails: Uint32Array, scales: Float64Array, denseOf: Int32Array): Part {
  const columns = new Uint32Array(sizeOf(store, mails, denseOf))
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
        squares += scales[column]! * scales[column]!
        const dense = denseOf[column]!
        if (dense >= 0) columns[size++] = dense
      }
      lengths[at * groupCount + group] = Math.sqrt(squares)
      bounds[at * (groupCount + 1) + group + 1] = size
    }
  }
  return { columns, bounds, lengths }
}

function sizeOf(store: FeatureStore, mails: Uint32Array, denseOf: Int32Array): number {
  const own = new Uint32Array(groupCount + 1)
  let size = 0
  for (const mail of mails) {
    const slab = store.slabs[store.slab[mail]!]!
    const end = boundsOf(store, mail, own)[groupCount]!
    for (let index = own[0]!; index < end; index++) if (denseOf[slab[index]!]! >= 0) size++
  }
  return size
}

function instancesOf(store: FeatureStore, mails: Uint32Array, part: Part, recipe: Recipe): Instances {
  const masks = [[1, 1, 1, 1], ...recipe.without]
  const count = mails.length * masks.length
  const bounds = new Uint32Array(count * (groupCount + 1))
  const factors = new Float64Array(count * groupCount)
  const labels = new Int8Array(count)
  let instance = 0
  for (const [at, mail] of mails.entries())
    for (const mask of masks) {
      const own = part.bounds.subarray(at * (groupCount + 1), (at + 1) * (groupCount + 1))
      bounds.set(own, instance * (groupCount + 1))
      labels[instance] = store.label[mail] === 1 ? 1 : -1
      for (let group = 0; group < groupCount; group++) {
        const length = part.lengths[at * groupCount + group]!
        const factor = length > 0 ? recipe.factors[group]! / length : 0
        factors[instance * groupCount + group] = factor * mask[group]!
      }
      instance++
    }
  return {
    count,
    segments: groupCount,
    columns: part.columns,
    bounds,
    factors,
    labels,
    costs: new Float64Array(count).fill(recipe.cost),
  }
}
