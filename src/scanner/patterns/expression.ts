/**
 * The RegExp that confirms what the engine found of a pattern.
 */
import type { RegexPattern } from '#scanner/pattern.ts'

/** Finds all; a string says why RegExp cannot do it. For a pattern of octets: on a text of one character an octet. */
export function confirmingExpression(pattern: RegexPattern): RegExp | string {
  const { source, script, caseless, dotall, multiline, unicode } = pattern
  const flags = `g${caseless ? 'i' : ''}${dotall ? 's' : ''}${multiline ? 'm' : ''}${unicode ? 'u' : ''}`
  try {
    return new RegExp(script ?? source, flags)
  } catch (error) {
    const { message } = error as Error
    return message.slice(message.lastIndexOf(': ') + 2)
  }
}
