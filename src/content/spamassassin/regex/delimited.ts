/**
 * `/…/i`, `m{…}x`, `qr!…!`: takes the delimiters and the flags off an expression and reads it.
 */
import { type Expression, parseExpression } from './parse.ts'
import { type Flags, noFlags, RegexProblem, withFlags } from './reader.ts'

const closing = new Map([
  ['{', '}'],
  ['(', ')'],
  ['<', '>'],
  ['[', ']'],
])

export interface Delimited {
  readonly body: string
  readonly flags: Flags
}

/** The two halves, not yet read. The delimiter may not stand in the body without a backslash. */
export function splitDelimited(text: string): Delimited | RegexProblem {
  const opened = /^(?:(?:m|qr)\s*)?(\/)|^(?:m|qr)([^\w\s\\])/.exec(text)
  if (opened === null) return new RegexProblem('no delimiters, such as /…/')
  const opening = (opened[1] ?? opened[2])!
  const end = closing.get(opening) ?? opening
  const at = text.lastIndexOf(end)
  if (at < opened[0].length) return new RegexProblem(`no closing delimiter ${end}`)
  const letters = text.slice(at + 1)
  const flags = /^[a-z]*$/.test(letters) ? withFlags(noFlags, letters, true) : undefined
  if (flags === undefined) return new RegexProblem(`the flags ${letters}`)
  const body = text.slice(opened[0].length, at)
  if (end === opening && hasBare(body, end))
    return new RegexProblem(`the delimiter ${end} inside, without a backslash`)
  return { body, flags }
}

function hasBare(body: string, delimiter: string): boolean {
  for (let at = 0; at < body.length; at++) {
    if (body[at] === '\\') at++
    else if (body[at] === delimiter) return true
  }
  return false
}

export function parseDelimited(text: string): Expression | RegexProblem {
  const split = splitDelimited(text)
  return split instanceof RegexProblem ? split : parseExpression(split.body, split.flags)
}
