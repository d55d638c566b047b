/**
 * The Received field that opens the content of every message (RFC 5321 §4.4).
 *
 * Promises: nothing that came from outside breaks its form: the name from HELO is written as it is only when it is a
 * domain or an address literal, and otherwise with `_` for everything that is neither letter, digit, dot nor hyphen. A
 * recipient is named only when there is one, so that nobody learns of another (RFC 5321 §7.6).
 */
import type { Envelope } from '#mail/envelope.ts'
import type { TlsFacts } from '#mail/transport.ts'

const unsafeInDomain = /[^A-Za-z0-9.-]/g
const addressLiteral = /^\[(?:IPv6:)?[0-9A-Fa-f.:]+\]$/
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Wire form, folded, with CRLF. Called per message. */
export function traceField(
  { id, recipients, origin, receivedAt }: Envelope,
  hostname: string,
  tls: TlsFacts | undefined,
): Buffer {
  const address = origin.clientAddress.includes(':')
    ? `[IPv6:${origin.clientAddress}]`
    : `[${origin.clientAddress}]`
  const recipient = recipients.length === 1 ? `\r\n\tfor <${recipients[0]!.address}>` : ''
  const cipher = tls === undefined ? '' : `\r\n\t(${tls.version} cipher ${tls.cipher})`
  return Buffer.from(
    `Received: from ${heloName(origin.helo)} (${address})\r\n` +
      `\tby ${hostname} (Sluice) with ${origin.protocol}${cipher}\r\n` +
      `\tid ${id}${recipient};\r\n\t${mailDate(receivedAt)}\r\n`,
  )
}

const heloName = (helo: string): string =>
  addressLiteral.test(helo) ? helo : helo.replace(unsafeInDomain, '_') || 'unknown'

/** RFC 5322 §3.3, in universal time: the clock of a gateway is not the clock of its readers. */
export function mailDate(time: number): string {
  const date = new Date(time)
  const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  const month = months[date.getUTCMonth()]
  return `${days[date.getUTCDay()]}, ${date.getUTCDate()} ${month} ${date.getUTCFullYear()} ${clock} +0000`
}
