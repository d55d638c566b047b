/**
 * What is true of every match of an expression, without running it.
 */
import { isEmpty, lineFeed, type OctetSet, onlyOctet } from './octets.ts'
import { minLength, type Node, never, nothing, walk } from './tree.ts'

/** Without what cannot match: alternatives with a character above 255, empty classes. The whole may become `never`. */
export function simplify(node: Node): Node {
  switch (node.kind) {
    case 'set':
      return isEmpty(node.set) ? never : node
    case 'sequence': {
      const nodes = node.nodes.map(simplify)
      return nodes.some(isNever) ? never : { kind: 'sequence', nodes }
    }
    case 'choice': {
      const nodes = node.nodes.map(simplify).filter(child => !isNever(child))
      return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes }
    }
    case 'repeat': {
      const child = simplify(node.node)
      if (!isNever(child)) return { ...node, node: child }
      return node.min === 0 ? nothing : never
    }
    case 'look': {
      const child = simplify(node.node)
      if (!isNever(child)) return { ...node, node: child }
      return node.negative ? nothing : never
    }
    case 'capture':
    case 'atomic': {
      const child = simplify(node.node)
      return isNever(child) ? never : { ...node, node: child }
    }
    default:
      return node
  }
}

export const isNever = (node: Node): boolean => node.kind === 'choice' && node.nodes.length === 0

/** What Hyperscan does not have, by name; empty: it can take the expression as it is. */
export function beyondHyperscan(root: Node): string[] {
  const found = new Set<string>()
  for (const node of walk(root)) {
    if (node.kind === 'look') found.add(node.behind ? 'a lookbehind' : 'a lookahead')
    if (node.kind === 'atomic' || (node.kind === 'repeat' && node.mode === 'possessive'))
      found.add('an atomic group')
    if (node.kind === 'reference') found.add('a back reference')
  }
  return [...found]
}

export const hasAnchor = (root: Node): boolean =>
  walk(root).some(node => node.kind === 'anchor' && !node.at.endsWith('word-edge'))

/** Whether it speaks of line feeds, rather than of white space or of anything. */
export const namesLineFeed = (root: Node): boolean =>
  walk(root).some(node => node.kind === 'set' && node.set[lineFeed] === 1 && node.set[32] === 0)

/**
 * Whether a backtracking engine can take time exponential in the length of the text: a repetition without end of something
 * that is itself such a repetition, `(a+)+`, or has two ways for the same octet, `(a|a)*`.
 */
export function isExponential(root: Node): boolean {
  for (const node of walk(root)) {
    if (node.kind !== 'repeat' || node.mode === 'possessive' || node.max < 30) continue
    if (isOpenEnded(node.node) || hasTwoWays(node.node)) return true
  }
  return false
}

function isOpenEnded(node: Node): boolean {
  switch (node.kind) {
    case 'repeat':
      return node.mode !== 'possessive' && (node.max >= 30 || (node.max > 1 && isOpenEnded(node.node)))
    case 'capture':
      return isOpenEnded(node.node)
    case 'choice':
      return node.nodes.some(isOpenEnded)
    case 'sequence': {
      const solid = node.nodes.filter(child => minLength(child) > 0)
      if (solid.length > 1) return false
      return solid.length === 1 ? isOpenEnded(solid[0]!) : node.nodes.some(isOpenEnded)
    }
    default:
      return false
  }
}

function hasTwoWays(node: Node): boolean {
  if (node.kind === 'capture') return hasTwoWays(node.node)
  if (node.kind !== 'choice') return false
  const singles = node.nodes.flatMap(child => (child.kind === 'set' ? [child.set] : []))
  return singles.some((set, index) => singles.slice(index + 1).some(other => overlap(set, other)))
}

const overlap = (set: OctetSet, other: OctetSet): boolean =>
  set.some((member, octet) => member === 1 && other[octet] === 1)

/** One of these stands in every match, in lower case. */
export type Literals = readonly string[]

interface Found {
  /** The node matches this and nothing else (case apart). */
  readonly exact?: string
  /** Of each one stands in every match, in this order and apart from each other. */
  readonly rows: readonly Literals[]
}

const unknown: Found = { rows: [] }
const maximumAlternatives = 32
const quality = (literals: Literals | undefined): number =>
  literals === undefined ? 0 : Math.min(...literals.map(literal => literal.length)) - literals.length / 100
const best = (rows: readonly Literals[]): Literals | undefined =>
  rows.reduce<Literals | undefined>((one, other) => (quality(other) > quality(one) ? other : one), undefined)

/** The best literals that can be told; undefined where a match need not contain any. */
export const requiredLiterals = (root: Node): Literals | undefined => best(requiredRows(root))

/** Literals that stand in every match one behind the other, of each row one; the best few, and one that tells little if need be. */
export function requiredSequence(root: Node): readonly Literals[] {
  const rows = requiredRows(root)
  const telling = rows.filter(row => quality(row) > 1)
  if (telling.length === 0) return rows.slice(0, 1)
  const chosen = new Set(telling.toSorted((a, b) => quality(b) - quality(a)).slice(0, mostRows))
  return telling.filter(row => chosen.has(row))
}

const mostRows = 4

function requiredRows(root: Node): readonly Literals[] {
  const { exact, rows } = find(root)
  return exact === undefined ? rows : exact === '' ? [] : [[exact]]
}

function find(node: Node): Found {
  switch (node.kind) {
    case 'set': {
      const octet = onlyOctet(node.set)
      return octet === undefined ? unknown : { exact: String.fromCharCode(octet).toLowerCase(), rows: [] }
    }
    case 'sequence':
      return findInSequence(node.nodes)
    case 'choice':
      return findInChoice(node.nodes)
    case 'repeat':
      return findInRepeat(node)
    case 'capture':
    case 'atomic':
      return find(node.node)
    case 'anchor':
    case 'look':
      return { exact: '', rows: [] }
    case 'reference':
      return unknown
  }
}

function findInSequence(nodes: readonly Node[]): Found {
  let run = ''
  const rows: Literals[] = []
  let whole = true
  for (const child of nodes) {
    const found = find(child)
    if (found.exact !== undefined) {
      run += found.exact
      continue
    }
    whole = false
    if (run !== '') rows.push([run])
    run = ''
    rows.push(...found.rows)
  }
  if (whole) return { exact: run, rows: [] }
  return { rows: run === '' ? rows : [...rows, [run]] }
}

function findInChoice(nodes: readonly Node[]): Found {
  const literals = new Set<string>()
  for (const child of nodes) {
    const { exact, rows } = find(child)
    const options = exact === undefined ? best(rows) : exact === '' ? undefined : [exact]
    if (options === undefined) return unknown
    for (const option of options) literals.add(option)
  }
  return literals.size === 0 || literals.size > maximumAlternatives ? unknown : { rows: [[...literals]] }
}

function findInRepeat({ node, min, max }: Node & { kind: 'repeat' }): Found {
  if (min === 0) return unknown
  const { exact, rows } = find(node)
  if (exact === undefined) return { rows }
  const repeated = exact.repeat(Math.min(min, 64))
  if (min === max && min <= 64) return { exact: repeated, rows: [] }
  return repeated === '' ? unknown : { rows: [[repeated]] }
}
