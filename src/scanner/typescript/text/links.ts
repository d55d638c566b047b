/** Hands links over: cut at the limit, never within a character. */
import type { LinkOrigin } from '#scanner/layout.ts'
import type { Faults, Readable } from '../sink.ts'
import { isContinuation, octetsOf } from './octet.ts'

export class Links {
  readonly #readable: Readable
  readonly #faults: Faults
  readonly limit: number

  constructor(readable: Readable, faults: Faults, limit: number) {
    this.#readable = readable
    this.#faults = faults
    this.limit = limit
  }

  /** `text` is an octet string. */
  report(zone: 'url' | 'address', origin: LinkOrigin, text: string): void {
    let end = text.length
    if (end > this.limit) {
      this.#faults.raise('link-long')
      end = this.limit
      while (end > 0 && isContinuation(text.charCodeAt(end))) end--
    }
    if (end > 0) this.#readable.link(zone, origin, octetsOf(text.slice(0, end)))
  }
}
