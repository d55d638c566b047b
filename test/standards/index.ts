/**
 * The standards that Sluice meets, in part or not: one row each, with the reason and the tests that show it.
 * `standards.test.ts` checks that the table is true. Sections are cited on the lines of `src/` that obey them.
 */
export interface Standard {
  readonly rfc: number
  readonly title: string
  /** `yes`: what concerns a relay is done. `partial`: the reason says what is not. `no`: the reason says why not. */
  readonly status: 'yes' | 'partial' | 'no'
  readonly reason: string
  /** Tests below test/ that show it; a `.smtp` is a dialogue that `dialogues/dialogues.test.ts` plays. */
  readonly tests: readonly string[]
}

const yes = (rfc: number, title: string, reason: string, ...tests: string[]): Standard => ({
  rfc,
  title,
  status: 'yes',
  reason,
  tests,
})
const partial = (rfc: number, title: string, reason: string, ...tests: string[]): Standard => ({
  ...yes(rfc, title, reason, ...tests),
  status: 'partial',
})
const no = (rfc: number, title: string, reason: string): Standard => ({
  ...yes(rfc, title, reason),
  status: 'no',
})

export const standards: readonly Standard[] = [
  no(
    821,
    'Simple Mail Transfer Protocol (1982)',
    'Obsolete: RFC 5321 took its place, and its source routes are refused.',
  ),
  partial(
    1035,
    'Domain names',
    'The limits on names; questions and answers are left to the resolver of Node.js.',
    'mail/address.test.ts',
  ),
  yes(
    1047,
    'Duplicate messages and SMTP',
    'A connection lost after the end of data counts as not delivered, and the log says that the message may arrive twice.',
    'delivery/dialogues.test.ts',
  ),
  partial(
    1123,
    'Requirements for Internet hosts',
    'The syntax of host names; RFC 5321 took the place of its chapter on mail.',
    'mail/address.test.ts',
  ),
  yes(
    1557,
    'ISO-2022-KR',
    'Korean text of seven bits is read.',
    'scanner/typescript/decoding/charset.test.ts',
  ),
  yes(1843, 'HZ', 'Chinese text of seven bits is read.', 'scanner/typescript/decoding/charset.test.ts'),
  yes(
    1870,
    'SIZE',
    'Announced, checked at MAIL and while the content arrives, told to the next hop and looked at before.',
    'session/content-checker.test.ts',
    'delivery/dialogues.test.ts',
  ),
  partial(
    1922,
    'ISO-2022-CN',
    'Chinese text of seven bits is read where its characters are those of GB 2312; others become U+FFFD.',
    'scanner/typescript/decoding/charset.test.ts',
  ),
  yes(
    2033,
    'LMTP',
    'As a client: a final reply for each accepted recipient.',
    'delivery/dialogues.test.ts',
    'interop/next-hops.test.ts',
  ),
  yes(2034, 'ENHANCEDSTATUSCODES', 'Every reply that may carry a code does.', 'dialogues/one-message.smtp'),
  partial(
    2045,
    'MIME: bodies',
    'Types, parameters and encodings of mail that is scanned, with a flag for what strays; nothing is encoded again.',
    'scanner/typescript/mime/parameters.test.ts',
    'scanner/typescript/mime/parts.test.ts',
    'native/mime/python-email.test.ts',
  ),
  partial(
    2046,
    'MIME: media types',
    'Multiparts, digests and messages in messages are taken apart; message/partial and message/external-body are flagged.',
    'scanner/typescript/mime/boundaries.test.ts',
    'scanner/typescript/mime/parts.test.ts',
  ),
  partial(
    2047,
    'MIME: encoded words',
    'Undone in mail that is scanned, also where the standard forbids them; written by `sluice send` for its subject, and before that of what is tagged.',
    'scanner/typescript/mime/encoded-words.test.ts',
    'engine/run.test.ts',
  ),
  yes(
    2152,
    'UTF-7',
    'Text in it is read; what need not have been encoded stands for itself.',
    'scanner/typescript/decoding/charset.test.ts',
  ),
  partial(
    2231,
    'MIME: parameter values and languages',
    'Continuations and charsets are undone; languages are dropped.',
    'scanner/typescript/mime/parameters.test.ts',
  ),
  yes(
    2781,
    'UTF-16',
    'Text in it is read, in the order that its mark or its label says.',
    'scanner/typescript/decoding/charset.test.ts',
  ),
  yes(
    2920,
    'PIPELINING',
    'As server, and as client where it is offered; replies to commands that came together leave together.',
    'dialogues/pipelined.smtp',
    'delivery/dialogues.test.ts',
  ),
  partial(
    3030,
    'CHUNKING and BINARYMIME',
    'BDAT as server and client. BINARYMIME is not offered: a next hop without it would need other content.',
    'dialogues/chunks.smtp',
    'dialogues/chunks-out-of-order.smtp',
    'delivery/dialogues.test.ts',
  ),
  yes(
    3207,
    'STARTTLS',
    'As server and client; everything that was said in the clear is forgotten.',
    'dialogues/starttls.smtp',
    'dialogues/plaintext-behind-starttls.smtp',
    'delivery/tls.test.ts',
    'interop/clients.test.ts',
    'interop/next-hops.test.ts',
  ),
  yes(
    3461,
    'DSN',
    'Parameters are read strictly, handed on to a next hop that takes them, and obeyed for one that does not.',
    'mail/xtext.test.ts',
    'delivery/dialogues.test.ts',
  ),
  yes(3463, 'Enhanced status codes', 'In replies, and in notifications.', 'interop/mx.test.ts'),
  yes(
    3464,
    'Delivery status notifications',
    'Failed, delayed, relayed and delivered, in the form that programs read.',
    'mail/notification.test.ts',
  ),
  yes(
    3629,
    'UTF-8',
    'Long forms, surrogates and what is beyond Unicode are no characters.',
    'scanner/features/agreement.test.ts',
    'scanner/typescript/matching/literals.test.ts',
  ),
  partial(
    3696,
    'Checking and transforming names',
    'An informational text: its examples of addresses are test cases.',
    'mail/address.test.ts',
  ),
  partial(
    3834,
    'Automatic responses',
    'Notifications say that they are automatic; nothing else answers by itself.',
    'mail/notification.test.ts',
  ),
  yes(
    3848,
    'ESMTP transmission types',
    'Received fields say ESMTP, ESMTPS, ESMTPA or ESMTPSA, and the UTF8 forms of RFC 6531.',
    'interop/clients.test.ts',
  ),
  partial(
    4155,
    'application/mbox',
    'Mailboxes of messages to learn from are read so, with `>From ` undone; none is written.',
    'content/spam/training/mbox.test.ts',
  ),
  partial(
    4291,
    'IPv6 addressing',
    'The text forms of addresses, and IPv4 inside of IPv6.',
    'network/cidr.test.ts',
  ),
  yes(
    4616,
    'PLAIN',
    'Over TLS only; an authorisation identity other than the name is refused.',
    'dialogues/auth.smtp',
  ),
  partial(4648, 'Base64', 'Only the one canonical spelling is taken in AUTH.', 'dialogues/auth.smtp'),
  partial(
    4954,
    'AUTH',
    'PLAIN and LOGIN, over TLS only. The AUTH parameter of MAIL is checked and dropped, for it is believed of nobody.',
    'dialogues/auth.smtp',
    'dialogues/auth-broken-off.smtp',
  ),
  partial(
    5248,
    'Registry of enhanced codes',
    'Codes are taken from it; none is made up.',
    'dialogues/dialogues.test.ts',
  ),
  yes(
    5321,
    'Simple Mail Transfer Protocol',
    'Source routes are refused, as its appendix C lets us; VRFY says 252 to everybody, and EXPN is not there.',
    'mail/address.test.ts',
    'session/command-reader.test.ts',
    'session/data-reader.test.ts',
    'interop/mx.test.ts',
  ),
  partial(
    5322,
    'Internet message format',
    'Trace fields are written, and read to find loops; a verdict may add fields and mark the subject; others pass through as they are.',
    'mail/headers.test.ts',
  ),
  partial(
    5891,
    'Internationalised names: protocol',
    'Names are mapped as in UTS #46, which Node.js brings, and what it would change silently is refused.',
    'mail/address.test.ts',
  ),
  partial(5892, 'Internationalised names: code points', 'As with RFC 5891.', 'mail/address.test.ts'),
  partial(
    5965,
    'Abuse reports',
    'Their parts are told apart from what the reporter says himself; what they mean is not acted on.',
    'scanner/features/agreement.test.ts',
  ),
  yes(6068, 'mailto', 'The addresses in such links are found.', 'scanner/typescript/text/links.test.ts'),
  partial(
    6152,
    '8BITMIME',
    'Content passes unchanged, also to a next hop that does not offer it: a conversion would break signatures.',
    'interop/next-hops.test.ts',
  ),
  no(
    6376,
    'DKIM',
    'Signatures are neither checked nor made; they pass unharmed, since content is not changed.',
  ),
  no(6409, 'Message submission', 'Nothing that a mail program left out is completed.'),
  yes(6522, 'multipart/report', 'The frame of every notification.', 'mail/notification.test.ts'),
  yes(
    6531,
    'SMTPUTF8',
    'Taken, and sent on only to a next hop that takes it too, unless nothing in the message needs it.',
    'mail/address.test.ts',
    'delivery/dialogues.test.ts',
  ),
  partial(
    6532,
    'UTF-8 in header fields',
    'Noticed before a message is sent on; field values are read as UTF-8.',
    'delivery/dialogues.test.ts',
    'mail/headers.test.ts',
  ),
  yes(
    6533,
    'Internationalised notifications',
    'The UTF-8 forms are used where ASCII would not do.',
    'mail/xtext.test.ts',
  ),
  partial(
    6761,
    'Special-use domain names',
    'localhost is never asked of DNS, and is no domain of a sender from outside.',
    'admission/sender.test.ts',
  ),
  no(7208, 'SPF', 'Whether a sender is who it says is not judged.'),
  yes(
    7435,
    'Opportunistic security',
    'TLS to next hops where it can be had, whatever their certificate; `delivery.tls` can demand more.',
    'interop/next-hops.test.ts',
  ),
  no(7489, 'DMARC', 'As with SPF.'),
  yes(7505, 'Null MX', 'Mail to a domain that wants none fails at once.', 'interop/mx.test.ts'),
  partial(
    7578,
    'multipart/form-data',
    'The name of such a part is not taken for that of a file.',
    'scanner/typescript/mime/parameters.test.ts',
  ),
  no(7672, 'DANE for SMTP', 'Needs a resolver that validates DNSSEC.'),
  yes(
    7914,
    'scrypt',
    'Passwords are kept only as its hashes; a file cannot ask for more memory than is sound.',
    'directory/password-hash.test.ts',
  ),
  partial(
    8032,
    'EdDSA',
    'Ed25519, for the signatures of bundles; through the cryptography of Node.js.',
    'content/bundle/container.test.ts',
  ),
  partial(
    8037,
    'EdDSA keys in JOSE',
    'Only how a public key is written, to hand it to Node.js.',
    'content/bundle/container.test.ts',
  ),
  no(
    8314,
    'Cleartext considered obsolete',
    'Concerns mail programs; a listener may have `tls: implicit` all the same.',
  ),
  no(8461, 'MTA-STS', 'Policies of other domains are not fetched; `delivery.tls` sets one for all.'),
  partial(
    8601,
    'Authentication-Results',
    'Its names of results are those that the anti-spam filter is told; the field itself is neither read nor written.',
    'content/spam/layers/symbols.test.ts',
  ),
  partial(
    8689,
    'REQUIRETLS',
    'Offered over TLS, and demanded of the next hop with a valid certificate. The field TLS-Required is not read.',
    'dialogues/parameters.smtp',
    'dialogues/starttls.smtp',
    'delivery/tls.test.ts',
  ),
  partial(
    9110,
    'HTTP semantics',
    'As a client of mirrors of bundles: If-None-Match and ETag; through the fetch of Node.js.',
    'content/bundle/fetch.test.ts',
  ),
  yes(
    9422,
    'LIMITS',
    'RCPTMAX and MAILMAX are announced as server and kept as client.',
    'delivery/dialogues.test.ts',
  ),
]
