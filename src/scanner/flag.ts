/**
 * What can be ambiguous, broken or suspicious in the form of a message, each with a name and a sentence.
 *
 * A flag is never a verdict: policy decides. But whatever two programs may read differently raises one, so that nothing
 * ambiguous passes as clean. `native/src/flag.h` has the same names in the same order; a contract test compares them.
 */
export const flags = {
  'bare-cr': 'a carriage return that no line feed follows',
  'bare-lf': 'a line feed without a carriage return before it',
  nul: 'an octet of value zero',
  'long-line': 'a line of more than 998 octets (RFC 5322 §2.1.1)',
  'header-line': 'a line in the header that is neither a field nor the continuation of one',
  'header-unfinished': 'the header ends without an empty line',
  'header-8bit': 'octets above 127 in a header field that are not UTF-8',
  'header-space-colon': 'white space between the name of a field and its colon',
  'header-blank-fold':
    'a continuation line of white space only, which some programs take for the end of the header',
  'header-duplicate': 'a field that must occur once (RFC 5322 §3.6, RFC 2045) occurs again',
  'header-large': 'a header larger than the limit; what is beyond it was not read as fields',
  'parameter-syntax':
    'a Content-Type or Content-Disposition that does not follow its grammar (RFC 2045 §5.1), or has comments, folds in quotes or escapes, which programs read differently',
  'parameter-duplicate': 'a parameter given twice, such as two boundaries',
  'parameter-continuation':
    'a parameter of RFC 2231 with a gap or a repetition, beside a plain one that says something else, or for a boundary or charset, where many programs do not know it',
  'parameter-encoded-word': 'an encoded word in a parameter, where RFC 2047 §5 forbids it',
  'filename-disagrees': 'Content-Type and Content-Disposition give different file names',
  'filename-control':
    'a file name with control or invisible characters, bidirectional overrides, a path, dots or spaces at its end, or of more than 4,096 octets',
  'encoded-word': 'an encoded word that cannot be decoded, only against RFC 2047, or to a line break',
  'type-syntax': 'a media type that is none',
  'boundary-missing': 'a multipart without a boundary parameter',
  'boundary-syntax':
    'a boundary that RFC 2046 §5.1.1 does not allow: empty, too long, or with forbidden characters',
  'boundary-same':
    'a boundary equal to, or the beginning of, one of an enclosing multipart, or the other way about',
  'boundary-absent': 'a multipart in which its boundary never occurs',
  'boundary-unclosed': 'a multipart whose closing boundary is missing',
  'boundary-near':
    'a line that begins with a boundary and goes on with more than white space, or that has white space before the boundary',
  epilogue: 'content behind the closing boundary of a multipart',
  preamble: 'a preamble that looks like header fields, encoded content or another boundary',
  'encoding-unknown': 'a Content-Transfer-Encoding that is not in RFC 2045 §6',
  'encoding-composite': 'base64 or quoted-printable around a multipart or message (RFC 2045 §6.4)',
  'encoding-8bit': 'octets above 127 in a body that claims 7bit',
  'base64-character': 'characters in base64 that do not belong to its alphabet',
  'base64-padding': 'base64 that goes on behind its padding',
  'base64-length': 'base64 that ends within a group of four',
  'qp-escape': 'an equals sign in quoted-printable that no two hexadecimal digits and no line end follow',
  uuencode: 'a uuencoded file inside a text',
  'uuencode-broken': 'a uuencoded file with wrong lengths or without an end',
  'charset-unknown': 'a charset that is not known; read as windows-1252',
  'charset-broken': 'octets that the charset does not have',
  'charset-missing': 'octets above 127 in a text that declares no charset, or us-ascii',
  'charset-utf7': 'UTF-7, in which markup can hide',
  'html-unfinished': 'markup that ends within a tag, comment, style or script',
  'html-hidden': 'text that a reader does not see',
  'html-obscured':
    'characters that are written to be read by people but not by programs: entities for plain letters',
  invisible: 'characters without width or bidirectional controls in a text',
  'link-long': 'a link longer than the limit; cut',
  'link-disagrees': 'a link whose visible text is the address of another host',
  'links-many': 'more links than the limit',
  'nesting-deep': 'parts nested deeper than the limit; not looked into further',
  'parts-many': 'more parts than the limit; not looked into further',
  'fields-many': 'more header fields than the limit',
  'matches-many': 'more matches than the limit',
  'text-cut': 'a text longer than what is kept; patterns that need confirmation saw its beginning only',
  'mime-version':
    'MIME fields in a message that does not say MIME-Version: 1.0 (RFC 2045 §4), which some programs then ignore',
  'message-elsewhere':
    'a fragment of a message or a reference to one (RFC 2046 §5.2.2, §5.2.3): what a reader will see is not here',
} as const satisfies Record<string, string>

export type FlagName = keyof typeof flags

/** In the order of their numbers. */
export const flagNames = Object.keys(flags) as readonly FlagName[]
