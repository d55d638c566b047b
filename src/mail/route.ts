/**
 * Where the mail for a domain goes: what `routing/` finds out and `delivery/` follows.
 */

export interface Host {
  /** Name for TLS and for texts; the address itself where there is no name. */
  readonly name: string
  readonly protocol: 'smtp' | 'lmtp'
  /** IP addresses, or the absolute path of a UNIX socket, to try in this order. Never empty. */
  readonly addresses: readonly string[]
  readonly port: number
  /** Lower is tried first; hosts with equal preference share the load (RFC 5321 §5.1). */
  readonly preference: number
}

export type Route =
  | {
      /** The built-in trial mailbox: a Maildir. */
      readonly kind: 'capture'
      readonly directory: string
    }
  | {
      readonly kind: 'hosts'
      /** By preference. Never empty. */
      readonly hosts: readonly Host[]
      /** Domains with the same key share connections, concurrency and back-off. */
      readonly key: string
    }
  | {
      readonly kind: 'failed'
      /** Permanent: the mail goes back to its sender. Otherwise it is tried again. */
      readonly permanent: boolean
      readonly reason: RouteFailure
      /** One printable line with enhanced code: `5.1.2 example.org does not exist`. */
      readonly text: string
    }

export type RouteFailure =
  | 'null-mx'
  | 'domain-unknown'
  | 'no-address'
  | 'address-ignored'
  | 'dns-failed'
  | 'loop'

/** Hosts in the order of one attempt: by preference, at random among equals (RFC 5321 §5.1). */
export function inOrderOfAttempt(hosts: readonly Host[], random: () => number): readonly Host[] {
  if (hosts.length < 2) return hosts
  return hosts
    .map(host => ({ host, lot: random() }))
    .sort((a, b) => a.host.preference - b.host.preference || a.lot - b.lot)
    .map(({ host }) => host)
}

export interface Router {
  /** Never rejects: what goes wrong is a failed route. Answers of DNS are cached for as long as they say. */
  route(domain: string): Promise<Route>
}
