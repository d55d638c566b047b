/**
 * Slots of the words and pairs of a message: the model has them anyway when it scores, and who wants them for something else
 * gets them without a second reading.
 *
 * Promises: the first ones of a long text, no more than there is room for. Valid until the next message.
 */
export class WordSlots {
  /** For the native core to write into. */
  readonly room: Uint32Array
  #count = 0

  constructor(most = 4_096) {
    this.room = new Uint32Array(most)
  }

  /** `room` was filled in so far. */
  filled(count: number): void {
    this.#count = count
  }

  take(slots: Uint32Array): void {
    this.#count = Math.min(slots.length, this.room.length)
    this.room.set(slots.subarray(0, this.#count))
  }

  get slots(): Uint32Array {
    return this.room.subarray(0, this.#count)
  }
}
