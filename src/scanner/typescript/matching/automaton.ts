/**
 * Aho–Corasick over characters: all occurrences of all texts of a set in one pass.
 *
 * Promises: a step costs constant time on average over a text, however many texts are looked for, and what it finds.
 * A. V. Aho, M. J. Corasick: Efficient string matching, 1975.
 */

/** Characters are below this: a state and a character are one key. */
const characters = 0x20_0000

export class Automaton<Value> {
  readonly #next = new Map<number, number>()
  /** For each state the longest proper end of its text that is a beginning of another. */
  readonly #fallback: number[] = [0]
  readonly #found: Value[][] = [[]]
  /** For each state the next one on the way of fallbacks where something is found; 0: none. */
  readonly #also: number[] = [0]

  constructor(texts: Iterable<readonly [characters: readonly number[], value: Value]>) {
    for (const [text, value] of texts) this.#found[this.#stateFor(text)]!.push(value)
    this.#link()
  }

  /** The state behind one more character; 0 is the beginning. */
  step(from: number, character: number): number {
    for (let state = from; ; state = this.#fallback[state]!) {
      const next = this.#next.get(state * characters + character)
      if (next !== undefined) return next
      if (state === 0) return 0
    }
  }

  /** What ends at this state. */
  report(state: number, take: (value: Value) => void): void {
    for (let at = state; at !== 0; at = this.#also[at]!) for (const value of this.#found[at]!) take(value)
  }

  #stateFor(text: readonly number[]): number {
    let state = 0
    for (const character of text) {
      const key = state * characters + character
      let next = this.#next.get(key)
      if (next === undefined) {
        next = this.#found.push([]) - 1
        this.#next.set(key, next)
      }
      state = next
    }
    return state
  }

  /** Breadth first: the fallback of a state is nearer to the beginning than the state. */
  #link(): void {
    const children: [character: number, state: number][][] = this.#found.map(() => [])
    for (const [key, state] of this.#next)
      children[Math.floor(key / characters)]!.push([key % characters, state])
    const queue = [0]
    for (const state of queue) {
      for (const [character, child] of children[state]!) {
        const fallback = state === 0 ? 0 : this.step(this.#fallback[state]!, character)
        this.#fallback[child] = fallback
        this.#also[child] = this.#found[fallback]!.length > 0 ? fallback : this.#also[fallback]!
        queue.push(child)
      }
    }
  }
}
