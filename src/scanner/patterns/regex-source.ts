/**
 * An expression of PCRE, as Hyperscan reads it, written for RegExp with the flag v.
 *
 * Promises: lines end at LF only, for `.`, `^` and `$`, and none begins behind a line feed at the end of the text, before
 * which `$` also stands; without
 * `unicode` the text is one of octets, a character beyond ASCII is the octets of its UTF-8, and case is that of ASCII; with
 * it the classes are Unicode's. What means something to PCRE that RegExp has no way to say is a RegexTrouble, and no guess.
 *
 * Leaves out: whether RegExp takes the result (parentheses that do not close, quantifiers of nothing).
 */
import { classOf, type Members, namedSet, range, setOf, written } from './regex-class.ts'

export class RegexTrouble extends Error {}

export interface RegexDialect {
  readonly caseless: boolean
  readonly dotall: boolean
  readonly multiline: boolean
  readonly unicode: boolean
}

/** What `(?s:` and its like change, until their group ends. */
type Mode = Omit<RegexDialect, 'unicode'>

interface Escape {
  /** One character. */
  readonly code?: number
  /** The inside of a class. */
  readonly set?: string
  /** Beyond a class: anything. */
  readonly text?: string
}

const controls = new Map([
  ['a', 7],
  ['e', 27],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
])

export function writeForRegExp(source: string, dialect: RegexDialect): string {
  const text = dialect.unicode ? source : Buffer.from(source).toString('latin1')
  return new Writer(text, dialect).write()
}

class Writer {
  readonly #source: string
  readonly #unicode: boolean
  #mode: Mode
  readonly #outer: Mode[] = []
  #at = 0
  #out = ''

  constructor(source: string, { unicode, ...mode }: RegexDialect) {
    this.#source = source
    this.#unicode = unicode
    this.#mode = mode
  }

  write(): string {
    while (this.#at < this.#source.length) this.#out += this.#next()
    return this.#out
  }

  /** What the expression says here, if it is that; behind it then. */
  #take(expression: RegExp): RegExpExecArray | undefined {
    const sticky = new RegExp(expression.source, 'yu')
    sticky.lastIndex = this.#at
    const found = sticky.exec(this.#source)
    if (found === null) return undefined
    this.#at = sticky.lastIndex
    return found
  }

  #next(): string {
    const quantifier = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})/)
    if (quantifier !== undefined) return quantifier[0]
    const code = this.#character()
    switch (String.fromCodePoint(code)) {
      case '\\':
        return this.#escape()
      case '[':
        return this.#class()
      case '(':
        return this.#open()
      case ')':
        this.#mode = this.#outer.pop() ?? this.#mode
        return ')'
      case '|':
        return '|'
      case '.':
        return this.#mode.dotall ? '[^]' : '[^\\n]'
      case '^':
        return this.#mode.multiline ? '(?:^|(?<=\\n)(?!$))' : '^'
      case '$':
        return this.#mode.multiline ? '(?=\\n|$)' : '(?=\\n?$)'
      default:
        return this.#literal(code)
    }
  }

  #character(): number {
    const code = this.#source.codePointAt(this.#at)
    if (code === undefined) throw new RegexTrouble('something is missing at its end')
    this.#at += code > 0xffff ? 2 : 1
    return code
  }

  #literal(code: number): string {
    const isExact = !this.#unicode && this.#mode.caseless && code > 0x7f
    return isExact ? `(?-i:${written(code)})` : written(code)
  }

  #open(): string {
    if (this.#take(/\?#[^)]*\)/) !== undefined) return '(?:)'
    const outer = this.#mode
    const modifiers = this.#take(/\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/)
    if (modifiers !== undefined) {
      const [, on = '', off = '', end] = modifiers
      if (end === ')') return this.#change(on, off)
      this.#outer.push(outer)
      this.#mode = changed(outer, on, off)
      if (this.#mode.caseless === outer.caseless) return '(?:'
      return this.#mode.caseless ? '(?i:' : '(?-i:'
    }
    this.#outer.push(outer)
    const name = this.#take(/\?P?<([A-Za-z_]\w*)>/)
    if (name !== undefined) return `(?<${name[1]}>`
    const kind = this.#take(/\?(?:<?[=!])/)?.[0] ?? ''
    if (kind === '' && /[?*]/.test(this.#source[this.#at] ?? ''))
      throw new RegexTrouble('it has a kind of group that RegExp does not know')
    return `(${kind}`
  }

  /** Until the end of the group: only what this class writes itself can be changed in the middle of one. */
  #change(on: string, off: string): string {
    const mode = changed(this.#mode, on, off)
    if (mode.caseless !== this.#mode.caseless)
      throw new RegexTrouble('it changes the case in the middle of a group')
    this.#mode = mode
    return '(?:)'
  }

  #escape(): string {
    const boundary = this.#take(/[AZzbBG]/)?.[0]
    if (boundary !== undefined) return this.#boundary(boundary)
    const quoted = this.#take(/Q([\s\S]*?)(?:\\E|$)/)
    if (quoted !== undefined)
      return [...quoted[1]!].map(character => this.#literal(character.codePointAt(0)!)).join('')
    const back = this.#take(/(?:[1-9]|k<\w+>)/)
    if (back !== undefined) return /\d/.test(this.#source[this.#at] ?? '') ? this.#octal() : `\\${back[0]}`
    const { code, set } = this.#escaped()
    if (code !== undefined) return this.#literal(code)
    return classOf({ folded: '', exact: set! }, false, this.#mode.caseless)
  }

  #octal(): never {
    throw new RegexTrouble('it has a number that may be octal or of a group')
  }

  #boundary(letter: string): string {
    switch (letter) {
      case 'A':
        return '^'
      case 'z':
        return '$'
      case 'Z':
        return '(?=\\n?$)'
      case 'b':
      case 'B': {
        const word = `(?-i:[${setOf('w', this.#unicode)}])`
        return letter === 'b'
          ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
          : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`
      }
      default:
        throw new RegexTrouble(`RegExp knows no \\${letter}`)
    }
  }

  /** Behind a backslash: what may stand in a class, too. */
  #escaped(): Escape {
    const hexadecimal = this.#take(/x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{0,2}))/)
    if (hexadecimal !== undefined) {
      const code = Number.parseInt(hexadecimal[1] ?? `0${hexadecimal[2]}`, 16)
      if (code > (this.#unicode ? 0x10ffff : 0xff))
        throw new RegexTrouble('it has a number beyond all characters')
      return { code }
    }
    const octal = this.#take(/0([0-7]{0,2})/)
    if (octal !== undefined) return { code: Number.parseInt(`0${octal[1]}`, 8) }
    const property = this.#take(/([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/)
    if (property !== undefined) {
      const [, letter, not = '', long, short] = property
      return { set: `\\${(letter === 'p') === (not === '') ? 'p' : 'P'}{${propertyOf(long ?? short!)}}` }
    }
    const control = this.#take(/c([@-_a-z])/)?.[1]
    if (control !== undefined) return { code: control.toUpperCase().charCodeAt(0) ^ 0x40 }
    const code = this.#character()
    const letter = String.fromCodePoint(code)
    const set = setOf(letter, this.#unicode)
    if (set !== undefined) return { set }
    if (controls.has(letter)) return { code: controls.get(letter)! }
    if (/[A-Za-z0-9]/.test(letter)) throw new RegexTrouble(`RegExp knows no \\${letter}`)
    return { code }
  }

  #class(): string {
    const isNegated = this.#take(/\^/) !== undefined
    let members: Members = { folded: '', exact: '' }
    for (let first = true; first || this.#take(/\]/) === undefined; first = false) {
      const member = this.#member()
      members = { folded: members.folded + member.folded, exact: members.exact + member.exact }
    }
    return classOf(members, isNegated, this.#mode.caseless)
  }

  #member(): Members {
    const name = this.#take(/\[:(\^?\w+):\]/)?.[1]
    const named = name === undefined ? undefined : namedSet(name, this.#unicode)
    if (name !== undefined && named === undefined) throw new RegexTrouble(`RegExp knows no [:${name}:]`)
    if (named !== undefined) return { folded: named, exact: '' }
    const first = this.#atom()
    if (first.code === undefined) return { folded: '', exact: first.set! }
    const from = this.#at
    const last = this.#take(/-(?!\])/) === undefined ? first : this.#atom()
    if (last.code === undefined) this.#at = from
    const members = range(first.code, last.code ?? first.code, this.#unicode)
    if (members === undefined) throw new RegexTrouble('a range in it is out of order')
    return members
  }

  /** One character or set of a class. */
  #atom(): Escape {
    const code = this.#character()
    if (code !== 0x5c) return { code }
    if (this.#take(/b/) !== undefined) return { code: 8 }
    if (this.#take(/[QEBRX]/) !== undefined)
      throw new RegexTrouble('a class in it has an escape that RegExp does not know')
    return this.#escaped()
  }
}

/** PCRE names scripts alone. */
const propertyOf = (name: string): string => (/^(?:[A-Z][a-z]?|Any)$/.test(name) ? name : `Script=${name}`)

function changed(mode: Mode, on: string, off: string): Mode {
  if (/[^ims]/.test(on + off)) throw new RegexTrouble('it sets what RegExp cannot be told')
  const of = (letter: string, now: boolean): boolean => (now || on.includes(letter)) && !off.includes(letter)
  return {
    caseless: of('i', mode.caseless),
    multiline: of('m', mode.multiline),
    dotall: of('s', mode.dotall),
  }
}
