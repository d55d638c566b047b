/**
 * Reads a Perl regular expression, as SpamAssassin compiles it: a string of octets, `/aa`.
 *
 * Promises: never throws for what is written; one pass; depth and length are bounded; what it does not know it refuses with
 * a sentence rather than guess. The expression comes one octet a character (latin1).
 * Leaves out: delimiters (`delimited.ts`), classes (`class.ts`), escapes (`escape.ts`).
 */
import { parseClass } from './class.ts'
import { parseEscape } from './escape.ts'
import { anyButLineFeed, anyOctet } from './octets.ts'
import { type Flags, noFlags, octetNode, Reader, RegexProblem, setNode, withFlags } from './reader.ts'
import { maxLength, minLength, type Node, never, nothing, walk } from './tree.ts'

export interface Expression {
  readonly root: Node
  /** Names of groups, as `(?<name>…)`. */
  readonly names: ReadonlyMap<string, number>
}

export const maximumLength = 262_144
const maximumDepth = 100
const maximumRepeat = 32_766

export function parseExpression(text: string, flags: Flags): Expression | RegexProblem {
  if (text.length > maximumLength) return new RegexProblem(`longer than ${maximumLength} octets`)
  const reader = new Reader(text)
  try {
    const root = parseChoice(reader, flags)
    if (!reader.done) return new RegexProblem('a closing parenthesis that nothing opened')
    for (const { index } of reader.references) {
      if (typeof index === 'string' ? !reader.names.has(index) : index > reader.captures)
        return new RegexProblem(`a reference to group ${index}, which does not exist`)
    }
    return { root, names: reader.names }
  } catch (problem) {
    if (problem instanceof RegexProblem) return problem
    throw problem
  }
}

/** Alternatives up to a closing parenthesis or the end. `(?i)` changes the flags of what follows, alternatives included. */
function parseChoice(reader: Reader, initial: Flags): Node {
  if (++reader.depth > maximumDepth) reader.fail(`groups nested deeper than ${maximumDepth}`)
  const scope = { flags: initial }
  const alternatives: Node[] = []
  do alternatives.push(parseSequence(reader, scope))
  while (reader.skips('|'))
  reader.depth--
  return alternatives.length === 1 ? alternatives[0]! : { kind: 'choice', nodes: alternatives }
}

function parseSequence(reader: Reader, scope: { flags: Flags }): Node {
  const nodes: Node[] = []
  while (!reader.done && reader.peek() !== '|' && reader.peek() !== ')') {
    if (scope.flags.extended && reader.match(/(?:\s|#[^\n]*)+/y)) continue
    const atom = parseAtom(reader, scope)
    if (atom !== undefined) nodes.push(parseQuantifiers(reader, atom, scope.flags))
  }
  return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes }
}

/** One atom; undefined for what only changes flags or says nothing. */
function parseAtom(reader: Reader, scope: { flags: Flags }): Node | undefined {
  const { flags } = scope
  const character = reader.peek()
  switch (character) {
    case '(':
      return parseGroup(reader, scope)
    case '[':
      return setNode(parseClass(reader, flags), noFlags)
    case '\\':
      return parseEscape(reader, flags)
    case '.':
      reader.take()
      return { kind: 'set', set: flags.dotall ? anyOctet : anyButLineFeed }
    case '^':
      reader.take()
      return { kind: 'anchor', at: flags.multiline ? 'line-start' : 'start' }
    case '$':
      reader.take()
      return { kind: 'anchor', at: flags.multiline ? 'line-end' : 'last-line-end' }
    case '*':
    case '+':
    case '?':
      return reader.fail(`the quantifier ${character} with nothing before it`)
    default:
      reader.take()
      return octetNode(character.charCodeAt(0), flags)
  }
}

const counted = /\{\s*(\d+)\s*\}|\{\s*(\d+)\s*,\s*(\d*)\s*\}|\{\s*,\s*(\d+)\s*\}/y

function readQuantifier(reader: Reader): { min: number; max: number } | undefined {
  if (reader.skips('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
  if (reader.skips('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
  if (reader.skips('?')) return { min: 0, max: 1 }
  if (reader.peek() !== '{') return undefined
  const found = reader.match(counted)
  if (found === undefined) return undefined
  const [, exact, from, to, upTo] = found
  if (exact !== undefined) return { min: Number(exact), max: Number(exact) }
  if (upTo !== undefined) return { min: 0, max: Number(upTo) }
  return { min: Number(from), max: to === '' ? Number.POSITIVE_INFINITY : Number(to) }
}

function parseQuantifiers(reader: Reader, atom: Node, flags: Flags): Node {
  if (flags.extended) reader.match(/\s+/y)
  const bounds = readQuantifier(reader)
  if (bounds === undefined) return atom
  const { min, max } = bounds
  if (min > maximumRepeat || (Number.isFinite(max) && max > maximumRepeat))
    reader.fail(`a repetition of more than ${maximumRepeat}`)
  const mode = reader.skips('?') ? 'lazy' : reader.skips('+') ? 'possessive' : 'greedy'
  if (/[*+?]/.test(reader.peek())) reader.fail('a quantifier behind a quantifier')
  // Perl takes {3,2} for something that never matches.
  return min > max ? never : { kind: 'repeat', node: atom, min, max, mode }
}

function parseGroup(reader: Reader, scope: { flags: Flags }): Node | undefined {
  reader.take()
  if (reader.skips('*')) return reader.fail('a backtracking verb such as (*SKIP)')
  if (!reader.skips('?')) {
    if (scope.flags.noCapture) return closed(reader, scope.flags)
    const index = ++reader.captures
    return { kind: 'capture', index, node: closed(reader, scope.flags) }
  }
  if (reader.match(/#[^)]*\)/y)) return undefined
  const named = reader.match(/P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)'/y)
  if (named !== undefined) {
    const index = ++reader.captures
    const name = named[1] ?? named[2]!
    if (!reader.names.has(name)) reader.names.set(name, index)
    return { kind: 'capture', index, node: closed(reader, scope.flags) }
  }
  for (const [opening, behind, negative] of looks) {
    if (!reader.skips(opening)) continue
    const node = closed(reader, scope.flags)
    // Perl, too, has them of one length only, or as an experiment that SpamAssassin refuses.
    if (behind && !hasFixedLength(node)) reader.fail('a lookbehind without a fixed length')
    return { kind: 'look', behind, negative, node }
  }
  if (reader.skips('>')) return { kind: 'atomic', node: closed(reader, scope.flags) }
  return parseFlagGroup(reader, scope)
}

const looks = [
  ['=', false, false],
  ['!', false, true],
  ['<=', true, false],
  ['<!', true, true],
] as const

/** Alternatives may differ from each other. */
function hasFixedLength(node: Node): boolean {
  if (node.kind === 'choice') return node.nodes.every(hasFixedLength)
  return (
    minLength(node) === maxLength(node) &&
    walk(node).every(({ kind }) => kind !== 'atomic' && kind !== 'look')
  )
}

function parseFlagGroup(reader: Reader, scope: { flags: Flags }): Node | undefined {
  const found = reader.match(/([a-z]*)(?:-([a-z]*))?([:)])/y)
  if (found === undefined)
    return reader.fail(`the group (?${reader.peek(2)}…, such as recursion, a condition or code`)
  const [, on = '', off = '', end] = found
  const set = withFlags(scope.flags, on, true)
  const flags = set === undefined ? undefined : withFlags(set, off, false)
  if (flags === undefined) return reader.fail(`the flags (?${on}${off === '' ? '' : `-${off}`})`)
  if (end === ':') return closed(reader, flags)
  scope.flags = flags
  return nothing
}

function closed(reader: Reader, flags: Flags): Node {
  const node = parseChoice(reader, flags)
  if (!reader.skips(')')) reader.fail('a group that is not closed')
  return node
}
