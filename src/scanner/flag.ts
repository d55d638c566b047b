/**
 * What can be ambiguous, broken or suspicious in the form of a message: the name of each, what it means, and why somebody
 * would do it. The manual page `flags.md` is made from this.
 *
 * A flag is never a verdict: policy decides. But whatever two programs may read differently raises one, so that nothing
 * ambiguous passes as clean. `native/src/flag.h` has the same names in the same order; a contract test compares them.
 */
export interface FlagMeaning {
  /** Without a full stop, for the middle of a line. */
  readonly what: string
  /** What an attacker gains by it; and who else does it, when that is common. */
  readonly why: string
}

export const flags = {
  'bare-cr': {
    what: 'a carriage return that no line feed follows',
    why: 'A program that ends lines there sees other header fields, parts or links than one that does not.',
  },
  'bare-lf': {
    what: 'a line feed without a carriage return before it',
    why: 'A server that takes it for a line end can be made to see a second message in the first, and header fields that others take for text (SMTP smuggling).',
  },
  nul: {
    what: 'an octet of value zero',
    why: 'Programs that end a text there see nothing of what follows; it also parts words that filters look for, and mail readers drop it.',
  },
  'long-line': {
    what: 'a line of more than 998 octets (RFC 5322 §2.1.1)',
    why: 'Programs cut, wrap or skip such a line, each at another place, and what is beyond is read by some only.',
  },
  'header-line': {
    what: 'a line in the header that is neither a field nor the continuation of one',
    why: 'Some programs end the header there, some skip the line: fields below it, such as a second Content-Type, are seen by some only.',
  },
  'header-unfinished': {
    what: 'the header ends without an empty line',
    why: 'A program that waits for the empty line takes the part for a header, and does not look into it as a body.',
  },
  'header-8bit': {
    what: 'octets above 127 in a header field that are not UTF-8',
    why: 'A name or subject is guessed in one charset by the filter and in another by the mail reader.',
  },
  'header-space-colon': {
    what: 'white space between the name of a field and its colon',
    why: 'Programs that want the colon at once do not see the field; a Content-Type that only the mail reader sees is not filtered.',
  },
  'header-blank-fold': {
    what: 'a continuation line of white space only, which some programs take for the end of the header',
    why: 'To some programs the body begins here, to others the header goes on: each sees other fields and parts.',
  },
  'header-duplicate': {
    what: 'a field that must occur once (RFC 5322 §3.6, RFC 2045) occurs again',
    why: 'The filter takes the first and the mail reader the last: two senders, two subjects or two boundaries in one message.',
  },
  'header-large': {
    what: 'a header larger than the limit; what is beyond it was not read as fields',
    why: 'Fields behind so much padding are beyond what a filter reads, but not beyond what a mail reader reads.',
  },
  'parameter-syntax': {
    what: 'a Content-Type or Content-Disposition that does not follow its grammar (RFC 2045 §5.1), or has comments, folds in quotes or escapes, which programs read differently',
    why: 'Each program mends broken grammar in its own way, so that a file has one name for the filter and another for the reader.',
  },
  'parameter-duplicate': {
    what: 'a parameter given twice, such as two boundaries',
    why: 'With two boundaries or two names a filter takes one and the mail reader the other.',
  },
  'parameter-continuation': {
    what: 'a parameter of RFC 2231 with a gap or a repetition, beside a plain one that says something else, or for a boundary or charset, where many programs do not know it',
    why: 'A name or boundary in pieces is joined by some programs in another order or not at all, so that a forbidden ending is not seen.',
  },
  'parameter-encoded-word': {
    what: 'an encoded word in a parameter, where RFC 2047 §5 forbids it',
    why: 'Many mail readers decode it all the same, and show a name that a strict filter never saw.',
  },
  'filename-disagrees': {
    what: 'Content-Type and Content-Disposition give different file names',
    why: 'The filter judges the harmless name, and the reader saves the file under the other.',
  },
  'filename-control': {
    what: 'a file name with control or invisible characters, bidirectional overrides, a path, dots or spaces at its end, or of more than 4,096 octets',
    why: 'What is written from right to left, or is hidden, makes `exe` look like `pdf`; a path or a dot at the end changes where and as what a file is saved.',
  },
  'encoded-word': {
    what: 'an encoded word that cannot be decoded, only against RFC 2047, or to a line break',
    why: 'A subject or name that the filter cannot decode but a lenient mail reader can; a line break in it can forge a field.',
  },
  'type-syntax': {
    what: 'a media type that is none',
    why: 'The filter takes the part for text, the mail reader guesses from its octets or its name.',
  },
  'boundary-missing': {
    what: 'a multipart without a boundary parameter',
    why: 'The filter sees one text; a program that guesses the boundary from the body sees parts, and attachments.',
  },
  'boundary-syntax': {
    what: 'a boundary that RFC 2046 §5.1.1 does not allow: empty, too long, or with forbidden characters',
    why: 'Some programs cut, trim or refuse such a boundary, and then do not find the parts.',
  },
  'boundary-same': {
    what: 'a boundary equal to, or the beginning of, one of an enclosing multipart, or the other way about',
    why: 'It is open which multipart a line ends: one program sees a part as the last, another sees more behind it.',
  },
  'boundary-absent': {
    what: 'a multipart in which its boundary never occurs',
    why: 'A program that takes boundaries less strictly finds parts where a strict one finds none.',
  },
  'boundary-unclosed': {
    what: 'a multipart whose closing boundary is missing',
    why: 'Programs differ in where the last part ends, and whether a message that was cut is read at all. Without malice: mail that was cut on its way.',
  },
  'boundary-near': {
    what: 'a line that begins with a boundary and goes on with more than white space, or that has white space before the boundary',
    why: 'Programs that compare the beginning of a line only, or trim it, see a boundary here, and other parts than the rest.',
  },
  epilogue: {
    what: 'content behind the closing boundary of a multipart',
    why: 'Most mail readers do not show it, but some do, and some programs go on looking for parts there. Without malice: footers of mailing lists.',
  },
  preamble: {
    what: 'a preamble that looks like header fields, encoded content or another boundary',
    why: 'A program without MIME, or with another boundary, reads the message that is hidden there.',
  },
  'encoding-unknown': {
    what: 'a Content-Transfer-Encoding that is not in RFC 2045 §6',
    why: 'The filter takes the octets as they stand, a mail reader guesses base64 or quoted-printable and decodes them.',
  },
  'encoding-composite': {
    what: 'base64 or quoted-printable around a multipart or message (RFC 2045 §6.4)',
    why: 'Some programs decode the whole and look for parts in the result, others look for them in what stands there.',
  },
  'encoding-8bit': {
    what: 'octets above 127 in a body that claims 7bit',
    why: 'A program that believes the claim clears the highest bit, and reads another text. Without malice: careless mailers.',
  },
  'base64-character': {
    what: 'characters in base64 that do not belong to its alphabet',
    why: 'Some decoders skip them, some stop, some fail: an attachment is whole for one and garbage for another.',
  },
  'base64-padding': {
    what: 'base64 that goes on behind its padding',
    why: 'Some decoders end at the padding and some go on: what follows is an attachment for some only.',
  },
  'base64-length': {
    what: 'base64 that ends within a group of four',
    why: 'Decoders differ in what becomes of the rest, and so in the digest by which a file is known. Without malice: mail that was cut.',
  },
  'qp-escape': {
    what: 'an equals sign in quoted-printable that no two hexadecimal digits and no line end follow',
    why: 'Decoders drop it, keep it or stop there, so that words and links are read differently.',
  },
  uuencode: {
    what: 'a uuencoded file inside a text',
    why: 'A file that is no part for MIME, and so none for most filters; old mail readers offer it to be opened.',
  },
  'uuencode-broken': {
    what: 'a uuencoded file with wrong lengths or without an end',
    why: 'Decoders differ in how much of such a file they give out.',
  },
  'charset-unknown': {
    what: 'a charset that is not known; read as windows-1252',
    why: 'The filter reads another text than a mail reader that knows the charset or guesses it.',
  },
  'charset-broken': {
    what: 'octets that the charset does not have',
    why: 'Octets that swallow the next character in some decoders: a quote, a tag or a word disappears for one of them.',
  },
  'charset-missing': {
    what: 'octets above 127 in a text that declares no charset, or us-ascii',
    why: 'Each program guesses a charset of its own, so that words are found by some only. Without malice: old mailers.',
  },
  'charset-utf7': {
    what: 'UTF-7, in which markup can hide',
    why: 'Markup in it looks like harmless letters to whoever does not decode it.',
  },
  'html-unfinished': {
    what: 'markup that ends within a tag, comment, style or script',
    why: 'Programs differ in where the markup ends, and so in whether what follows is text. Without malice: mail that was cut.',
  },
  'html-hidden': {
    what: 'text that a reader does not see',
    why: 'Words for the filter that the reader never sees: harmless ones against statistics, random ones against digests. Without malice: preview lines of newsletters.',
  },
  'html-obscured': {
    what: 'characters that are written to be read by people but not by programs: entities for plain letters',
    why: 'The reader sees the word, a filter that looks for it in the source does not.',
  },
  invisible: {
    what: 'characters without width or bidirectional controls in a text',
    why: 'They part words that filters look for, or turn the order of characters, and nobody sees it.',
  },
  'link-long': {
    what: 'a link longer than the limit; cut',
    why: 'The host or the end of the address is beyond what programs look at or people read.',
  },
  'link-disagrees': {
    what: 'a link whose visible text is the address of another host',
    why: 'The reader believes the address that is shown, and goes to another: phishing. Without malice: counters of clicks in newsletters.',
  },
  'links-many': {
    what: 'more links than the limit',
    why: 'The one that matters is behind so many others that a filter stops before it.',
  },
  'nesting-deep': {
    what: 'parts nested deeper than the limit; not looked into further',
    why: 'The content lies deeper than a filter looks, or the filter ends at the depth.',
  },
  'parts-many': {
    what: 'more parts than the limit; not looked into further',
    why: 'The content is behind more parts than a filter looks at, or the filter is kept busy.',
  },
  'fields-many': {
    what: 'more header fields than the limit',
    why: 'Fields that matter are behind more than a filter reads, or the filter is kept busy.',
  },
  'matches-many': {
    what: 'more matches than the limit',
    why: 'So much to find that a filter is kept busy, or does not count the rest.',
  },
  'text-cut': {
    what: 'a text longer than what is kept; patterns that need confirmation saw its beginning only',
    why: 'Harmless text comes first, in the hope that nobody looks at the end.',
  },
  'mime-version': {
    what: 'MIME fields in a message that does not say MIME-Version: 1.0 (RFC 2045 §4), which some programs then ignore',
    why: 'Programs that want the field see one text, the others see parts and attachments. Without malice: careless mailers.',
  },
  'message-elsewhere': {
    what: 'a fragment of a message or a reference to one (RFC 2046 §5.2.2, §5.2.3): what a reader will see is not here',
    why: 'The filter sees pieces or a reference, the mail reader puts the whole together or fetches it.',
  },
} as const satisfies Record<string, FlagMeaning>

export type FlagName = keyof typeof flags

/** In the order of their numbers. */
export const flagNames = Object.keys(flags) as readonly FlagName[]
