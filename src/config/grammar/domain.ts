/**
 * Domain names as an operator writes them: `Example.org`, `bücher.example`. Read by the one grammar of `mail/address.ts`
 * into lower-case A-labels, so that a configured name and a recipient's domain are equal as text when they are equal.
 *
 * Leaves out: address literals, wildcards. What it adds is the advice that goes with a refusal.
 */
import { type Flaw, flaw } from '#config/grammar/reading.ts'
import { parseDomain } from '#mail/address.ts'

export function readDomain(text: string): string | Flaw {
  const name = parseDomain(text)
  if (name !== undefined) return name
  if (text.includes('@')) return flaw('is an address, not a domain', text.slice(text.lastIndexOf('@') + 1))
  if (text.endsWith('.') && text.length > 1) return flaw('ends in a dot', text.slice(0, -1))
  if (text.startsWith('*.')) return flaw('covers no subdomains: name each domain', text.slice(2))
  if (/^[\d.]+$|[:[\]]/.test(text)) return flaw('is a number or an address, not a domain name')
  return flaw('is not a domain name of letters, digits and hyphens')
}
