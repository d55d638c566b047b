/**
 * What the configuration says to the sessions of one zone, worked out once and never changed: a reload makes a new one.
 */
import type { Configuration } from '#config/schema.ts'
import { type Domain, parseDomain } from '#mail/address.ts'
import type { ZoneName } from '#mail/envelope.ts'
import { ehlo, greeting, helo } from '#mail/replies.ts'
import type { Reply } from '#mail/reply.ts'
import type { ContentLimits } from '#session/content-checker.ts'

export interface SessionSettings extends ContentLimits {
  readonly hostname: string
  /** Where `<postmaster>` without a domain goes (RFC 5321 §4.5.1): the first domain that we receive for, or ourselves. */
  readonly postmasterDomain: Domain | undefined
  readonly lineEndings: 'refuse' | 'normalise'
  /** AUTH is offered (over TLS). */
  readonly auth: boolean
  /** Fingerprints of the client certificates that mean something here, lower-case hex. */
  readonly certificates: ReadonlySet<string>
  readonly recipients: number
  /** 0 is no limit. */
  readonly messagesPerSession: number
  readonly errorsPerSession: number
  readonly tarpitAfterErrors: number
  /** Milliseconds, as are the deadlines. */
  readonly tarpitDelay: number
  readonly deadlines: { readonly command: number; readonly message: number; readonly session: number }
  readonly greeting: Reply
  readonly helo: Reply
  /** EHLO before TLS on a listener that offers it, on one that does not, and over TLS. */
  readonly ehlo: { readonly startTls: Reply; readonly plain: Reply; readonly secure: Reply }
}

export interface SessionFacts {
  readonly hostname: string
  /** There is a file of users. */
  readonly users: boolean
}

export type MailZoneName = Exclude<ZoneName, 'management'>

export function sessionSettings(
  configuration: Configuration,
  zoneName: MailZoneName,
  { hostname, users }: SessionFacts,
): SessionSettings {
  const { limits, deadlines } = configuration
  const zone = configuration.zones[zoneName]
  const auth = zone.auth && users
  return Object.freeze({
    hostname,
    postmasterDomain: parseDomain(Object.keys(configuration.domains).find(name => name !== '*') ?? hostname),
    lineEndings: zone.lineEndings,
    auth,
    certificates: new Set(zone.relayForCertificates.map(bareHex)),
    messageSize: limits.messageSize,
    headerSize: limits.headerSize,
    lineLength: limits.lineLength,
    hops: limits.hops,
    recipients: limits.recipients,
    messagesPerSession: limits.messagesPerSession,
    errorsPerSession: limits.errorsPerSession,
    tarpitAfterErrors: limits.tarpitAfterErrors,
    tarpitDelay: limits.tarpitDelay,
    deadlines,
    greeting: greeting(hostname),
    helo: helo(hostname),
    ehlo: ehloReplies(hostname, limits, auth),
  })
}

/** `AA:BB…` and `aabb…` are two spellings of one fingerprint. */
const bareHex = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase()

function ehloReplies(
  hostname: string,
  limits: Configuration['limits'],
  auth: boolean,
): SessionSettings['ehlo'] {
  const always = [
    'PIPELINING', // RFC 2920
    `SIZE ${limits.messageSize}`, // RFC 1870
    '8BITMIME', // RFC 6152
    'SMTPUTF8', // RFC 6531
    'ENHANCEDSTATUSCODES', // RFC 2034
    'CHUNKING', // RFC 3030
    'DSN', // RFC 3461
    limitsKeyword(limits),
  ]
  return {
    startTls: ehlo(hostname, [...always, 'STARTTLS']), // RFC 3207
    plain: ehlo(hostname, always),
    // RFC 8689 §2: REQUIRETLS is offered over TLS only. RFC 4954 §4: so is a mechanism that shows the password.
    secure: ehlo(hostname, [...always, 'REQUIRETLS', ...(auth ? ['AUTH PLAIN LOGIN'] : [])]),
  }
}

/** RFC 9422 §4. */
function limitsKeyword({ recipients, messagesPerSession }: Configuration['limits']): string {
  const messages = messagesPerSession > 0 ? ` MAILMAX=${messagesPerSession}` : ''
  return `LIMITS${messages} RCPTMAX=${recipients}`
}
