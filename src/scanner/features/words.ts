/**
 * From UTF-8 to words: what white space separates, without punctuation at its ends, folded; an address, a URL and what is
 * longer than `longestWord` are each one and the same word; a script without spaces gives its pairs of characters.
 *
 * Promises: linear; memory of one word; the same as `native/src/model/words.cc`.
 */
import { CharacterReader, classOf, fold, scriptOf, scripts } from '#scanner/features/characters.ts'
import { hashOf } from '#scanner/features/hash.ts'

/** In characters. */
export const longestWord = 30

/** What was seen on the way, for the features of structure. */
export interface TextTally {
  words: number
  /** Words in capitals: three ASCII letters or more, none of them small. */
  capitals: number
  /** Words with a digit. */
  numbers: number
  exclamations: number
  currencies: number
  symbols: number
  /** Characters that stand for a plain letter or digit. */
  disguised: number
  /** Words with Latin letters and such as look like them. */
  mixed: number
  overlong: number
  /** Words by their first letter, in the order of `scripts`. */
  readonly scripts: number[]
}

export interface WordSink {
  /** `joins`: it follows the word before it closely enough to be a pair. `reader.text()` is the word until this returns. */
  word(hash: number, joins: boolean): void
}

const emptyTally = (): TextTally => ({
  words: 0,
  capitals: 0,
  numbers: 0,
  exclamations: 0,
  currencies: 0,
  symbols: 0,
  disguised: 0,
  mixed: 0,
  overlong: 0,
  scripts: scripts.map(() => 0),
})

const addressWord = '\x01address'
const urlWord = '\x01url'
const [latin, greek, cyrillic] = [1, 2, 4] as const

const isLetter = (folded: number) => (folded >= 0x61 && folded <= 0x7a) || folded >= 0xc0
const isCurrency = (code: number) =>
  code === 0x24 || (code >= 0xa2 && code <= 0xa5) || (code >= 0x20a0 && code <= 0x20cf)

function encode(code: number, into: Uint8Array, at: number): number {
  const tail = (shift: number) => 0x80 | ((code >> shift) & 0x3f)
  if (code < 0x80) into[at++] = code
  else if (code < 0x800) {
    into[at++] = 0xc0 | (code >> 6)
    into[at++] = tail(0)
  } else if (code < 0x10000) {
    into[at++] = 0xe0 | (code >> 12)
    into[at++] = tail(6)
    into[at++] = tail(0)
  } else {
    into[at++] = 0xf0 | (code >> 18)
    into[at++] = tail(12)
    into[at++] = tail(6)
    into[at++] = tail(0)
  }
  return at
}

const bitWidth = (number: number) => 32 - Math.clz32(number)

/** One text after another; words never reach from one to the next. */
export class WordReader {
  readonly tally = emptyTally()
  readonly #sink: WordSink
  readonly #word = Buffer.alloc(longestWord * 4)
  #size = 0
  /** Size and characters as they were behind the last character of class word. */
  #kept = 0
  #keptCharacters = 0
  #characters = 0
  #capitals = 0
  #scripts = 0
  #script = 0
  #small = false
  #digit = false
  #colon = false
  #atPending = false
  #at = false
  #joins = false
  #dense = 0
  #denseRun = 0
  #text: () => string = () => ''

  constructor(sink: WordSink) {
    this.#sink = sink
  }

  /** The word that the sink is being told of. */
  text(): string {
    return this.#text()
  }

  read(octets: Uint8Array): void {
    const reader = new CharacterReader(octets)
    while (reader.at < octets.length) this.#take(reader.next())
    this.#endDense()
    this.#endWord()
    this.#joins = false
  }

  #take(code: number): void {
    const folded = fold(code)
    const kind = classOf(folded)
    if (kind === 'nothing') return
    if (code >= 0x2400 && folded < 0x80) this.tally.disguised++
    if (kind === 'dense') this.#takeDense(folded)
    else this.#endDense()
    if (kind === 'punct') this.#takePunctuation(folded)
    if (kind === 'word') {
      if (code >= 0x41 && code <= 0x5a) this.#capitals++
      if (code >= 0x61 && code <= 0x7a) this.#small = true
      this.#takeLetter(folded)
    }
    if (kind === 'space') {
      this.#endWord()
      if (code === 0x0a) this.#joins = false
    }
    if (kind === 'symbol') {
      this.#endWord()
      this.tally.symbols++
      this.#sendLone(folded, 0)
    }
  }

  #takePunctuation(code: number): void {
    if (code === 0x21) this.tally.exclamations++
    // At the beginning of a word it is not kept.
    if (this.#kept === 0) return
    if (code === 0x3a) this.#colon = true
    if (code === 0x40) this.#atPending = true
    this.#append(code)
  }

  #takeLetter(code: number): void {
    if (code === 0x30) this.#digit = true
    if (isCurrency(code)) this.tally.currencies++
    if (isLetter(code)) {
      const script = code < 0x80 ? 0 : scriptOf(code)
      if (this.#scripts === 0) this.#script = script
      this.#scripts |= 1 << script
    }
    this.#at ||= this.#atPending
    this.#append(code)
    this.#kept = this.#size
    this.#keptCharacters = this.#characters
  }

  #append(code: number): void {
    if (++this.#characters > longestWord) return
    this.#size = encode(code, this.#word, this.#size)
  }

  #takeDense(code: number): void {
    if (this.#denseRun === 0) this.#endWord()
    else this.#sendLone(this.#dense, code)
    this.#dense = code
    this.#denseRun++
  }

  #endDense(): void {
    if (this.#denseRun === 1) this.#sendLone(this.#dense, 0)
    this.#denseRun = 0
  }

  /** A word of one or two characters that no pair is made with. */
  #sendLone(first: number, second: number): void {
    const octets = Buffer.alloc(8)
    let size = encode(first, octets, 0)
    if (second !== 0) size = encode(second, octets, size)
    this.tally.words++
    this.tally.scripts[scriptOf(first)]!++
    this.#text = () => octets.toString('utf8', 0, size)
    this.#sink.word(hashOf(octets, 0, size), false)
    this.#joins = false
    this.#capitals = 0
  }

  #endWord(): void {
    if (this.#kept > 0) {
      const { tally } = this
      tally.words++
      if (this.#capitals > 2 && !this.#small) tally.capitals++
      if (this.#digit) tally.numbers++
      if ((this.#scripts & latin) !== 0 && (this.#scripts & (greek | cyrillic)) !== 0) tally.mixed++
      if (this.#scripts !== 0) tally.scripts[this.#script]!++
      this.#sink.word(this.#hashOfWord(), this.#joins)
      this.#joins = true
    }
    this.#size = this.#kept = 0
    this.#characters = this.#keptCharacters = this.#capitals = this.#scripts = 0
    this.#small = this.#digit = this.#colon = this.#atPending = this.#at = false
  }

  #hashOfWord(): number {
    const special = this.#special()
    if (special !== undefined) {
      this.#text = () => special.replace('\x01', 'any ')
      return hashOf(special)
    }
    const size = this.#kept
    this.#text = () => this.#word.toString('utf8', 0, size)
    return hashOf(this.#word, 0, size)
  }

  #special(): string | undefined {
    if (this.#at) return addressWord
    const word = this.#word.subarray(0, this.#kept)
    if ((this.#colon && word.includes('://')) || word.toString('latin1', 0, 4) === 'www.') return urlWord
    if (this.#keptCharacters <= longestWord) return undefined
    this.tally.overlong++
    return `\x01long${String.fromCharCode(0x30 + bitWidth(this.#keptCharacters))}`
  }
}
