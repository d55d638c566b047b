/**
 * What is known of a message beside its content: who brought it, under which names, for whom.
 *
 * Promises: everything may be missing; a symbol that needs it then says nothing. Values only.
 * Leaves out: finding it out, which is for the session and, one day, the checks of authenticity.
 */

/** RFC 8601 §2.7.1 and following, as far as they decide anything. */
export type AuthenticationResult =
  | 'pass'
  | 'fail'
  | 'softfail'
  | 'neutral'
  | 'none'
  | 'temperror'
  | 'permerror'

export interface AuthenticationFacts {
  readonly spf?: AuthenticationResult
  readonly dmarc?: AuthenticationResult
  /** A row for each signature. */
  readonly dkim?: readonly { readonly result: AuthenticationResult; readonly domain: string }[]
}

export interface ConnectionFacts {
  readonly clientAddress?: string
  /** Confirmed name of the address; null when it was looked for and there is none. */
  readonly reverseName?: string | null
  /** As given with HELO or EHLO. */
  readonly helo?: string
  /** Of MAIL FROM; empty for a notification. */
  readonly envelopeSender?: string
  readonly recipients?: readonly string[]
  readonly authentication?: AuthenticationFacts
}
