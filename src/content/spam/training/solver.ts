/**
 * A linear support vector machine with squared hinge loss, by dual coordinate descent with shrinking (Hsieh, Chang, Lin,
 * Keerthi, Sundararajan 2008, algorithm 3). It minimises
 *
 *   ½ |w|² + ½ b² + Σ cost · max(0, 1 − label · (w·x + b))²
 *
 * What is known of the x saves most of the work: an entry is a factor of its segment times the scale of its column, so that a
 * column keeps scale · weight, and an instance only reads.
 * Promises: deterministic: one order of steps, whatever the machine; ends when no step would change the dual by more than
 * `tolerance`, or after `rounds` or `visits`, and says which. Memory: 16 octets a column, some 40 an instance.
 */
import { createRandom, shuffle } from '#content/spam/training/random.ts'

/** Rows of a sparse matrix in segments. */
export interface Instances {
  readonly count: number
  readonly segments: number
  /** Of all segments. */
  readonly columns: Uint32Array
  /** By instance: where its segments begin in the columns, and where the last ends. Instances may share them. */
  readonly bounds: Uint32Array
  /** By instance and segment. A segment with 0 is not there. */
  readonly factors: Float64Array
  /** By instance: 1 or -1. */
  readonly labels: Int8Array
  readonly costs: Float64Array
}

export interface Solution {
  /** By column: its weight times its scale. */
  readonly scaledWeights: Float64Array
  readonly bias: number
  /** By instance: the dual variables, 0 where it does not matter. */
  readonly duals: Float64Array
  readonly rounds: number
  readonly converged: boolean
}

export interface SolverOptions {
  readonly tolerance: number
  readonly rounds: number
  /** Entries of instances that are looked at, altogether; a round that has begun is ended. */
  readonly visits: number
  readonly seed: number
}

export const defaultSolverOptions: SolverOptions = {
  tolerance: 0.01,
  rounds: 300,
  visits: Number.POSITIVE_INFINITY,
  seed: 1,
}

export const solve = (instances: Instances, scales: Float64Array, options = defaultSolverOptions): Solution =>
  new Solver(instances, scales, options).run()

class Solver {
  readonly #instances: Instances
  readonly #options: SolverOptions
  /** Of each column scale · weight and scale², beside each other: one place in memory to wait for. */
  readonly #cells: Float64Array
  readonly #duals: Float64Array
  /** Length of each x with its bias, squared, and what the loss adds. */
  readonly #curvature: Float64Array
  readonly #active: Uint32Array
  #activeCount: number
  #bias = 0
  #visits = 0

  constructor(instances: Instances, scales: Float64Array, options: SolverOptions) {
    this.#instances = instances
    this.#options = options
    this.#cells = new Float64Array(scales.length * 2)
    for (let column = 0; column < scales.length; column++)
      this.#cells[2 * column + 1] = scales[column]! * scales[column]!
    this.#duals = new Float64Array(instances.count)
    this.#curvature = Float64Array.from({ length: instances.count }, (_, instance) =>
      this.#lengthOf(instance),
    )
    this.#active = Uint32Array.from({ length: instances.count }, (_, instance) => instance)
    this.#activeCount = instances.count
  }

  run(): Solution {
    const { tolerance, rounds, visits, seed } = this.#options
    const random = createRandom(seed)
    let largest = Number.POSITIVE_INFINITY
    let round = 0
    let converged = false
    for (; round < rounds && this.#visits < visits && !converged; round++) {
      shuffle(this.#active, this.#activeCount, random)
      const { lowest, highest } = this.#sweep(largest)
      if (highest - lowest > tolerance) largest = highest > 0 ? highest : Number.POSITIVE_INFINITY
      else if (this.#activeCount === this.#instances.count) converged = true
      else {
        // What was left out is looked at again before the end is believed.
        this.#activeCount = this.#instances.count
        largest = Number.POSITIVE_INFINITY
      }
    }
    const scaledWeights = Float64Array.from(
      { length: this.#cells.length / 2 },
      (_, column) => this.#cells[2 * column]!,
    )
    return { scaledWeights, bias: this.#bias, duals: this.#duals, rounds: round, converged }
  }

  /** One step for each active instance; the bounds of the projected gradient that was seen. */
  #sweep(largest: number): { readonly lowest: number; readonly highest: number } {
    const { labels, costs } = this.#instances
    let lowest = 0
    let highest = 0
    for (let position = 0; position < this.#activeCount; position++) {
      const instance = this.#active[position]!
      const label = labels[instance]!
      const dual = this.#duals[instance]!
      const gradient = label * this.#margin(instance) - 1 + dual / (2 * costs[instance]!)
      if (dual === 0 && gradient > largest) {
        // It will hardly ever matter: left out until the end.
        this.#active[position--] = this.#active[--this.#activeCount]!
        this.#active[this.#activeCount] = instance
        continue
      }
      const projected = dual === 0 ? Math.min(gradient, 0) : gradient
      lowest = Math.min(lowest, projected)
      highest = Math.max(highest, projected)
      if (Math.abs(projected) < 1e-12) continue
      const moved = Math.max(dual - gradient / this.#curvature[instance]!, 0)
      this.#duals[instance] = moved
      this.#move(instance, (moved - dual) * label)
    }
    return { lowest, highest }
  }

  #lengthOf(instance: number): number {
    const { columns, bounds, factors, segments, costs } = this.#instances
    let length = 1 + 1 / (2 * costs[instance]!)
    for (let segment = 0; segment < segments; segment++) {
      const factor = factors[instance * segments + segment]!
      if (factor === 0) continue
      const at = instance * (segments + 1) + segment
      let squares = 0
      for (let index = bounds[at]!; index < bounds[at + 1]!; index++)
        squares += this.#cells[2 * columns[index]! + 1]!
      length += factor * factor * squares
    }
    return length
  }

  #margin(instance: number): number {
    const { columns, bounds, factors, segments } = this.#instances
    const cells = this.#cells
    let margin = this.#bias
    for (let segment = 0; segment < segments; segment++) {
      const factor = factors[instance * segments + segment]!
      if (factor === 0) continue
      const at = instance * (segments + 1) + segment
      const end = bounds[at + 1]!
      this.#visits += end - bounds[at]!
      let sum = 0
      for (let index = bounds[at]!; index < end; index++) sum += cells[2 * columns[index]!]!
      margin += factor * sum
    }
    return margin
  }

  #move(instance: number, step: number): void {
    const { columns, bounds, factors, segments } = this.#instances
    const cells = this.#cells
    this.#bias += step
    for (let segment = 0; segment < segments; segment++) {
      const factor = factors[instance * segments + segment]! * step
      if (factor === 0) continue
      const at = instance * (segments + 1) + segment
      const end = bounds[at + 1]!
      for (let index = bounds[at]!; index < end; index++) {
        const cell = 2 * columns[index]!
        cells[cell] = cells[cell]! + factor * cells[cell + 1]!
      }
    }
  }
}
