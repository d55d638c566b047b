/** Reads a class in brackets. It gives a set of octets; code points above 255 cannot occur and match nothing. */
import { classEscape, readCodePoint } from './escape.ts'
import { complement, folded, noOctet, type OctetSet, posixClasses, range, single, union } from './octets.ts'
import type { Flags, Reader } from './reader.ts'

export function parseClass(reader: Reader, flags: Flags): OctetSet {
  reader.take()
  const negative = reader.skips('^')
  const sets: OctetSet[] = []
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    if (reader.done) reader.fail('a class that is not closed')
    sets.push(parseMember(reader))
  }
  reader.take()
  const set = union(sets)
  const result = flags.caseless ? folded(set) : set
  return negative ? complement(result) : result
}

function parseMember(reader: Reader): OctetSet {
  const posix = reader.match(/\[:(\^?)(\w+):\]/y)
  if (posix !== undefined) {
    const set = posixClasses.get(posix[2]!)
    if (set === undefined) reader.fail(`the class [:${posix[2]}:]`)
    return posix[1] === '' ? set : complement(set)
  }
  const from = parseEnd(reader)
  if (typeof from !== 'number') return from
  if (reader.peek() !== '-' || reader.peek(2) === '-]') return octet(from)
  const hyphen = reader.position
  reader.take()
  const to = reader.match(/\[:(\^?)(\w+):\]/y) === undefined ? parseEnd(reader) : noOctet
  if (typeof to !== 'number') {
    // `a-\d` is an `a`, a hyphen and digits.
    reader.position = hyphen
    return octet(from)
  }
  if (to < from) reader.fail('a range that ends before it begins')
  return from > 255 ? noOctet : range(from, Math.min(to, 255))
}

const octet = (code: number): OctetSet => (code > 255 ? noOctet : single(code))

/** One end of a range: a code point, or a set where an escape stands for several. */
function parseEnd(reader: Reader): number | OctetSet {
  if (reader.peek() !== '\\') return reader.take().charCodeAt(0)
  const set = classEscape(reader)
  return set ?? (reader.skips('\\b') ? 8 : readCodePoint(reader))
}
