/** The solver: small problems whose answer is known, and the conditions that the answer of any problem fulfils. */
import fc from 'fast-check'
import t from 'tap'
import { type Instances, solve } from '#content/spam/training/solver.ts'

/** Rows as [label, factor, columns…]; one segment each. */
function instancesOf(rows: readonly (readonly number[])[], cost: number): Instances {
  const bounds: number[] = []
  const columns: number[] = []
  for (const [, , ...own] of rows) {
    bounds.push(columns.length, columns.length + own.length)
    columns.push(...own)
  }
  return {
    count: rows.length,
    segments: 1,
    columns: Uint32Array.from(columns),
    bounds: Uint32Array.from(bounds),
    factors: Float64Array.from(rows, ([, factor]) => factor!),
    labels: Int8Array.from(rows, ([label]) => label!),
    costs: new Float64Array(rows.length).fill(cost),
  }
}

const exact = { tolerance: 1e-9, rounds: 100_000, visits: Number.POSITIVE_INFINITY, seed: 1 }

const marginOf = ([, factor, ...own]: readonly number[], scaledWeights: Float64Array, bias: number) =>
  own.reduce((sum, column) => sum + factor! * scaledWeights[column]!, bias)

t.test('one instance: the weights are where the derivative is 0', async t => {
  // ½ w² + ½ b² + C (1 - (w + b))², with w = b: w = 2C / (1 + 4C).
  for (const cost of [0.1, 1, 10]) {
    const { scaledWeights, bias, duals } = solve(instancesOf([[1, 1, 0]], cost), Float64Array.of(1), exact)
    const expected = (2 * cost) / (1 + 4 * cost)
    t.ok(Math.abs(scaledWeights[0]! - expected) < 1e-7)
    t.ok(Math.abs(bias - expected) < 1e-7)
    t.ok(Math.abs(duals[0]! - 2 * cost * (1 - 2 * expected)) < 1e-6)
  }
})

t.test('two that mirror each other need no bias, and a scale of 2 counts like a factor of 2', async t => {
  const rows = [
    [1, 1, 0],
    [-1, 1, 1],
  ]
  const plain = solve(instancesOf(rows, 1), Float64Array.of(1, 1), exact)
  t.ok(Math.abs(plain.bias) < 1e-7)
  t.ok(Math.abs(plain.scaledWeights[0]! + plain.scaledWeights[1]!) < 1e-7)
  // ½ w² + (1 - w)² for each of them: w = 2/3.
  t.ok(Math.abs(plain.scaledWeights[0]! - 2 / 3) < 1e-7)
  const scaled = solve(instancesOf(rows, 1), Float64Array.of(2, 2), exact)
  const byFactor = solve(
    instancesOf(
      rows.map(([label, , column]) => [label!, 2, column!]),
      1,
    ),
    Float64Array.of(1, 1),
    exact,
  )
  const margin = (row: number, { scaledWeights, bias }: typeof scaled, factor: number) =>
    marginOf([0, factor, row], scaledWeights, bias)
  t.ok(Math.abs(margin(0, scaled, 1) - margin(0, byFactor, 2)) < 1e-7)
})

t.test(
  'whatever the problem, no dual variable could be moved for the better, and nothing is lost between the two sums',
  async () => {
    const row = fc
      .tuple(
        fc.constantFrom(1, -1),
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 6 }),
      )
      .map(([label, factor, columns]) => [label, factor, ...columns])
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.constantFrom(0.1, 1, 5),
        fc.array(fc.double({ min: 0.2, max: 3, noNaN: true }), { minLength: 8, maxLength: 8 }),
        (rows, cost, scales) => {
          const { scaledWeights, bias, duals, converged } = solve(
            instancesOf(rows, cost),
            Float64Array.from(scales),
            { ...exact, tolerance: 1e-6, seed: 3 },
          )
          if (!converged) return false
          // Optimality: alpha = 2 C max(0, 1 - y f(x)) is what squared hinge loss demands of each instance.
          const optimal = rows.every((each, instance) => {
            const slack = Math.max(0, 1 - each[0]! * marginOf(each, scaledWeights, bias))
            return Math.abs(duals[instance]! - 2 * cost * slack) < 1e-4 * (1 + cost)
          })
          // Strong duality: the value of the primal is that of the dual.
          const loss = rows.reduce(
            (sum, each) => sum + cost * Math.max(0, 1 - each[0]! * marginOf(each, scaledWeights, bias)) ** 2,
            0,
          )
          const size = scales.reduce(
            (sum, scale, column) => sum + (scaledWeights[column]! / scale) ** 2,
            bias ** 2,
          )
          const dual = duals.reduce((sum, alpha) => sum + alpha - alpha ** 2 / (4 * cost), -size / 2)
          return optimal && Math.abs(size / 2 + loss - dual) < 1e-3 * (1 + dual)
        },
      ),
      { numRuns: 100 },
    )
  },
)

t.test('a segment whose factor is 0 is not there', async t => {
  const both: Instances = {
    ...instancesOf([[1, 1, 0]], 1),
    segments: 2,
    columns: Uint32Array.of(0, 1),
    bounds: Uint32Array.of(0, 1, 2),
    factors: Float64Array.of(1, 0),
  }
  const { scaledWeights } = solve(both, Float64Array.of(1, 1), exact)
  t.equal(scaledWeights[1], 0)
  t.ok(scaledWeights[0]! > 0.3)
})

t.test('the end of the rounds, or of what may be looked at, is told', async t => {
  const rows = Array.from({ length: 20 }, (_, row) => [row % 2 === 0 ? 1 : -1, 1, row % 3, 3 + (row % 5)])
  t.equal(solve(instancesOf(rows, 5), new Float64Array(8).fill(1), { ...exact, rounds: 1 }).converged, false)
  const { rounds, converged } = solve(instancesOf(rows, 5), new Float64Array(8).fill(1), {
    ...exact,
    visits: 41,
  })
  // Two entries each: the second round begins with 40.
  t.same([rounds, converged], [2, false])
})
