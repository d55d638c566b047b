/**
 * The units of UTF-16 on their way to characters: pairs of surrogates become one, lonely ones U+FFFD.
 *
 * Promises: a byte order mark at the very beginning is no text.
 */
import type { Utf8Writer } from '#scanner/typescript/decoding/utf8.ts'

export class Utf16Units {
  #begun = false
  #high = 0

  /** Whether this is the first unit, which may be a byte order mark. */
  get begun(): boolean {
    return this.#begun
  }

  take(unit: number, out: Utf8Writer): void {
    const first = !this.#begun
    this.#begun = true
    if (first && unit === 0xfeff) return
    const low = unit >= 0xdc00 && unit <= 0xdfff
    if (this.#high > 0) {
      const high = this.#high
      this.#high = 0
      if (low) {
        out.put(0x1_0000 + ((high - 0xd800) << 10) + (unit - 0xdc00))
        return
      }
      out.putBroken()
    }
    if (low) out.putBroken()
    else if (unit >= 0xd800 && unit <= 0xdbff) this.#high = unit
    else out.put(unit)
  }

  /** No unit follows for now: a high surrogate stays alone. */
  end(out: Utf8Writer): void {
    this.#begun = true
    if (this.#high > 0) out.putBroken()
    this.#high = 0
  }
}
