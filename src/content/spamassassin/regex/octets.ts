/**
 * Sets of octets: what one position of a regular expression may be.
 *
 * Promises: immutable; case is folded as Perl folds it in a string of octets (ASCII, and the letters of Latin-1 among
 * themselves), white space, digits and word characters are those of ASCII (Perl's `/aa`, which SpamAssassin compiles with).
 */
/** 1 where the octet belongs to the set. */
export type OctetSet = Readonly<Uint8Array>

const size = 256

/** Equal sets are one object: expressions use the same few hundred again and again. */
const known = new Map<string, OctetSet>()

function intern(set: Uint8Array): OctetSet {
  const key = Buffer.from(set.buffer).toString('latin1')
  const same = known.get(key)
  if (same === undefined) known.set(key, set)
  return same ?? set
}

function setOf(test: (octet: number) => boolean): OctetSet {
  const set = new Uint8Array(size)
  for (let octet = 0; octet < size; octet++) set[octet] = test(octet) ? 1 : 0
  return intern(set)
}

/** Asked once for each set. */
export function remembered<Result>(compute: (set: OctetSet) => Result): (set: OctetSet) => Result {
  const results = new WeakMap<OctetSet, { readonly result: Result }>()
  return set => {
    let entry = results.get(set)
    if (entry === undefined) {
      entry = { result: compute(set) }
      results.set(set, entry)
    }
    return entry.result
  }
}

export const noOctet = setOf(() => false)
export const anyOctet = setOf(() => true)
export const lineFeed = 10
const singles = Array.from({ length: size }, (_, octet) => setOf(other => other === octet))
export const single = (octet: number): OctetSet => singles[octet]!
export const range = (from: number, to: number): OctetSet => setOf(octet => octet >= from && octet <= to)
export const complement = (set: OctetSet): OctetSet => setOf(octet => set[octet] === 0)
export function union(sets: readonly OctetSet[]): OctetSet {
  const result = new Uint8Array(size)
  for (const set of sets) for (let octet = 0; octet < size; octet++) result[octet]! |= set[octet]!
  return intern(result)
}
export const withoutLineFeed = remembered(
  (set: OctetSet): OctetSet => setOf(octet => set[octet] === 1 && octet !== lineFeed),
)
export const isEmpty = remembered((set: OctetSet): boolean => !set.includes(1))
export function members(set: OctetSet): number[] {
  const octets: number[] = []
  for (let octet = 0; octet < size; octet++) if (set[octet] === 1) octets.push(octet)
  return octets
}

const text = (characters: string): OctetSet => setOf(octet => characters.includes(String.fromCharCode(octet)))
const match = (expression: RegExp): OctetSet => setOf(octet => expression.test(String.fromCharCode(octet)))

export const anyButLineFeed = complement(single(lineFeed))
export const digit = range(48, 57)
export const word = match(/[A-Za-z0-9_]/)
export const space = text(' \t\n\v\f\r')
export const horizontalSpace = text(' \t\xa0')
export const verticalSpace = text('\n\v\f\r\x85')

/** The classes of `[[:name:]]`, ASCII. */
export const posixClasses = new Map<string, OctetSet>([
  ['alpha', match(/[A-Za-z]/)],
  ['digit', digit],
  ['alnum', match(/[A-Za-z0-9]/)],
  ['upper', match(/[A-Z]/)],
  ['lower', match(/[a-z]/)],
  ['space', space],
  ['blank', text(' \t')],
  ['punct', match(/[!-/:-@[-`{-~]/)],
  ['print', range(32, 126)],
  ['graph', range(33, 126)],
  ['cntrl', union([range(0, 31), single(127)])],
  ['xdigit', match(/[0-9A-Fa-f]/)],
  ['word', word],
  ['ascii', range(0, 127)],
])

/** `\p{name}` on octets, which Perl reads as the code points 0 to 255. Undefined: no such property. */
export function property(name: string): OctetSet | undefined {
  for (const spelling of [name, name.replace(/^Is_?/, ''), `Script=${name}`, `Script_Extensions=${name}`]) {
    try {
      const expression = new RegExp(`^\\p{${spelling}}$`, 'u')
      return setOf(octet => expression.test(String.fromCharCode(octet)))
    } catch {
      // Not a name of that kind.
    }
  }
  return undefined
}

/** The other case of a letter; the octet itself where there is none. */
export function otherCase(octet: number): number {
  if ((octet >= 65 && octet <= 90) || (octet >= 0xc0 && octet <= 0xde && octet !== 0xd7)) return octet + 32
  if ((octet >= 97 && octet <= 122) || (octet >= 0xe0 && octet <= 0xfe && octet !== 0xf7)) return octet - 32
  return octet
}

export const folded = remembered(
  (set: OctetSet): OctetSet => setOf(octet => set[octet] === 1 || set[otherCase(octet)] === 1),
)

const isAsciiLetter = (octet: number) => octet < 128 && otherCase(octet) !== octet

/** Whether ASCII letters come in both cases or in none. */
export const isCaseless = remembered((set: OctetSet): boolean =>
  set.every((member, octet) => !isAsciiLetter(octet) || member === set[otherCase(octet)]),
)

/** The one octet of the set, in lower case where it is a letter in both cases; undefined where there are several. */
export const onlyOctet = remembered((set: OctetSet): number | undefined => {
  const octets = members(set)
  const [first, second] = octets
  if (octets.length === 1) return first
  return octets.length === 2 && isAsciiLetter(second!) && otherCase(second!) === first ? second : undefined
})
