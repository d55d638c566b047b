/**
 * A Perl regular expression as a tree. Flags are gone: case is folded into the sets, `.` is a set, `^` and `$` are named by
 * what they mean.
 */
import type { OctetSet } from './octets.ts'

export type Anchor =
  | 'start' // \A, ^
  | 'line-start' // ^ with /m
  | 'end' // \z
  | 'last-line-end' // \Z, $
  | 'line-end' // $ with /m
  | 'word-edge'
  | 'no-word-edge'

export type Node =
  | { readonly kind: 'set'; readonly set: OctetSet }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly nodes: readonly Node[] }
  | {
      readonly kind: 'repeat'
      readonly node: Node
      readonly min: number
      readonly max: number
      readonly mode: 'greedy' | 'lazy' | 'possessive'
    }
  | { readonly kind: 'capture'; readonly node: Node; readonly index: number }
  | { readonly kind: 'atomic'; readonly node: Node }
  | { readonly kind: 'look'; readonly node: Node; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'anchor'; readonly at: Anchor }
  | { readonly kind: 'reference'; readonly index: number; readonly caseless: boolean }

export const nothing: Node = { kind: 'sequence', nodes: [] }
/** Matches nowhere. */
export const never: Node = { kind: 'choice', nodes: [] }

export const childrenOf = (node: Node): readonly Node[] => {
  switch (node.kind) {
    case 'sequence':
    case 'choice':
      return node.nodes
    case 'repeat':
    case 'capture':
    case 'atomic':
    case 'look':
      return [node.node]
    default:
      return []
  }
}

/** The node and everything below. */
export function walk(root: Node): readonly Node[] {
  const nodes: Node[] = [root]
  for (let at = 0; at < nodes.length; at++) for (const child of childrenOf(nodes[at]!)) nodes.push(child)
  return nodes
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Octets of the shortest match. */
export function minLength(node: Node): number {
  switch (node.kind) {
    case 'set':
      return 1
    case 'sequence':
      return sum(node.nodes.map(minLength))
    case 'choice':
      return node.nodes.length === 0 ? 0 : Math.min(...node.nodes.map(minLength))
    case 'repeat':
      return node.min === 0 ? 0 : node.min * minLength(node.node)
    case 'capture':
    case 'atomic':
      return minLength(node.node)
    default:
      return 0
  }
}

/** Octets of the longest match; infinite where there is no bound. */
export function maxLength(node: Node): number {
  switch (node.kind) {
    case 'set':
      return 1
    case 'sequence':
      return sum(node.nodes.map(maxLength))
    case 'choice':
      return Math.max(0, ...node.nodes.map(maxLength))
    case 'repeat': {
      const length = maxLength(node.node)
      return length === 0 ? 0 : length * node.max
    }
    case 'capture':
    case 'atomic':
      return maxLength(node.node)
    case 'reference':
      return Number.POSITIVE_INFINITY
    default:
      return 0
  }
}
