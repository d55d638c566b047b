/**
 * A backtracking engine that counts: each octet, place or alternative it looks at is a step. It is what the estimate of
 * work.ts is held against; lookbehinds and back references it does not have.
 */

import type { Node } from '../../../../src/content/spamassassin/regex/tree.ts'
import { isAnchored } from '../../../../src/content/spamassassin/regex/work.ts'

type Then = (at: number) => boolean

export interface Search {
  readonly found: boolean
  readonly steps: number
}

/** Ends early, beyond `most` steps. */
export function search(root: Node, text: string, most: number): Search {
  let steps = 0
  const step = (): void => {
    steps++
    if (steps > most) throw new RangeError('too many steps')
  }
  const isWord = (at: number): boolean => /\w/.test(text.charAt(at))
  const holds = (node: Node & { kind: 'anchor' }, at: number): boolean => {
    switch (node.at) {
      case 'start':
        return at === 0
      case 'word-edge':
        return isWord(at - 1) !== isWord(at)
      case 'last-line-end':
        return at === text.length || (at === text.length - 1 && text[at] === '\n')
      default:
        throw new Error(`no ${node.at} here`)
    }
  }
  const row = (nodes: readonly Node[], at: number, then: Then): boolean =>
    nodes.length === 0 ? then(at) : run(nodes[0]!, at, next => row(nodes.slice(1), next, then))
  const firstOf = (tried: (then: Then) => boolean): number | undefined => {
    let end: number | undefined
    tried(place => {
      end = place
      return true
    })
    return end
  }
  const first = (node: Node, at: number): number | undefined => firstOf(then => run(node, at, then))
  const again = (node: Node & { kind: 'repeat' }, count: number, at: number, then: Then): boolean => {
    const more = () =>
      count < node.max &&
      run(node.node, at, next => (next > at || count < node.min) && again(node, count + 1, next, then))
    const enough = () => count >= node.min && then(at)
    return node.mode === 'lazy' ? enough() || more() : more() || enough()
  }
  const run = (node: Node, at: number, then: Then): boolean => {
    switch (node.kind) {
      case 'set':
        step()
        return node.set[text.charCodeAt(at)] === 1 && then(at + 1)
      case 'anchor':
        step()
        return holds(node, at) && then(at)
      case 'sequence':
        return row(node.nodes, at, then)
      case 'choice':
        step()
        return node.nodes.some(child => run(child, at, then))
      case 'capture':
        return run(node.node, at, then)
      case 'repeat': {
        step()
        if (node.mode !== 'possessive') return again(node, 0, at, then)
        const end = firstOf(place => again(node, 0, at, place))
        return end !== undefined && then(end)
      }
      case 'atomic': {
        const end = first(node.node, at)
        return end !== undefined && then(end)
      }
      case 'look':
        return (first(node.node, at) !== undefined) !== node.negative && then(at)
      case 'reference':
        throw new Error('no back references here')
    }
  }
  const last = isAnchored(root) ? 0 : text.length
  for (let start = 0; start <= last; start++) if (run(root, start, () => true)) return { found: true, steps }
  return { found: false, steps }
}
