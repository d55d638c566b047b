/**
 * Reads what begins with a backslash. `\Q…\E` is none of it: Perl knows it in source text only, and SpamAssassin refuses it as
 * well.
 */
import {
  complement,
  digit,
  horizontalSpace,
  type OctetSet,
  property,
  single,
  space,
  verticalSpace,
  word,
} from './octets.ts'
import { type Flags, octetNode, type Reader, setNode } from './reader.ts'
import { type Anchor, type Node, never } from './tree.ts'

const sets = new Map<string, OctetSet>([
  ['d', digit],
  ['w', word],
  ['s', space],
  ['h', horizontalSpace],
  ['v', verticalSpace],
])

/** An escape for several octets: `\d`, `\S`, `\p{L}`; undefined where there is none, and then nothing was read. */
export function classEscape(reader: Reader): OctetSet | undefined {
  const letter = reader.peek(2).slice(1)
  const set = sets.get(letter.toLowerCase())
  if (set !== undefined) {
    reader.take(2)
    return letter === letter.toLowerCase() ? set : complement(set)
  }
  const found = reader.match(/\\([pP])(?:\{(\^?)([\w =:-]+)\}|(\w))/y)
  if (found === undefined) return undefined
  const name = (found[3] ?? found[4])!
  const named = property(name.replaceAll(' ', '').replace(':', '='))
  if (named === undefined) reader.fail(`the property ${name}`)
  return (found[1] === 'P') !== (found[2] === '^') ? complement(named) : named
}

const controls = new Map<string, number>([
  ['t', 9],
  ['n', 10],
  ['r', 13],
  ['f', 12],
  ['e', 27],
  ['a', 7],
])

/** An escape for one character: its code point. */
export function readCodePoint(reader: Reader): number {
  const found =
    reader.match(/\\x\{\s*([0-9A-Fa-f_]*)\s*\}/y) ??
    reader.match(/\\x([0-9A-Fa-f]{0,2})/y) ??
    reader.match(/\\N\{U\+([0-9A-Fa-f]+)\}/y)
  if (found !== undefined) return Number.parseInt(found[1]!.replaceAll('_', '') || '0', 16)
  const octal = reader.match(/\\o\{([0-7]+)\}/y) ?? reader.match(/\\([0-7]{1,3})/y)
  if (octal !== undefined) return Number.parseInt(octal[1]!, 8)
  const control = reader.match(/\\c([\x20-\x7e])/y)
  if (control !== undefined) return control[1]!.toUpperCase().charCodeAt(0) ^ 64
  reader.take()
  if (reader.done) reader.fail('a backslash at the end')
  const character = reader.take()
  const code = controls.get(character)
  if (code !== undefined) return code
  if (/[A-Za-z0-9]/.test(character)) reader.fail(`the escape \\${character}`)
  return character.charCodeAt(0)
}

const anchors = new Map<string, Anchor>([
  ['A', 'start'],
  ['z', 'end'],
  ['Z', 'last-line-end'],
  ['b', 'word-edge'],
  ['B', 'no-word-edge'],
])

/** `\R`: a line end of any kind. */
const lineEnd: Node = {
  kind: 'atomic',
  node: {
    kind: 'choice',
    nodes: [
      {
        kind: 'sequence',
        nodes: [
          { kind: 'set', set: single(13) },
          { kind: 'set', set: single(10) },
        ],
      },
      { kind: 'set', set: verticalSpace },
    ],
  },
}

export function parseEscape(reader: Reader, flags: Flags): Node {
  const reference = parseReference(reader, flags)
  if (reference !== undefined) return reference
  const set = classEscape(reader)
  if (set !== undefined) return setNode(set, flags)
  if (reader.peek(2) === '\\N' && reader.peek(4) !== '\\N{U') {
    reader.take(2)
    return { kind: 'set', set: complement(single(10)) }
  }
  if (reader.skips('\\R')) return lineEnd
  const letter = reader.peek(2).slice(1)
  const anchor = anchors.get(letter)
  if (anchor !== undefined) {
    if (letter.toLowerCase() === 'b' && reader.peek(3).endsWith('{'))
      return reader.fail(`the edge \\${letter}{…}`)
    reader.take(2)
    return { kind: 'anchor', at: anchor }
  }
  const code = readCodePoint(reader)
  return code > 255 ? never : octetNode(code, flags)
}

function parseReference(reader: Reader, flags: Flags): Node | undefined {
  const found =
    reader.match(/\\([1-9])(?![0-9])/y) ??
    reader.match(/\\g\{?(-?\d+)\}?/y) ??
    reader.match(/\\[kg](?:\{\s*([A-Za-z_]\w*)\s*\}|<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/y)
  if (found === undefined) return undefined
  const text = found.slice(1).find(part => part !== undefined)!
  const number = Number(text)
  const index = Number.isNaN(number)
    ? (reader.names.get(text) ?? reader.fail(`a reference to ${text} before that group`))
    : number < 0
      ? reader.captures + 1 + number
      : number
  if (index < 1) return reader.fail('a reference to a group before the first')
  reader.references.push({ index })
  return { kind: 'reference', index, caseless: flags.caseless }
}
