/**
 * How many steps a backtracking engine takes for an expression at most, by the length of the text: an estimate from above
 * by its form, for deciding where it may run without a clock.
 *
 * Promises: grows with the length; what cannot be told is infinite. It multiplies the ways that can be gone behind one
 * another, and takes a repetition for one way where what follows cannot begin like what is repeated.
 */
import { anyOctet, noOctet, type OctetSet, remembered, union } from './octets.ts'
import { minLength, type Node } from './tree.ts'

interface Cost {
  /** Of trying the node once, in all its ways. */
  readonly steps: number
  /** Ways in which it can match, each of which is followed by a try of the rest. */
  readonly ways: number
}

type CostOf = (length: number) => Cost

const one: Cost = { steps: 1, ways: 1 }
const single: CostOf = () => one
const infinite: Cost = { steps: Number.POSITIVE_INFINITY, ways: Number.POSITIVE_INFINITY }

/** Steps for a whole text of so many octets. */
export function stepsOf(root: Node): (length: number) => number {
  const isOnce = isAnchored(root)
  const cost = costOf(root, anyOctet)
  return length => (isOnce ? 1 : length + 1) * cost(length).steps
}

function isAnchored(node: Node): boolean {
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

/** `follow`: what the next octet may be for the rest to match. */
function costOf(node: Node, follow: OctetSet): CostOf {
  switch (node.kind) {
    case 'sequence':
      return costOfSequence(node.nodes, follow)
    case 'choice':
      return costOfChoice(node.nodes, follow)
    case 'repeat':
      return costOfRepeat(node, follow)
    case 'capture':
      return costOf(node.node, follow)
    case 'atomic':
    case 'look': {
      const inner = costOf(node.node, anyOctet)
      return length => ({ steps: inner(length).steps, ways: 1 })
    }
    case 'reference':
      return length => ({ steps: length + 1, ways: 1 })
    default:
      return single
  }
}

function costOfSequence(nodes: readonly Node[], follow: OctetSet): CostOf {
  const costs: CostOf[] = []
  let behind = follow
  for (const node of nodes.toReversed()) {
    costs.push(costOf(node, behind))
    behind = beginning(node, behind)
  }
  return length => {
    let rest = one
    for (const cost of costs) {
      const { steps, ways } = cost(length)
      rest = { steps: steps + ways * rest.steps, ways: ways * rest.ways }
    }
    return rest
  }
}

function costOfChoice(nodes: readonly Node[], follow: OctetSet): CostOf {
  const costs = nodes.map(node => costOf(node, follow))
  const beginnings = nodes.map(node => beginning(node, follow))
  const isOneOf = beginnings.every((set, index) =>
    beginnings.slice(index + 1).every(other => !overlap(set, other)),
  )
  return length => {
    const each = costs.map(cost => cost(length))
    const ways = each.map(cost => cost.ways)
    return {
      steps: each.reduce((sum, { steps }) => sum + steps, 1),
      ways: isOneOf ? Math.max(1, ...ways) : ways.reduce((sum, more) => sum + more, 0),
    }
  }
}

function costOfRepeat({ node, min, max, mode }: Node & { kind: 'repeat' }, follow: OctetSet): CostOf {
  const shortest = minLength(node)
  const own = beginning(node, noOctet)
  const cost = costOf(node, max > 1 ? join(own, follow) : follow)
  const isFixed = max === min || mode === 'possessive' || (shortest > 0 && !overlap(own, follow))
  return length => {
    const most = Math.min(max, Math.ceil((length + 1) / Math.max(1, shortest)))
    const { steps, ways } = cost(length)
    if (ways === 1 && shortest > 0)
      return { steps: most * steps + 1, ways: isFixed ? 1 : Math.max(1, most - min + 1) }
    if (most > mostTimes) return infinite
    let sum = 0
    for (let times = 0; times <= most; times++) sum += ways ** times
    return { steps: steps * sum, ways: sum }
  }
}

/** A repetition of what has several ways itself is counted out up to here. */
const mostTimes = 8

/** Octets with which it can begin; what can be empty begins like what follows. */
function beginning(node: Node, follow: OctetSet): OctetSet {
  switch (node.kind) {
    case 'set':
      return node.set
    case 'sequence': {
      let behind = follow
      for (const child of node.nodes.toReversed()) behind = beginning(child, behind)
      return behind
    }
    case 'choice':
      return node.nodes.map(child => beginning(child, follow)).reduce(join, noOctet)
    case 'repeat': {
      const own = beginning(node.node, follow)
      return node.min === 0 ? join(own, follow) : own
    }
    case 'capture':
    case 'atomic':
      return beginning(node.node, follow)
    case 'reference':
      return anyOctet
    case 'anchor':
    case 'look':
      return follow
  }
}

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
