/**
 * Character references of HTML: `&amp;`, `&#8364;`, `&#x20ac;` (https://html.spec.whatwg.org/#character-reference-state).
 *
 * Promises: linear, at most 32 octets are held. All 2,231 names are known.
 */
import { characterEntities } from 'character-entities'
import { characterEntitiesLegacy } from 'character-entities-legacy'
import { hexadecimal, isAlphanumeric, isDigit, lower } from './octet.ts'

const octetString = (text: string) => Buffer.from(text).toString('latin1')

const named: ReadonlyMap<string, string> = new Map(
  Object.entries(characterEntities).map(([name, text]) => [name, octetString(text)]),
)
/** Also known without their semicolon. */
const legacy: ReadonlySet<string> = new Set(characterEntitiesLegacy)

const longestName = 32
const longestLegacy = 6
const tooLarge = 0x11_0000

// https://html.spec.whatwg.org/#numeric-character-reference-end-state
const windows1252 = [
  0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
  0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a,
  0x153, 0x9d, 0x17e, 0x178,
]

function meant(code: number): number {
  if (code >= 0x80 && code <= 0x9f) return windows1252[code - 0x80]!
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  return code === 0 || code >= tooLarge || isSurrogate ? 0xfffd : code
}

const semicolonCode = 0x3b
const equalsCode = 0x3d

/** What became of an octet: taken, taken and complete with it, or not taken, as it was complete before. */
export type Step = 'more' | 'last' | 'behind'

export class CharacterReference {
  #state: 'start' | 'name' | 'hash' | 'hex-start' | 'decimal' | 'hexadecimal' = 'start'
  #semicolon = false
  #code = 0
  #name = ''

  /** An ampersand was read. */
  begin(): void {
    this.#state = 'start'
    this.#semicolon = false
    this.#code = 0
    this.#name = ''
  }

  take(c: number): Step {
    switch (this.#state) {
      case 'start':
        if (c === 0x23) return this.#go('hash')
        if (!isAlphanumeric(c)) return 'behind'
        this.#name = String.fromCharCode(c)
        return this.#go('name')
      case 'name':
        if (!isAlphanumeric(c)) return this.#last(c)
        if (this.#name.length === longestName) return 'behind'
        this.#name += String.fromCharCode(c)
        return 'more'
      case 'hash':
        if (lower(c) === 0x78) {
          this.#name = String.fromCharCode(c)
          return this.#go('hex-start')
        }
        if (!isDigit(c)) return 'behind'
        this.#state = 'decimal'
        return this.#number(10, c)
      case 'hex-start':
        if (hexadecimal(c) < 0) return 'behind'
        this.#state = 'hexadecimal'
        return this.#number(16, c)
      case 'decimal':
        return isDigit(c) ? this.#number(10, c) : this.#last(c)
      case 'hexadecimal':
        return hexadecimal(c) >= 0 ? this.#number(16, c) : this.#last(c)
    }
  }

  /**
   * What it stands for, and what was read and is no part of it, as an octet string. `next` is the octet behind, 0 at the end
   * of the text. In attributes a name without semicolon before `=` or a letter or digit stands for itself.
   */
  resolve(inAttribute: boolean, next: number): string {
    switch (this.#state) {
      case 'start':
        return '&'
      case 'hash':
        return '&#'
      case 'hex-start':
        return `&#${this.#name}`
      case 'name':
        return this.#resolveName(inAttribute, next)
      default:
        return octetString(String.fromCodePoint(meant(this.#code)))
    }
  }

  /** Whether that was a plain letter or digit written as a number. */
  obscures(): boolean {
    const isNumber = this.#state === 'decimal' || this.#state === 'hexadecimal'
    return isNumber && this.#code < 0x80 && isAlphanumeric(this.#code)
  }

  #go(state: 'name' | 'hash' | 'hex-start'): Step {
    this.#state = state
    return 'more'
  }

  #number(base: number, digit: number): Step {
    this.#code = Math.min(tooLarge, this.#code * base + hexadecimal(digit))
    return 'more'
  }

  #last(c: number): Step {
    this.#semicolon = c === semicolonCode
    return this.#semicolon ? 'last' : 'behind'
  }

  #resolveName(inAttribute: boolean, next: number): string {
    const name = this.#name
    const semicolon = this.#semicolon ? ';' : ''
    const whole = named.get(name)
    if (whole !== undefined && this.#semicolon) return whole
    for (let size = Math.min(name.length, longestLegacy); size > 1; size--) {
      const begin = name.slice(0, size)
      if (!legacy.has(begin)) continue
      const goesOn = size < name.length || (!this.#semicolon && (next === equalsCode || isAlphanumeric(next)))
      if (inAttribute && goesOn) break
      return named.get(begin)! + name.slice(size) + semicolon
    }
    return `&${name}${semicolon}`
  }
}
