/**
 * The lines of a `.cf` file: comments gone, key and value apart, each with its place.
 *
 * Promises: one pass; octets stay octets (the text comes as latin1), so that an expression means the same octets as on disk.
 */

export interface Place {
  readonly file: string
  /** From 1. */
  readonly line: number
}

export interface Line extends Place {
  /** Lower case, hyphens as underscores. */
  readonly key: string
  readonly value: string
  /** Of a line that begins with `lang xx`. */
  readonly language?: string
}

/** A `#` begins a comment, unless a backslash stands before it, which then goes. */
export function* readLines(text: string, file: string): Generator<Line> {
  let number = 0
  for (const written of text.split('\n')) {
    number++
    const line = written.includes('#') ? withoutComment(written) : written
    const trimmed = line.trim()
    if (trimmed === '') continue
    const translated = /^lang\s+(\S+)\s+(.*)$/.exec(trimmed)
    const content = translated?.[2] ?? trimmed
    const space = content.search(/\s/)
    const key = (space < 0 ? content : content.slice(0, space)).toLowerCase().replaceAll('-', '_')
    const value = space < 0 ? '' : content.slice(space).trimStart()
    const base = { file, line: number, key, value }
    yield translated === null ? base : { ...base, language: translated[1]! }
  }
}

const withoutComment = (line: string): string => line.replace(/(?<!\\)#.*$/, '').replaceAll('\\#', '#')

/** The first word and what follows. */
export function splitWord(value: string): [word: string, rest: string] {
  const found = /^(\S+)\s*(.*)$/s.exec(value)
  return found === null ? ['', ''] : [found[1]!, found[2]!]
}
