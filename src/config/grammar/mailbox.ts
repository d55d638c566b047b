/**
 * Mail addresses as an operator writes them, read by the one grammar of `mail/address.ts`.
 *
 * Promises: lower-case, so that a configured recipient and one of RCPT are equal as text when anybody would call them equal.
 */
import { type Flaw, flaw } from '#config/grammar/reading.ts'
import { type Address, isAddressError, parseAddress } from '#mail/address.ts'

export function readMailbox(text: string): Address | Flaw {
  const address = parseAddress(text, { smtputf8: true })
  if (!isAddressError(address)) return address.toLowerCase() as Address
  const bare = /<([^<>]*@[^<>]*)>/.exec(text)?.[1]
  return flaw('is not a mail address', bare ?? (text.includes('@') ? undefined : `${text}@example.org`))
}
