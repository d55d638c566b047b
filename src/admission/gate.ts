/**
 * The questions of a session under one configuration: rates, relaying, sender, greeting delay.
 *
 * Promises: never changes; a reload makes a new one, which works out anew what each client may.
 * Leaves out: places (`places.ts`), which outlive a configuration.
 */
import type { Configuration } from '#config/schema.ts'
import type { Address, ReversePath } from '#mail/address.ts'
import type { Client } from '#mail/admission.ts'
import type { Clock } from '#mail/clock.ts'
import type { Reason } from '#mail/reason.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import { connectingTooOften, sendingTooOften, tooManyErrors, tooManyRecipientsInTime } from '#mail/replies.ts'
import type { Reply } from '#mail/reply.ts'
import { createNetworkSet } from '#network/cidr.ts'
import type { HashKey } from './keyed-hash.ts'
import type { KnownClients } from './known-clients.ts'
import { createPeer, type Peer } from './peer.ts'
import type { RateKind, Rates } from './rates.ts'
import { createRelayRules } from './relay.ts'
import { requireFqdn } from './sender.ts'

/** What outlives a configuration. */
export interface GateMemory {
  readonly key: HashKey
  readonly rates: Rates
  readonly known: KnownClients
  readonly clock: Clock
}

interface RateRefusal {
  readonly reason: Reason
  readonly reply: Reply
  readonly did: string
}

const rateRefusals: Readonly<Record<Exclude<RateKind, 'errors'>, RateRefusal>> = {
  connections: { reason: 'connection-rate', reply: connectingTooOften, did: 'connected' },
  messages: { reason: 'message-rate', reply: sendingTooOften, did: 'sent' },
  recipients: { reason: 'recipient-rate', reply: tooManyRecipientsInTime, did: 'named recipients' },
}

export function createGate(configuration: Configuration, { key, rates, known, clock }: GateMemory) {
  const { zones, limits, session } = configuration
  const exempt = createNetworkSet(limits.ratesExempt)
  const relay = createRelayRules(configuration)
  const peers = new WeakMap<Client, Peer>()

  /** Called per question: one look-up for a client that was seen. */
  const peerOf = (client: Client): Peer => {
    const seen = peers.get(client)
    if (seen !== undefined) return seen
    const facts = { exempt: exempt.has(client.address), mayRelay: relay.mayRelay(client) }
    const peer = createPeer(key, client.address, facts)
    peers.set(client, peer)
    return peer
  }

  const overRate = (client: Client, peer: Peer, kind: Exclude<RateKind, 'errors'>): Refusal | undefined => {
    const limit = limits.rates[kind]
    if (peer.exempt || rates.allow(peer.rates, kind, limit, clock.now())) return undefined
    const { reason, reply, did } = rateRefusals[kind]
    return refuse(reason, reply, `${client.address} ${did} ${limit} times in a minute`)
  }

  const overErrors = (client: Client, peer: Peer): Refusal | undefined => {
    const limit = limits.rates.errors
    return rates.isOver(peer.rates, 'errors', limit, clock.now())
      ? refuse('error-rate', tooManyErrors, `${client.address} made more than ${limit} errors in a minute`)
      : undefined
  }

  return {
    limits,
    peerOf,
    /** A client that made its errors for this minute does not get more by connecting again. */
    connectionRate: (client: Client, peer: Peer): Refusal | undefined =>
      (peer.exempt ? undefined : overErrors(client, peer)) ?? overRate(client, peer, 'connections'),
    greetingDelay(client: Client): number {
      const peer = peerOf(client)
      if (session.greetingDelay === 0 || peer.exempt || peer.mayRelay) return 0
      return known.isKnown(peer.address, session.knownFor, clock.now()) ? 0 : session.greetingDelay
    },
    sender(client: Client, reversePath: ReversePath): Refusal | undefined {
      const asksForFqdn = client.zone === 'management' || zones[client.zone].requireFqdnSender
      const refused = asksForFqdn ? requireFqdn(client, reversePath) : undefined
      return refused ?? overRate(client, peerOf(client), 'messages')
    },
    recipient(client: Client, recipient: Address): Refusal | undefined {
      const peer = peerOf(client)
      const refused = peer.mayRelay ? undefined : relay.recipient(client, recipient)
      return refused ?? overRate(client, peer, 'recipients')
    },
    error(client: Client): Refusal | undefined {
      const peer = peerOf(client)
      if (peer.exempt) return undefined
      rates.count(peer.rates, 'errors', clock.now())
      return overErrors(client, peer)
    },
  }
}
