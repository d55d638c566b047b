/**
 * The text of a file by lines: from an offset to line and column, and the line to show below a problem.
 */
import { printable } from '#config/grammar/reading.ts'

export interface Source {
  readonly file: string
  /** Line and column of an offset in UTF-16 units, both from 1. Any number is accepted. */
  position(offset: number): { readonly line: number; readonly column: number }
  /** The line as it may be shown, undefined where there is none. Tabs are one space, so that columns agree. */
  line(number: number): string | undefined
}

export function createSource(file: string, text: string): Source {
  const lines = text.split('\n')
  const starts: number[] = []
  let next = 0
  for (const line of lines) {
    starts.push(next)
    next += line.length + 1
  }
  return {
    file,
    position(offset) {
      const clamped = Math.min(Math.max(offset, 0), text.length)
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if (starts[middle]! <= clamped) low = middle
        else high = middle - 1
      }
      return { line: low + 1, column: clamped - starts[low]! + 1 }
    },
    line(number) {
      const line = lines[number - 1]?.replace(/\r$/, '').replaceAll('\t', ' ')
      return line === undefined ? undefined : printable(line.slice(0, 400))
    },
  }
}
