/**
 * Which settings of the section `spam` count for a message to a recipient: the nearest ones.
 *
 * Promises: key by key. An exception that names a subject alone has its bands from the next wider one.
 * Leaves out: whether the message is judged at all, which depends on where it comes from.
 */
import type { Configuration } from '#config/schema.ts'

export type SpamSection = Configuration['spam']
export type SpamException = SpamSection['domains'][string]
export type SpamSettings = Pick<
  SpamSection,
  'bands' | 'subject' | 'headers' | 'headersFor' | 'redirectTo' | 'unscanned'
>

/** `domain` as in a canonical address, `recipient` the whole address in lower case. */
export function spamSettings(
  { zones, domains, recipients, ...general }: SpamSection,
  zone: string,
  domain?: string,
  recipient?: string,
): SpamSettings {
  const { bands, subject, headers, headersFor, redirectTo, unscanned } = general
  return {
    bands,
    subject,
    headers,
    headersFor,
    unscanned,
    ...(redirectTo !== undefined && { redirectTo }),
    ...own(zones, zone),
    ...own(domains, domain),
    ...own(recipients, recipient),
  }
}

/** Names are of the operator's and of strangers' choice: never looked up in the prototype. */
const own = (
  exceptions: Readonly<Record<string, SpamException>>,
  name: string | undefined,
): SpamException | undefined =>
  name !== undefined && Object.hasOwn(exceptions, name) ? exceptions[name] : undefined
