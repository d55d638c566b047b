/**
 * Charsets that switch between ASCII and pairs of seven bits: HZ (RFC 1843), ISO-2022-KR (RFC 1557), ISO-2022-CN (RFC 1922).
 *
 * Promises: they are rewritten to the charset of eight bits that has the same characters, euc-kr or gb18030, and decoded as that; 0xFF
 * stands for what is broken. ASCII is never hidden: a pair that is none gives its second octet back, and a line end switches back.
 * Leaves out: of ISO-2022-CN all sets but GB 2312: their pairs become U+FFFD, one each.
 */
import type { CharsetDecoder } from '#scanner/typescript/decoding/charset-decoder.ts'
import { MultiByteDecoder } from '#scanner/typescript/decoding/charset-multi-byte.ts'
import type { Utf8Writer } from '#scanner/typescript/decoding/utf8.ts'

export type SevenBitFamily = 'hz' | 'iso-2022-kr' | 'iso-2022-cn'

const broken = 0xff
const cr = 0x0d
const lf = 0x0a
const esc = 0x1b
const shiftOut = 0x0e
const shiftIn = 0x0f
const tilde = 0x7e

/** What may follow ESC, and what it does: the pairs to come are known, or of another set; or only the next one is. */
type Designation = 'known' | 'other' | 'single' | 'nothing'
const designations: Readonly<Record<Exclude<SevenBitFamily, 'hz'>, ReadonlyMap<string, Designation>>> = {
  'iso-2022-kr': new Map([['$)C', 'known']]),
  'iso-2022-cn': new Map([
    ['$)A', 'known'],
    ['$)G', 'other'],
    ['$)E', 'other'],
    ['$*H', 'nothing'],
    ['$+I', 'nothing'],
    ['$+J', 'nothing'],
    ['$+K', 'nothing'],
    ['$+L', 'nothing'],
    ['$+M', 'nothing'],
    ['N', 'single'],
    ['O', 'single'],
  ]),
}

/** What both have: pairs. Octets go to `#octets` and on to the decoder of eight bits. */
abstract class Rewriter {
  readonly octets: number[] = []
  protected shifted = false
  protected lead = 0

  abstract take(octet: number): void
  abstract finish(): void
  protected abstract putPair(lead: number, trail: number): void

  /** An octet behind the first of a pair. */
  protected takeTrail(octet: number): void {
    const lead = this.lead
    this.lead = 0
    if (octet >= 0x21 && octet <= 0x7e) {
      this.putPair(lead, octet)
      return
    }
    this.octets.push(broken)
    this.take(octet)
  }

  protected takePlain(octet: number, lastLead: number): void {
    if (octet === lf) this.shifted = false
    if (this.shifted && octet >= 0x21 && octet <= lastLead) this.lead = octet
    else this.octets.push(octet < 0x80 ? octet : broken)
  }
}

class Hz extends Rewriter {
  #tilde: 'none' | 'tilde' | 'cr' = 'none'

  take(octet: number): void {
    if (this.#tilde !== 'none') {
      this.#takeBehindTilde(octet)
      return
    }
    if (this.lead > 0) {
      this.takeTrail(octet)
      return
    }
    if (octet === tilde) this.#tilde = 'tilde'
    else this.takePlain(octet, 0x7d)
  }

  #takeBehindTilde(octet: number): void {
    const afterCr = this.#tilde === 'cr'
    this.#tilde = 'none'
    if (afterCr) {
      if (octet === lf) return
      this.octets.push(broken, cr)
      this.take(octet)
      return
    }
    if (this.shifted && octet === 0x7d) this.shifted = false
    else if (!this.shifted && octet === 0x7b) this.shifted = true
    else if (!this.shifted && octet === tilde) this.octets.push(tilde)
    else if (!this.shifted && octet === cr) this.#tilde = 'cr'
    else if (this.shifted || octet !== lf) {
      this.octets.push(broken)
      this.take(octet)
    }
  }

  protected putPair(lead: number, trail: number): void {
    this.octets.push(lead | 0x80, trail | 0x80)
  }

  finish(): void {
    if (this.#tilde !== 'none' || this.lead > 0) this.octets.push(broken)
    if (this.#tilde === 'cr') this.octets.push(cr)
  }
}

class Iso2022 extends Rewriter {
  readonly #designations: ReadonlyMap<string, Designation>
  #known = true
  #single = false
  /** What followed ESC so far. */
  #escape: number[] | undefined

  constructor(family: Exclude<SevenBitFamily, 'hz'>) {
    super()
    this.#designations = designations[family]
  }

  take(octet: number): void {
    if (this.#escape) {
      this.#takeEscape(this.#escape, octet)
      return
    }
    if (this.lead > 0) {
      this.takeTrail(octet)
      return
    }
    if (octet === esc) this.#escape = []
    else if (octet === shiftOut || octet === shiftIn) this.shifted = octet === shiftOut
    else if (this.#single && octet >= 0x21 && octet <= 0x7e) this.lead = octet
    else this.takePlain(octet, 0x7e)
  }

  #takeEscape(behind: number[], octet: number): void {
    behind.push(octet)
    const text = String.fromCharCode(...behind)
    const designation = this.#designations.get(text)
    if (designation) {
      this.#escape = undefined
      if (designation === 'single') this.#single = true
      else if (designation !== 'nothing') this.#known = designation === 'known'
    } else if (![...this.#designations.keys()].some(key => key.startsWith(text))) {
      this.#refuseEscape(behind)
    }
  }

  #refuseEscape(behind: readonly number[]): void {
    this.#escape = undefined
    this.octets.push(broken)
    for (const octet of behind) this.take(octet)
  }

  protected putPair(lead: number, trail: number): void {
    if (this.#known && !this.#single) this.octets.push(lead | 0x80, trail | 0x80)
    else this.octets.push(broken)
    this.#single = false
  }

  finish(): void {
    if (this.#escape) this.#refuseEscape(this.#escape)
    if (this.lead > 0) this.octets.push(broken)
    this.lead = 0
  }
}

export class SevenBitDecoder implements CharsetDecoder {
  readonly #rewriter: Rewriter
  readonly #decoder: MultiByteDecoder

  constructor(family: SevenBitFamily) {
    this.#rewriter = family === 'hz' ? new Hz() : new Iso2022(family)
    this.#decoder = new MultiByteDecoder(family === 'iso-2022-kr' ? 'euc-kr' : 'gb18030')
  }

  decode(piece: Uint8Array, out: Utf8Writer): void {
    for (const octet of piece) this.#rewriter.take(octet)
    this.#pass(out)
  }

  finish(out: Utf8Writer): void {
    this.#rewriter.finish()
    this.#pass(out)
    this.#decoder.finish(out)
  }

  #pass(out: Utf8Writer): void {
    this.#decoder.decode(Uint8Array.from(this.#rewriter.octets), out)
    this.#rewriter.octets.length = 0
  }
}
