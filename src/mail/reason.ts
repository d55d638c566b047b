/**
 * Every reason for which Sluice refuses, each with the sentence that an operator reads in tracking and in the manual.
 * Metrics are labelled with these names, so a name never changes its meaning. One row is all a new reason needs here.
 */
export const reasons = {
  'address-syntax': 'The address in MAIL or RCPT is not a valid SMTP mailbox.',
  'authentication-failed': 'The user name or the password was wrong.',
  'authentication-requires-tls': 'AUTH was tried on a connection without TLS.',
  'bad-sequence': 'The command is not allowed at this point of the session.',
  'bare-line-ending':
    'The message contains a CR or LF that is not part of a CRLF pair, which can hide a second message.',
  'nul-octet': 'The message contains a NUL octet.',
  'command-syntax': 'The command could not be parsed.',
  'command-unknown': 'The command is not known.',
  'command-too-long': 'A command line is longer than the standard allows.',
  'connections-per-address': 'The client address has too many connections open.',
  'connections-per-network': 'The client network has too many connections open.',
  'connections-total': 'All connection slots of the gateway are in use.',
  'connection-rate': 'The client address connects more often than it may.',
  'message-rate': 'The client address sends more messages than it may.',
  'messages-per-session': 'The session carried as many messages as it may.',
  'recipient-rate': 'The client address names more recipients than it may.',
  'error-rate': 'The client made too many errors.',
  'deadline-command': 'The client took longer than it may for one command.',
  'deadline-handshake': 'The PROXY header or the TLS handshake took longer than it may.',
  'deadline-message': 'The client took longer than it may for one message.',
  'deadline-session': 'The session lasted longer than it may.',
  'early-talker': 'The client spoke before the greeting, as spam engines do.',
  'hops-exceeded': 'The message carries too many Received fields: it runs in a loop.',
  'line-too-long': 'A line of the message is longer than the configured limit.',
  'message-too-large': 'The message is larger than the configured limit.',
  'header-too-large': 'The header of the message is larger than the configured limit.',
  'proxy-header': 'A listed proxy did not send a valid PROXY protocol header.',
  'recipients-exceeded': 'The message names more recipients than it may.',
  'relay-denied': 'The client may not send to that domain through this gateway.',
  'requiretls-unavailable': 'REQUIRETLS was asked for on a connection without TLS.',
  'sender-not-fqdn': 'The sender domain is not fully qualified.',
  'shutting-down': 'The gateway is shutting down.',
  'storage-full': 'The disk has no room for the message.',
  'storage-failed': 'The disk reported an error while the message was written.',
  'internal-error': 'An unexpected error ended the processing of this message; the log has the details.',
  'tls-required': 'The listener requires TLS before mail.',
  'tls-failed': 'The TLS handshake failed: no common version or cipher, a bad certificate, or no TLS at all.',
  'tls-handshakes': 'Too many TLS handshakes are under way.',
  'plaintext-before-tls': 'The client sent bytes behind STARTTLS in the clear.',
  'unsupported-parameter': 'A MAIL or RCPT parameter is unknown or its value is invalid.',
} as const satisfies Record<string, string>

export type Reason = keyof typeof reasons
