/**
 * Characters on their way to a sink, as UTF-8.
 *
 * Promises: what is put is gathered, so that a sink gets few large pieces; the pieces are valid UTF-8.
 */
import type { Sink } from '#scanner/typescript/sink.ts'

const capacity = 4_096

export class Utf8Writer {
  readonly #sink: Sink
  readonly #buffer = Buffer.allocUnsafe(capacity)
  #filled = 0
  #broken = false

  constructor(sink: Sink) {
    this.#sink = sink
  }

  /** Whether anything became U+FFFD. */
  get broken(): boolean {
    return this.#broken
  }

  put(character: number): void {
    if (this.#filled + 4 > capacity) this.flush()
    const buffer = this.#buffer
    let at = this.#filled
    if (character < 0x80) {
      buffer[at++] = character
    } else if (character < 0x800) {
      buffer[at++] = 0xc0 | (character >> 6)
      buffer[at++] = 0x80 | (character & 0x3f)
    } else if (character < 0x1_0000) {
      buffer[at++] = 0xe0 | (character >> 12)
      buffer[at++] = 0x80 | ((character >> 6) & 0x3f)
      buffer[at++] = 0x80 | (character & 0x3f)
    } else {
      buffer[at++] = 0xf0 | (character >> 18)
      buffer[at++] = 0x80 | ((character >> 12) & 0x3f)
      buffer[at++] = 0x80 | ((character >> 6) & 0x3f)
      buffer[at++] = 0x80 | (character & 0x3f)
    }
    this.#filled = at
  }

  putBroken(): void {
    this.#broken = true
    this.put(0xfffd)
  }

  /** Octets that are UTF-8 already. */
  putText(text: Uint8Array): void {
    if (text.length === 0) return
    if (text.length > capacity / 4) {
      this.flush()
      this.#sink.write(text)
      return
    }
    if (this.#filled + text.length > capacity) this.flush()
    this.#buffer.set(text, this.#filled)
    this.#filled += text.length
  }

  /** What a decoder made, in which U+FFFD only stands for what is broken. */
  putString(text: string): void {
    if (text.includes('\ufffd')) this.#broken = true
    this.putText(Buffer.from(text))
  }

  flush(): void {
    if (this.#filled > 0) this.#sink.write(this.#buffer.subarray(0, this.#filled))
    this.#filled = 0
  }
}
