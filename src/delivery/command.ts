/**
 * The commands that we send as a client, each built here and nowhere else.
 *
 * Promises: a Command is one line. No CR, LF, NUL or other control character from configuration, directory, DNS, a DSN
 * parameter or an address reaches the wire (promise 6): an argument that holds one is an UnsafeArgument, not a command.
 * Leaves out: when to send what (`transaction.ts`), and what the next hop offers (`features.ts`).
 */

import type { Features } from '#delivery/features.ts'
import type { Address } from '#mail/address.ts'
import type { Envelope, Recipient } from '#mail/envelope.ts'
import { encodeXtext, formatOriginalRecipient } from '#mail/xtext.ts'

/** A complete command line with its CRLF. */
export type Command = string & { readonly __brand: 'Command' }

export interface UnsafeArgument {
  readonly kind: 'unsafe-argument'
  /** For the operator: which argument, never its value. */
  readonly detail: string
}

export const isUnsafe = (value: Command | UnsafeArgument): value is UnsafeArgument =>
  typeof value !== 'string'

// Lone surrogates have no UTF-8 and would become U+FFFD: another address than the one that was accepted.
const unsafe =
  /[\x00-\x1f\x7f\u0080-\u009f\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Called per command: one pass of a small expression. */
function line(text: string): Command | UnsafeArgument {
  if (!unsafe.test(text)) return `${text}\r\n` as Command
  const verb = /^[A-Z ]*/.exec(text)?.[0].trim()
  return { kind: 'unsafe-argument', detail: `an argument of ${verb} holds a control character` }
}

export const quit = 'QUIT\r\n' as Command
export const reset = 'RSET\r\n' as Command
export const data = 'DATA\r\n' as Command
export const starttls = 'STARTTLS\r\n' as Command

export const hello = (verb: 'EHLO' | 'HELO' | 'LHLO', hostname: string): Command | UnsafeArgument =>
  /[^!-~]/.test(hostname)
    ? { kind: 'unsafe-argument', detail: `our host name in ${verb} is not printable ASCII` }
    : line(`${verb} ${hostname}`)

export const bdat = (octets: number): Command => `BDAT ${octets} LAST\r\n` as Command // RFC 3030 §2

/** A path that would end early, or hold a space outside quotes, would become a parameter. */
const path = (address: Address | ''): string | undefined =>
  /[<>\s]/.test(address.replace(/"(?:[^"\\]|\\.)*"/g, '')) ? undefined : `<${address}>`

export function mail(envelope: Envelope, size: number, features: Features): Command | UnsafeArgument {
  const reversePath = path(envelope.reversePath)
  if (reversePath === undefined) return { kind: 'unsafe-argument', detail: 'the reverse-path is not a path' }
  let text = `MAIL FROM:${reversePath}`
  if (features.size !== undefined) text += ` SIZE=${size}` // RFC 1870 §4
  // RFC 6152 §3. A server without 8BITMIME gets the same octets without the parameter: changing them would break every
  // signature, and no server that still runs mail strips the eighth bit.
  if (features.eightBitMime && envelope.body === '8BITMIME') text += ' BODY=8BITMIME'
  if (features.smtputf8 && envelope.smtputf8) text += ' SMTPUTF8' // RFC 6531 §3.4
  if (features.requireTls && envelope.requireTls) text += ' REQUIRETLS' // RFC 8689 §4.1
  if (features.dsn) {
    if (envelope.returnContent !== undefined)
      text += ` RET=${envelope.returnContent === 'full' ? 'FULL' : 'HDRS'}`
    if (envelope.envelopeId !== undefined) text += ` ENVID=${encodeXtext(envelope.envelopeId)}` // RFC 3461 §4.4
  }
  return line(text)
}

export function rcpt(recipient: Recipient, features: Features): Command | UnsafeArgument {
  const forwardPath = path(recipient.address)
  if (forwardPath === undefined) return { kind: 'unsafe-argument', detail: 'the recipient is not a path' }
  let text = `RCPT TO:${forwardPath}`
  if (features.dsn) {
    const { notify, originalRecipient } = recipient
    if (notify !== undefined)
      text += ` NOTIFY=${notify === 'never' ? 'NEVER' : notify.join(',').toUpperCase()}`
    if (originalRecipient !== undefined) text += ` ORCPT=${formatOriginalRecipient(originalRecipient)}`
  }
  return line(text)
}
