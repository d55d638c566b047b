/** What the parameters of RCPT ask for: NOTIFY and ORCPT of the DSN extension (RFC 3461 §4.1, §4.2). */
import type { Notify, Recipient } from '#mail/envelope.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { parseOriginalRecipient } from '#mail/xtext.ts'
import type { PathArgument } from '#session/path-argument.ts'

export type RcptParameters = Pick<Recipient, 'notify' | 'originalRecipient'>

const none: RcptParameters = {}
const events = new Map([
  ['SUCCESS', 'success'],
  ['FAILURE', 'failure'],
  ['DELAY', 'delay'],
] as const)

export function readRcptParameters(
  { parameters }: PathArgument,
  options: { readonly smtputf8: boolean },
): RcptParameters | Refusal {
  if (parameters.size === 0) return none
  let asked = none
  for (const [keyword, value] of parameters) {
    if (keyword === 'NOTIFY') {
      const notify = value === undefined ? undefined : readNotify(value)
      if (notify === undefined) return invalid(keyword)
      asked = { ...asked, notify }
    } else if (keyword === 'ORCPT') {
      const originalRecipient = value === undefined ? undefined : parseOriginalRecipient(value, options)
      if (originalRecipient === undefined) return invalid(keyword)
      asked = { ...asked, originalRecipient }
    } else return refuse('unsupported-parameter', replies.parameterUnknown, `RCPT ${keyword}`)
  }
  return asked
}

const invalid = (keyword: string): Refusal =>
  refuse('unsupported-parameter', replies.parameterInvalid, `RCPT ${keyword}`)

/** RFC 3461 §4.1: NEVER alone, or a list of the others without repetition. */
function readNotify(value: string): Notify | undefined {
  const words = value.toUpperCase().split(',')
  if (words.length === 1 && words[0] === 'NEVER') return 'never'
  const notify = words.map(word => events.get(word as 'SUCCESS'))
  if (notify.includes(undefined) || new Set(words).size !== words.length) return undefined
  return notify as Exclude<Notify, 'never'>
}
