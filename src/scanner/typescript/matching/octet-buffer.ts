/**
 * Octets that grow up to a limit.
 */

/** More than this is given back by `reset`. */
const modest = 262_144

export class OctetBuffer {
  readonly #limit: number
  #memory = Buffer.allocUnsafe(0)
  #length = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get length(): number {
    return this.#length
  }

  /** How many octets had room. */
  append(piece: Uint8Array): number {
    const room = Math.min(piece.length, this.#limit - this.#length)
    this.#grow(this.#length + room)
    this.#memory.set(piece.subarray(0, room), this.#length)
    this.#length += room
    return room
  }

  /** A view, until the next call. */
  octets(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }

  reset(): void {
    this.#length = 0
    if (this.#memory.length > modest) this.#memory = Buffer.allocUnsafe(0)
  }

  #grow(size: number): void {
    if (size <= this.#memory.length) return
    const larger = Buffer.allocUnsafeSlow(
      Math.min(this.#limit, Math.max(size, this.#memory.length * 2, 1_024)),
    )
    larger.set(this.octets())
    this.#memory = larger
  }
}
