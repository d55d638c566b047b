/**
 * Every reply that Sluice speaks, by name. The texts are bland on purpose: why a stranger was refused is in tracking.
 *
 * Promises: each reply carries an enhanced status code (RFC 2034 §3) except those that must not: the greeting, HELO and
 * EHLO, 334 and 354; and only a Receipt can become the 250 for a message.
 * Codes: RFC 5321 §4.2.3, RFC 4954 §6 (AUTH), RFC 3207 §4 (STARTTLS), RFC 3463 and the registry of RFC 5248 (enhanced).
 */
import type { MessageId } from '#mail/message-id.ts'
import type { Receipt } from '#mail/receipt.ts'
import { type Reply, reply } from '#mail/reply.ts'

// The course of a session.
export const greeting = (hostname: string): Reply => reply(220, undefined, `${hostname} ESMTP Sluice`)
export const helo = (hostname: string): Reply => reply(250, undefined, hostname)
export const ehlo = (hostname: string, extensions: readonly string[]): Reply =>
  reply(250, undefined, [hostname, ...extensions])
export const bye = reply(221, '2.0.0', 'Bye')
export const readyForTls = reply(220, '2.0.0', 'Ready to start TLS')
export const done = reply(250, '2.0.0', 'OK')
export const help = reply(214, '2.0.0', [
  'HELO EHLO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY HELP STARTTLS AUTH',
  'See RFC 5321',
])
// RFC 5321 §3.5.3: 252 says neither yes nor no, so that VRFY tells a harvester nothing.
export const cannotVerify = reply(252, '2.0.0', 'Cannot verify; send mail and delivery will be tried')

// A message.
export const senderAccepted = reply(250, '2.1.0', 'Sender OK')
export const recipientAccepted = reply(250, '2.1.5', 'Recipient OK')
export const startMail = reply(354, undefined, 'Start mail input; end with <CRLF>.<CRLF>')
export const chunkAccepted = reply(250, '2.0.0', 'Chunk OK')
export const acceptedReply = (receipt: Receipt): Reply =>
  reply(250, '2.0.0', `Accepted, queued as ${receipt.id}`)

// AUTH (RFC 4954).
export const challenge = (text: string): Reply => reply(334, undefined, Buffer.from(text).toString('base64'))
export const authenticated = reply(235, '2.7.0', 'Authentication succeeded')
export const credentialsInvalid = reply(535, '5.7.8', 'Authentication credentials invalid')
export const authenticationCancelled = reply(501, '5.7.0', 'Authentication cancelled')
export const authenticationEncoding = reply(501, '5.5.2', 'Cannot decode the response')
export const mechanismUnknown = reply(504, '5.5.4', 'Unrecognized authentication type')
export const authenticationTemporary = reply(454, '4.7.0', 'Temporary authentication failure')
export const authenticationNeedsTls = reply(
  538,
  '5.7.11',
  'Encryption required for requested authentication mechanism',
)
export const alreadyAuthenticated = reply(503, '5.5.1', 'Already authenticated')
export const authenticationInMail = reply(503, '5.5.1', 'AUTH not permitted during a mail transaction')

// TLS.
export const tlsRequired = reply(530, '5.7.0', 'Must issue a STARTTLS command first')
export const tlsUnavailable = reply(454, '4.7.0', 'TLS not available due to temporary reason')
export const tlsActive = reply(503, '5.5.1', 'TLS is already active')
export const plaintextBehindStartTls = reply(554, '5.5.1', 'Plaintext behind STARTTLS; closing connection')
export const requireTlsNeedsTls = reply(530, '5.7.0', 'REQUIRETLS needs a connection with TLS')

// Command syntax.
export const commandUnknown = reply(500, '5.5.2', 'Command not recognized')
export const commandDisabled = reply(502, '5.5.1', 'Command not implemented')
export const commandTooLong = reply(500, '5.5.2', 'Line too long')
export const commandLineEnding = reply(500, '5.5.2', 'Lines end with CRLF, and with nothing else')
export const commandCharacters = reply(500, '5.5.2', 'Control characters are not allowed')
export const commandEncoding = reply(500, '5.5.2', 'Octets that are neither ASCII nor UTF-8')
export const noParameters = reply(501, '5.5.4', 'No parameters allowed')
export const heloSyntax = reply(501, '5.5.4', 'A domain or an address literal is needed')
export const mailSyntax = reply(501, '5.5.4', 'Syntax: MAIL FROM:<address>')
export const rcptSyntax = reply(501, '5.5.4', 'Syntax: RCPT TO:<address>')
export const vrfySyntax = reply(501, '5.5.4', 'Syntax: VRFY address')
export const authSyntax = reply(501, '5.5.4', 'Syntax: AUTH mechanism [initial-response]')
export const bdatSyntax = reply(501, '5.5.4', 'Syntax: BDAT size [LAST]; closing connection')
export const senderSyntax = reply(501, '5.1.7', 'Bad sender address syntax')
export const recipientSyntax = reply(501, '5.1.3', 'Bad recipient address syntax')
export const parameterUnknown = reply(555, '5.5.4', 'Parameter not recognized or not implemented')
export const parameterInvalid = reply(501, '5.5.4', 'Invalid parameter value')
export const earlyTalker = reply(554, '5.5.1', 'Protocol error: wait for the greeting')

// Command order.
export const heloFirst = reply(503, '5.5.1', 'Send HELO or EHLO first')
export const mailFirst = reply(503, '5.5.1', 'Send MAIL first')
export const recipientFirst = reply(554, '5.5.1', 'No valid recipients')
export const nestedMail = reply(503, '5.5.1', 'Sender already given')
export const dataAfterChunk = reply(503, '5.5.1', 'DATA and BDAT cannot be mixed')
export const recipientAfterChunk = reply(503, '5.5.1', 'The message has already begun')
export const chunkAfterFailure = reply(503, '5.5.1', 'The message has failed; send RSET')

// Who may send what (admission).
export const relayDenied = reply(550, '5.7.1', 'Relaying denied')
export const senderNotFqdn = reply(550, '5.1.8', 'Sender address needs a fully qualified domain')
export const tooManyConnections = reply(421, '4.7.0', 'Too many connections; try again later')
export const connectingTooOften = reply(421, '4.7.0', 'Connecting too often; try again later')
export const sendingTooOften = reply(450, '4.7.1', 'Too many messages; try again later')
export const tooManyRecipientsInTime = reply(450, '4.7.1', 'Too many recipients; try again later')
export const tooManyHandshakes = reply(454, '4.7.0', 'TLS not available due to temporary reason')

// Storage (spool).
export const storageFull = reply(452, '4.3.1', 'Insufficient system storage')
export const storageFailed = reply(451, '4.3.0', 'Local error in processing; try again later')

// Content (policy). The name of the message is all that a sender learns, and what he quotes when he complains.
export const contentRefused = (id: MessageId): Reply =>
  reply(550, '5.7.1', `Message refused; reference ${id}`)
export const notScannedNow = reply(451, '4.7.1', 'Message cannot be taken now; try again later')

// Limits.
export const recipientsExceeded = reply(452, '4.5.3', 'Too many recipients')
export const messagesExceeded = reply(421, '4.7.0', 'Too many messages; connect again')
export const messageTooLarge = reply(552, '5.3.4', 'Message too big')
export const headerTooLarge = reply(552, '5.3.4', 'Message header too big')
export const lineTooLong = reply(554, '5.6.0', 'Message contains a line that is too long')
export const bareLineEnding = reply(554, '5.6.0', 'Message contains a CR or LF that is not part of CRLF')
export const nulOctet = reply(554, '5.6.0', 'Message contains a NUL octet')
export const hopsExceeded = reply(554, '5.4.6', 'Too many hops; mail loop detected')
export const tooManyIdleCommands = reply(
  421,
  '4.7.0',
  'Too many commands without a message; closing connection',
)
export const tooManyErrors = reply(421, '4.7.0', 'Too many errors; closing connection')

// The end, unasked for. The first three are never on the wire: nobody could read them.
export const badProxyHeader = reply(421, '4.3.0', 'Bad PROXY header')
export const handshakeFailed = reply(421, '4.7.0', 'TLS handshake failed')
export const handshakeDeadline = reply(421, '4.4.2', 'Timeout before the session')
export const commandDeadline = reply(421, '4.4.2', 'Timeout waiting for a command; closing connection')
export const messageDeadline = reply(421, '4.4.2', 'Timeout waiting for the message; closing connection')
export const sessionDeadline = reply(421, '4.4.2', 'Session too long; closing connection')
export const shuttingDown = reply(421, '4.3.2', 'Service shutting down')
export const internalError = reply(451, '4.3.0', 'Internal error; try again later')
