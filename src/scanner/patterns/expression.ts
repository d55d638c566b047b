/**
 * The RegExp of a pattern: what the TypeScript scanner looks for, and what confirms what the native one found.
 */
import type { RegexPattern } from '#scanner/pattern.ts'
import { RegexTrouble, writeForRegExp } from './regex-source.ts'

/**
 * Finds all; a string says why RegExp cannot do it. For a pattern of octets (`unicode` is false): on a text of one character
 * an octet.
 */
export function confirmingExpression(pattern: RegexPattern): RegExp | string {
  try {
    return pattern.script === undefined ? translated(pattern) : scripted(pattern, pattern.script)
  } catch (error) {
    const { message } = error as Error
    return error instanceof RegexTrouble ? message : message.slice(message.lastIndexOf(': ') + 2)
  }
}

/** The initial `(?i)` of PCRE is a flag of RegExp. */
function translated({ source, ...pattern }: RegexPattern): RegExp {
  const [opening, letters = ''] = /^\(\?([ims]+)\)/.exec(source) ?? ['']
  const caseless = pattern.caseless || letters.includes('i')
  const multiline = pattern.multiline || letters.includes('m')
  const dotall = pattern.dotall || letters.includes('s')
  const written = writeForRegExp(source.slice(opening.length), { ...pattern, caseless, multiline, dotall })
  return new RegExp(written, `gv${caseless ? 'i' : ''}`)
}

/** It is JavaScript already, and says what it means; only its characters are what those of the source are. */
function scripted({ caseless, dotall, multiline, unicode }: RegexPattern, script: string): RegExp {
  const flags = `g${caseless ? 'i' : ''}${dotall ? 's' : ''}${multiline ? 'm' : ''}${unicode ? 'u' : ''}`
  return new RegExp(unicode ? script : Buffer.from(script).toString('latin1'), flags)
}
