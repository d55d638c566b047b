/**
 * What is no verb of ours.
 *
 * Promises: tracking names what is known to be tried, and nothing else: any other line may be a password that came too
 * late.
 */
import { type Refusal, refuse } from '#mail/refusal.ts'
import { commandUnknown } from '#mail/replies.ts'

const otherProtocols = ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'CONNECT', 'PATCH', 'DELETE']
const tried = [
  'EXPN',
  'ETRN',
  'TURN',
  'ATRN',
  'SEND',
  'SOML',
  'SAML',
  'LHLO',
  'XCLIENT',
  'XFORWARD',
  'WIZ',
  'DEBUG',
]

const nameless = refuse('command-unknown', commandUnknown)
const named = new Map(
  [...tried, ...otherProtocols].map(name => [name, refuse('command-unknown', commandUnknown, name)]),
)

/** `name` in upper case. */
export const unknownVerb = (name: string): Refusal => named.get(name) ?? nameless

/** A browser that was made to speak to us (cross-protocol scripting) sends SMTP in the body of a request: hang up. */
export const isOtherProtocol = (name: string): boolean => otherProtocols.includes(name)
