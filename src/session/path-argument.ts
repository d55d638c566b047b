/**
 * The argument of MAIL and RCPT: a path and ESMTP parameters (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2).
 *
 * Promises: linear time; the path ends at the first `>` that is not quoted, and nothing but a space may follow it.
 * Leaves out: what is between `<` and `>` (mail/address.ts) and what the parameters mean.
 */

export interface PathArgument {
  /** What stands between `<` and `>`. */
  readonly path: string
  /** Keywords in upper case; `undefined` for one without `=`. A Map: keywords come from outside. */
  readonly parameters: ReadonlyMap<string, string | undefined>
}

const noParameters: ReadonlyMap<string, string | undefined> = new Map()
// RFC 5321 §4.1.2: esmtp-keyword, and esmtp-value with the UTF-8 of RFC 6531 §3.3.
const keywordShape = /^[A-Za-z0-9][A-Za-z0-9-]*$/
const valueShape = /^[\x21-\x3c\x3e-\x7e\u0080-\uffff]+$/

/** `keyword` is `FROM:` or `TO:`. `undefined` when the argument has another form. */
export function readPathArgument(argument: string, keyword: string): PathArgument | undefined {
  if (argument.slice(0, keyword.length).toUpperCase() !== keyword) return undefined
  let at = keyword.length
  // Not in the grammar (RFC 5321 §3.3 forbids it), but many a device sends it, and it has only one reading.
  while (argument[at] === ' ') at++
  if (argument[at] !== '<') return undefined
  const end = endOfPath(argument, at + 1)
  if (end < 0) return undefined
  const path = argument.slice(at + 1, end)
  if (end + 1 === argument.length) return { path, parameters: noParameters }
  if (argument[end + 1] !== ' ') return undefined
  const parameters = readParameters(argument.slice(end + 2))
  return parameters && { path, parameters }
}

/** Index of the closing `>`, or -1. A quoted local part may hold one (RFC 5321 §4.1.2, Quoted-string). */
function endOfPath(text: string, from: number): number {
  if (text[from] !== '"') return text.indexOf('>', from)
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return text.indexOf('>', at)
}

function readParameters(text: string): PathArgument['parameters'] | undefined {
  const parameters = new Map<string, string | undefined>()
  for (const parameter of text.split(' ')) {
    if (parameter === '') continue
    const equals = parameter.indexOf('=')
    const keyword = equals < 0 ? parameter : parameter.slice(0, equals)
    const value = equals < 0 ? undefined : parameter.slice(equals + 1)
    if (!keywordShape.test(keyword) || (value !== undefined && !valueShape.test(value))) return undefined
    // A keyword that comes twice has two readings.
    if (parameters.has(keyword.toUpperCase())) return undefined
    parameters.set(keyword.toUpperCase(), value)
  }
  return parameters
}
