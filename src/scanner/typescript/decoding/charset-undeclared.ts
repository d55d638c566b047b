/**
 * Text without a charset: UTF-8 where it is that, else windows-1252, run by run.
 *
 * Promises: a run is what stands between two LF, and at most 1,024 octets of it; a run that would end within a character of
 * UTF-8 leaves that to the next. At most one run is held back.
 */
import { isAscii } from 'node:buffer'
import type { CharsetDecoder } from '#scanner/typescript/decoding/charset-decoder.ts'
import { upperHalf } from '#scanner/typescript/decoding/charset-single-byte.ts'
import { utf8Prefix, withoutMark } from '#scanner/typescript/decoding/charset-unicode.ts'
import type { Utf8Writer } from '#scanner/typescript/decoding/utf8.ts'
import type { Faults } from '#scanner/typescript/sink.ts'

const longestRun = 1_024
const lf = 0x0a

export class UndeclaredDecoder implements CharsetDecoder {
  readonly #faults: Faults
  #missing = false
  #begun = false
  /** The run so far. */
  readonly #run = new Uint8Array(longestRun)
  #size = 0

  constructor(faults: Faults) {
    this.#faults = faults
  }

  decode(piece: Uint8Array, out: Utf8Writer): void {
    let at = 0
    while (at < piece.length) {
      const rest = piece.subarray(at, at + longestRun - this.#size)
      const newline = rest.indexOf(lf)
      const size = newline < 0 ? rest.length : newline
      this.#run.set(rest.subarray(0, size), this.#size)
      this.#size += size
      at += size
      if (newline >= 0) {
        at += 1
        this.#decide(out, true)
        this.#begun = true
        out.put(lf)
      } else if (this.#size === longestRun) {
        this.#decide(out, false)
      }
    }
  }

  finish(out: Utf8Writer): void {
    this.#decide(out, true)
  }

  /** The run is complete; `last` when nothing of its line follows. */
  #decide(out: Utf8Writer, last: boolean): void {
    const run = this.#run.subarray(0, this.#size)
    if (!isAscii(run)) this.#raiseMissing()
    const { valid, cut } = utf8Prefix(run)
    const asUtf8 = valid === run.length || (!last && cut > 0)
    if (asUtf8) this.#putUtf8(run.subarray(0, valid), out)
    else this.#put1252(run, out)
    const left = asUtf8 ? run.length - valid : 0
    this.#run.copyWithin(0, this.#size - left, this.#size)
    this.#size = left
  }

  #putUtf8(run: Uint8Array, out: Utf8Writer): void {
    if (run.length === 0) return
    out.putText(this.#begun ? run : withoutMark(run))
    this.#begun = true
  }

  #put1252(run: Uint8Array, out: Utf8Writer): void {
    this.#begun = true
    for (const octet of run) out.put(octet < 0x80 ? octet : windows1252[octet - 0x80]!)
  }

  #raiseMissing(): void {
    if (!this.#missing) this.#faults.raise('charset-missing')
    this.#missing = true
  }
}

const windows1252 = upperHalf('windows-1252')
