/**
 * How many steps a backtracking engine takes for an expression at most, by the length of the text: an estimate from above
 * by its form, for deciding where it may run without a clock.
 *
 * Promises: grows with the length; what cannot be told is infinite. It multiplies the ways that can be gone behind one
 * another, and takes a repetition for one way where what follows cannot begin like what is repeated: the tries of what follows
 * that fail at once are counted as such.
 */
import { anyOctet, noOctet, type OctetSet, remembered, union } from './octets.ts'
import { minLength, type Node } from './tree.ts'

interface Cost {
  /** Of trying the node once, in all its ways, and of what follows where it fails at its first octet. */
  readonly steps: number
  /** Ways in which it can match, each of which is followed by a full try of the rest. */
  readonly ways: number
}

type ByLength<Value> = (length: number) => Value

/** What follows a node. */
interface Rest {
  /** What the next octet may be for the rest to match. */
  readonly octets: OctetSet
  /** Steps of a try where the next octet is none of them. */
  readonly failing: ByLength<number>
}

const one: Cost = { steps: 1, ways: 1 }
const infinite: Cost = { steps: Number.POSITIVE_INFINITY, ways: Number.POSITIVE_INFINITY }
/** A match is there. */
const accepted: Rest = { octets: anyOctet, failing: () => 0 }

/** Steps for a whole text of so many octets. */
export function stepsOf(root: Node): ByLength<number> {
  const cost = costOf(root, accepted)
  if (!isAnchored(root)) return length => (length + 1) * cost(length).steps
  const { failing } = before(root, accepted)
  return length => cost(length).steps + times(length, failing(length))
}

/** Whether it is tried at the start of the text alone. */
export function isAnchored(node: Node): boolean {
  switch (node.kind) {
    case 'anchor':
      return node.at === 'start'
    case 'sequence':
      return node.nodes.length > 0 && isAnchored(node.nodes[0]!)
    case 'choice':
      return node.nodes.length > 0 && node.nodes.every(isAnchored)
    case 'capture':
    case 'atomic':
      return isAnchored(node.node)
    default:
      return false
  }
}

function costOf(node: Node, rest: Rest): ByLength<Cost> {
  switch (node.kind) {
    case 'sequence':
      return costOfSequence(node.nodes, rest)
    case 'choice':
      return costOfChoice(node.nodes, rest)
    case 'repeat':
      return costOfRepeat(node, rest)
    case 'capture':
      return costOf(node.node, rest)
    case 'atomic':
    case 'look': {
      const inner = costOf(node.node, accepted)
      return length => ({ steps: inner(length).steps, ways: 1 })
    }
    case 'reference':
      return length => ({ steps: length + 1, ways: 1 })
    default:
      return () => one
  }
}

function costOfSequence(nodes: readonly Node[], rest: Rest): ByLength<Cost> {
  const costs: ByLength<Cost>[] = []
  let behind = rest
  for (const node of nodes.toReversed()) {
    costs.push(costOf(node, behind))
    behind = before(node, behind)
  }
  return length => {
    let after: Cost = { steps: 0, ways: 1 }
    for (const cost of costs) {
      const { steps, ways } = cost(length)
      after = { steps: steps + times(ways, after.steps), ways: times(ways, after.ways) }
    }
    return after
  }
}

function costOfChoice(nodes: readonly Node[], rest: Rest): ByLength<Cost> {
  const costs = nodes.map(node => costOf(node, rest))
  const beginnings = nodes.map(node => before(node, rest))
  const isOneOf = beginnings.every(({ octets }, index) =>
    beginnings.slice(index + 1).every(other => !overlap(octets, other.octets)),
  )
  return length => {
    const each = costs.map(cost => cost(length))
    const ways = each.map(cost => cost.ways)
    const steps = sum(each.map(cost => cost.steps)) + 1
    return isOneOf
      ? { steps: steps + sum(beginnings.map(({ failing }) => failing(length))), ways: Math.max(1, ...ways) }
      : { steps, ways: sum(ways) }
  }
}

function costOfRepeat(node: Node & { kind: 'repeat' }, rest: Rest): ByLength<Cost> {
  const { min, max, mode } = node
  const shortest = minLength(node.node)
  const own = before(node.node, accepted)
  const cost = costOf(node.node, max > 1 ? either(own, rest) : rest)
  const isFixed = max === min || mode === 'possessive'
  const isApart = shortest > 0 && !overlap(own.octets, rest.octets)
  return length => {
    const most = Math.min(max, Math.ceil((length + 1) / Math.max(1, shortest)))
    const { steps, ways } = cost(length)
    if (ways === 1 && shortest > 0) {
      const tries = times(most, steps) + 1
      if (isFixed) return { steps: tries, ways: 1 }
      const stops = Math.max(1, most - min + 1)
      return isApart
        ? { steps: tries + stops * rest.failing(length), ways: 1 }
        : { steps: tries, ways: stops }
    }
    if (most > mostTimes) return infinite
    let all = 0
    for (let count = 0; count <= most; count++) all += ways ** count
    return { steps: times(steps, all) + 1, ways: all }
  }
}

/** A repetition of what has several ways itself is counted out up to here. */
const mostTimes = 8

/** What stands before a node is followed by the node and its rest. */
function before(node: Node, rest: Rest): Rest {
  switch (node.kind) {
    case 'set':
      return { octets: node.set, failing: () => 1 }
    case 'sequence':
      return node.nodes.reduceRight<Rest>((behind, child) => before(child, behind), rest)
    case 'choice': {
      const each = node.nodes.map(child => before(child, rest))
      return {
        octets: each.map(({ octets }) => octets).reduce(join, noOctet),
        failing: onceALength(length => sum(each.map(({ failing }) => failing(length))) + 1),
      }
    }
    case 'repeat':
      return beforeRepeat(node, rest)
    case 'capture':
      return before(node.node, rest)
    case 'atomic': {
      const inner = before(node.node, rest)
      const cost = costOf(node, rest)
      return { octets: inner.octets, failing: adding(length => cost(length).steps, rest) }
    }
    case 'reference':
      return { octets: anyOctet, failing: () => 0 }
    case 'anchor':
      return { octets: rest.octets, failing: adding(() => 1, rest) }
    case 'look': {
      const cost = costOf(node, rest)
      return { octets: rest.octets, failing: adding(length => cost(length).steps, rest) }
    }
  }
}

function beforeRepeat({ node, min, max }: Node & { kind: 'repeat' }, rest: Rest): Rest {
  const own = before(node, rest)
  const octets = min === 0 ? join(own.octets, rest.octets) : own.octets
  // What can be empty can be empty many times.
  if (minLength(node) === 0 && max > 1) return { octets, failing: () => Number.POSITIVE_INFINITY }
  const failing: ByLength<number> = length => own.failing(length) + 1
  return { octets, failing: min === 0 ? adding(failing, rest) : failing }
}

const either = (own: Rest, rest: Rest): Rest => ({
  octets: join(own.octets, rest.octets),
  failing: adding(own.failing, rest),
})

const adding = (steps: ByLength<number>, { failing }: Rest): ByLength<number> =>
  onceALength(length => steps(length) + failing(length))

/** Asked for one length again and again, by everything that stands before. */
function onceALength(compute: ByLength<number>): ByLength<number> {
  let known = -1
  let result = 0
  return length => {
    if (length !== known) result = compute(length)
    known = length
    return result
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
/** Nothing to do is nothing, however often. */
const times = (count: number, steps: number): number => (count === 0 || steps === 0 ? 0 : count * steps)

const unions = remembered((_: OctetSet) => new Map<OctetSet, OctetSet>())

function join(set: OctetSet, other: OctetSet): OctetSet {
  if (set === other || other === noOctet) return set
  const known = unions(set)
  const both = known.get(other) ?? union([set, other])
  known.set(other, both)
  return both
}

const overlap = (set: OctetSet, other: OctetSet): boolean =>
  set.some((member, octet) => member === 1 && other[octet] === 1)

/** Steps by length, rounded up: four lengths for each power of two, each computed when it is asked for. */
export function stepTable(root: Node, longest: number): (length: number) => number {
  const table = new Float64Array(indexOf(longest) + 1).fill(-1)
  let steps: ((length: number) => number) | undefined
  return length => {
    const index = indexOf(length)
    const known = table[index] ?? Number.POSITIVE_INFINITY
    if (known >= 0) return known
    steps ??= stepsOf(root)
    table[index] = steps(lengthAt(index))
    return table[index]!
  }
}

/** 0 to 8 octets have a place each, then come quarters of powers of two. */
function indexOf(length: number): number {
  if (length <= 8) return length
  const power = 31 - Math.clz32(length - 1)
  const quarter = 2 ** (power - 2)
  return 8 + (power - 3) * 4 + Math.ceil((length - 2 ** power) / quarter)
}

function lengthAt(index: number): number {
  if (index <= 8) return index
  const power = 3 + ((index - 9) >> 2)
  return 2 ** power + (((index - 9) & 3) + 1) * 2 ** (power - 2)
}
