/**
 * The multiparts and messages that are open around the place that is being read, and the boundaries that count there.
 *
 * Promises: what `native/src/mime/containers.h` promises.
 */
import { isBlank } from '#scanner/typescript/mime/octets.ts'

export interface Container {
  readonly part: number
  /** Empty: a message. */
  readonly boundary: string
  /** The default type of its parts is message/rfc822 (RFC 2046 §5.1.5). */
  readonly digest: boolean
  /** Its boundary occurred. */
  met: boolean
  /** Its closing boundary occurred. */
  closed: boolean
}

export interface Judgement {
  readonly kind: 'content' | 'near' | 'delimiter' | 'close'
  /** Of the container that it belongs to. */
  readonly level: number
}

/** The longest line, without its break, that is taken for a delimiter. */
export const longestDelimiter = 2_048

const content: Judgement = { kind: 'content', level: 0 }

function withoutPadding(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text[end - 1])) end -= 1
  return text.slice(0, end)
}

function withoutIndent(line: string): string {
  let start = 0
  while (isBlank(line[start])) start += 1
  return line.slice(start)
}

export class Containers {
  readonly #all: Container[] = []

  get count(): number {
    return this.#all.length
  }
  get top(): Container {
    return this.#all.at(-1)!
  }
  at(level: number): Container {
    return this.#all[level]!
  }

  /** Whether any boundary is awaited. */
  get awaiting(): boolean {
    return this.#all.some(isAwaited)
  }

  /** True when the boundary is the beginning of one around it, or the other way about. */
  push(part: number, boundary: string, digest: boolean): boolean {
    const same =
      boundary !== '' &&
      this.#all.some(
        other =>
          isAwaited(other) && (other.boundary.startsWith(boundary) || boundary.startsWith(other.boundary)),
      )
    this.#all.push({ part, boundary, digest, met: false, closed: false })
    return same
  }

  pop(): void {
    this.#all.pop()
  }

  clear(): void {
    this.#all.length = 0
  }

  /** What a whole line is, without its line break, latin1. Of a longer one than a delimiter can be the beginning counts. */
  judge(line: string): Judgement {
    const beginning = withoutIndent(line.slice(0, longestDelimiter))
    if (!beginning.startsWith('--')) return content
    return this.#exact(line) ?? this.#near(beginning.slice(2))
  }

  #exact(line: string): Judgement | undefined {
    if (line.length > longestDelimiter || !line.startsWith('--')) return undefined
    const text = withoutPadding(line.slice(2)) // RFC 2046 §5.1.1: transport-padding
    for (let level = this.count - 1; level >= 0; level -= 1) {
      const container = this.at(level)
      if (!isAwaited(container)) continue
      if (text === container.boundary) return { kind: 'delimiter', level }
      if (text === `${container.boundary}--`) return { kind: 'close', level }
    }
    return undefined
  }

  /** Some programs are content with the beginning of a line, or do not see white space before it. */
  #near(text: string): Judgement {
    const level = this.#all.findLastIndex(one => isAwaited(one) && text.startsWith(one.boundary))
    return level < 0 ? content : { kind: 'near', level }
  }

  /** Whether the beginning of a line can become a delimiter, or something near one. */
  mayBecome(line: string): boolean {
    const dashes = withoutIndent(line)
    if (dashes.length < 2) return dashes === '' || dashes === '-'
    const text = dashes.slice(2)
    return (
      dashes.startsWith('--') &&
      this.#all.some(
        one => isAwaited(one) && (one.boundary.startsWith(text) || text.startsWith(one.boundary)),
      )
    )
  }
}

const isAwaited = (container: Container): boolean => container.boundary !== '' && !container.closed
