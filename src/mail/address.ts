/**
 * Mail addresses as SMTP knows them: the Mailbox of RFC 5321 §4.1.2, with the UTF-8 of RFC 6531 when it was asked for.
 *
 * Promises: one reading of every address, in linear time; what is ambiguous is refused, not guessed. A parsed Address is
 * in one canonical wire form (domain lower-case in A-labels, local part quoted only when it must be), so that it can be
 * written between `<` and `>` without a further look, and holds no CR, LF, NUL or other control character.
 * Leaves out: header addresses (RFC 5322), source routes (refused: RFC 5321 appendix C lets us), delivery meaning.
 */

/** Lower-case host name in A-label form, such as `example.org` or `xn--bcher-kva.example`. */
export type Domain = string & { readonly __brand: 'Domain' }

/** Canonical wire form without the angle brackets: `jo@example.org`, `"a b"@example.org`, `jo@[192.0.2.1]`. */
export type Address = string & { readonly __brand: 'Address' }

/** `''` is the null reverse-path `<>` of notifications (RFC 5321 §4.5.5). */
export type ReversePath = Address | ''
