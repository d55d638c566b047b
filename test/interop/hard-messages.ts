/**
 * Messages that a careless relay changes: each is one way to lose, add or reflow an octet. Wire form, CRLF, no stuffing.
 */

const header = (subject: string) =>
  `From: Ann <ann@client.test>\r\nTo: jo@example.test\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@client.test>\r\n` +
  'Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n'

export const hardMessages: ReadonlyMap<string, Buffer> = new Map(
  Object.entries({
    'dots at line starts': `${header('dots')}\r\n.\r\n..\r\n...three\r\n. \r\n.end\r\n`,
    'header only': header('header-only'),
    'empty body': `${header('empty-body')}\r\n`,
    'only empty lines': `${header('empty-lines')}\r\n\r\n\r\n\r\n`,
    'a line of 990 octets': `${header('long-line')}\r\n${'x'.repeat(990)}\r\n`,
    'trailing white space': `${header('white-space')}\r\nspace \r\ntab\t\r\n \r\n`,
    'folded and odd fields': `${header('folded')}X-Folded: one\r\n two\r\n\tthree\r\nX-Empty:\r\n__proto__: polluted\r\n\r\nbody\r\n`,
    'every octet but CR, LF and NUL': `${header('octets')}\r\n${octets()}\r\n`,
    'From at a line start': `${header('from')}\r\nFrom here on\r\n>From there\r\n`,
    '200 kB': `${header('large')}\r\n${'0123456789abcdef'.repeat(4).concat('\r\n').repeat(3_100)}`,
  }).map(([name, text]) => [name, Buffer.from(text, 'latin1')]),
)

function octets(): string {
  const all = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet))
  return all.filter(character => !'\r\n\0'.includes(character)).join('')
}
