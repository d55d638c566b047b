/**
 * Writes a tree again, as PCRE for Hyperscan or as a JavaScript RegExp for octets (latin1, no flag `u`).
 *
 * The frame says what the string is that the expression looks at, for the scanner's records are not SpamAssassin's strings:
 * - `value`: the very string that SpamAssassin would look at. JavaScript only.
 * - `record`: a URL: no line ends; the record ends where SpamAssassin has a line feed more.
 * - `field`: the same for a header field, in which a fold is whatever white space began the next line; SpamAssassin has made
 *   it one blank.
 * - `lines`: readable text, whose paragraphs SpamAssassin looks at one by one: `^` and `$` are the ends of a paragraph, and
 *   nothing matches across a line feed.
 * - `wire`: lines that may end with CRLF, which SpamAssassin has made LF.
 *
 * Promises: no flag is needed for either form but `i` for PCRE (`caseless`); what case means is written out in JavaScript.
 */
import {
  complement,
  isCaseless,
  lineFeed,
  members,
  type OctetSet,
  range,
  remembered,
  single,
  withoutLineFeed,
} from './octets.ts'
import { type Anchor, minLength, type Node, walk } from './tree.ts'

export type Frame = 'value' | 'record' | 'field' | 'lines' | 'wire'

export interface Printed {
  readonly text: string
  /** For PCRE: whether the flag `i` belongs to it. */
  readonly caseless: boolean
}

interface Dialect {
  readonly frame: Frame
  readonly script: boolean
  readonly caseless: boolean
  /** Groups that something refers to. */
  readonly referenced: ReadonlySet<number>
  atomics: number
}

const referencedIn = (root: Node): Set<number> =>
  new Set(walk(root).flatMap(node => (node.kind === 'reference' ? [node.index] : [])))

export function printScript(root: Node, frame: Frame): string {
  const dialect = { frame, script: true, caseless: false, referenced: referencedIn(root), atomics: 0 }
  return print(root, dialect, true)
}

export function printPcre(root: Node, frame: Exclude<Frame, 'value'>): Printed {
  const caseless = walk(root).every(node =>
    node.kind === 'set' ? isCaseless(node.set) : node.kind !== 'reference' || node.caseless,
  )
  const dialect = { frame, script: false, caseless, referenced: referencedIn(root), atomics: 0 }
  return { text: print(root, dialect, true), caseless }
}

/** `last`: everything behind it may be empty, so that a line feed at its end is still the end of the paragraph. */
function print(node: Node, dialect: Dialect, last: boolean): string {
  switch (node.kind) {
    case 'set':
      return printSet(node.set, dialect, last)
    case 'sequence':
      return node.nodes
        .map((child, index) => {
          const text = print(
            child,
            dialect,
            last && node.nodes.slice(index + 1).every(next => minLength(next) === 0),
          )
          return child.kind === 'choice' ? `(?:${text})` : text
        })
        .join('')
    case 'choice':
      return node.nodes.length === 0 ? '(?!)' : node.nodes.map(child => print(child, dialect, last)).join('|')
    case 'repeat':
      return printRepeat(node, dialect, last)
    case 'capture':
      return printCapture(node, dialect, last)
    case 'atomic':
      return printAtomic(node.node, dialect, last)
    case 'look':
      return `(?${node.behind ? '<' : ''}${node.negative ? '!' : '='}${print(node.node, dialect, true)})`
    case 'anchor':
      return dialect.script ? scriptAnchors[dialect.frame][node.at] : pcreAnchors[dialect.frame][node.at]
    case 'reference': {
      const text = dialect.script ? `\\k<g${node.index}>` : `\\${node.index}`
      return node.caseless && !dialect.caseless ? `(?i:${text})` : text
    }
  }
}

function printCapture(node: Node & { kind: 'capture' }, dialect: Dialect, last: boolean): string {
  const text = print(node.node, dialect, last)
  if (dialect.referenced.size === 0) return `(?:${text})`
  if (!dialect.script) return `(${text})`
  return dialect.referenced.has(node.index) ? `(?<g${node.index}>${text})` : `(?:${text})`
}

/** JavaScript has no atomic groups, but what a lookahead has found stays found. */
function printAtomic(node: Node, dialect: Dialect, last: boolean): string {
  const text = print(node, dialect, last)
  if (!dialect.script) return `(?>${text})`
  const name = `a${++dialect.atomics}`
  return `(?=(?<${name}>${text}))\\k<${name}>`
}

function printRepeat(node: Node & { kind: 'repeat' }, dialect: Dialect, last: boolean): string {
  if (node.mode === 'possessive') return printAtomic({ ...node, mode: 'greedy' }, dialect, last)
  const { min, max } = node
  // A counted blank is one blank.
  const child =
    node.node.kind === 'set' && dialect.frame === 'field'
      ? printOctets(node.node.set, dialect)
      : print(node.node, dialect, last && (max <= 1 || node.node.kind === 'set'))
  const atom = node.node.kind === 'set' && !child.includes('(') ? child : `(?:${child})`
  return `${atom}${bounds(min, max)}${node.mode === 'lazy' ? '?' : ''}`
}

function bounds(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  if (min === 0 && max === 1) return '?'
  return min === max ? `{${min}}` : `{${min},${max}}`
}

/**
 * Perl sees no line behind the last line feed, and none behind a carriage return. V8 finds `(?m:^)` quickly; the rest is
 * only looked at there.
 */
const lineStart = '(?m:^)(?:(?<![^])|(?<!\\r)(?!$))'

const wholeRecord: Record<Anchor, string> = {
  start: '^',
  'line-start': '^',
  end: '$',
  'last-line-end': '$',
  'line-end': '$',
  'word-edge': '\\b',
  'no-word-edge': '\\B',
}

const scriptAnchors: Record<Frame, Record<Anchor, string>> = {
  value: {
    start: '^',
    'line-start': lineStart,
    end: '$',
    'last-line-end': '(?=\\n?$)',
    'line-end': '(?![^\\n])',
    'word-edge': '\\b',
    'no-word-edge': '\\B',
  },
  record: wholeRecord,
  field: wholeRecord,
  lines: {
    start: '(?<![^\\n])',
    'line-start': '(?<![^\\n])',
    end: '(?![^\\n])',
    'last-line-end': '(?![^\\n])',
    'line-end': '(?![^\\n])',
    'word-edge': '\\b',
    'no-word-edge': '\\B',
  },
  wire: {
    start: '^',
    'line-start': lineStart,
    end: '$',
    'last-line-end': '(?=(?:\\r?\\n)?$)',
    'line-end': '(?=\\r?(?![^\\n]))',
    'word-edge': '\\b',
    'no-word-edge': '\\B',
  },
}

const pcreAnchors: Record<Frame, Record<Anchor, string>> = {
  value: scriptAnchors.value,
  record: wholeRecord,
  field: wholeRecord,
  lines: {
    ...scriptAnchors.lines,
    start: '(?m:^)',
    'line-start': '(?m:^)',
    end: '(?m:$)',
    'last-line-end': '(?m:$)',
    'line-end': '(?m:$)',
  },
  wire: {
    ...scriptAnchors.wire,
    'line-start': '(?m:^)',
    end: '\\z',
    // A carriage return before the end is eaten rather than looked at: Hyperscan has no lookahead.
    'last-line-end': '\\r?$',
    'line-end': '\\r?(?m:$)',
  },
}

function printSet(set: OctetSet, dialect: Dialect, last: boolean): string {
  if (dialect.frame === 'field' && set === blank) return '[ \\t]+'
  if (dialect.frame === 'lines' && !last) return printOctets(withoutLineFeed(set), dialect)
  if (dialect.frame !== 'wire' || set[lineFeed] === 0 || set[13] === 1) return printOctets(set, dialect)
  const rest = withoutLineFeed(set)
  return rest.includes(1) ? `(?:\\r?\\n|${printOctets(rest, dialect)})` : '(?:\\r?\\n)'
}

const blank = single(32)
const capitals = range(65, 90)

const printOctets = (set: OctetSet, { script, caseless }: Dialect): string =>
  (script ? printForScript : caseless ? printCaseless : printCased)(set)

const printForScript = remembered(set => printClass(set, false, '(?!)', '[^]'))
const printCased = remembered(set => printClass(set, false, noneOfPcre, allOfPcre))
const printCaseless = remembered(set => printClass(set, true, noneOfPcre, allOfPcre))
const noneOfPcre = '[^\\x00-\\xff]'
const allOfPcre = '[\\x00-\\xff]'

function printClass(set: OctetSet, caseless: boolean, none: string, all: string): string {
  const named = (octet: number) => !caseless || capitals[octet] === 0
  const octets = members(set).filter(named)
  if (octets.length === 1) return printOctet(octets[0]!)
  if (octets.length === 0) return none
  const missing = members(complement(set)).filter(named)
  if (missing.length === 0) return all
  return missing.length < octets.length ? `[^${printRanges(missing)}]` : `[${printRanges(octets)}]`
}

function printRanges(octets: readonly number[]): string {
  let text = ''
  for (let at = 0; at < octets.length; ) {
    let end = at
    while (octets[end + 1] === octets[end]! + 1) end++
    text += printOctet(octets[at]!)
    if (end > at + 1) text += '-'
    if (end > at) text += printOctet(octets[end]!)
    at = end + 1
  }
  return text
}

function printOctet(octet: number): string {
  const character = String.fromCharCode(octet)
  if (/[A-Za-z0-9_ <>@:;,'"%&=~`#]/.test(character)) return character
  if (octet > 32 && octet < 127) return `\\${character}`
  return `\\x${octet.toString(16).padStart(2, '0')}`
}
