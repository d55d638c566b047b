/**
 * Admission for one engine thread: limits and relay rules behind the questions of `mail/admission.ts`.
 *
 * Promises: limits hold over all threads, since what they count lies in shared memory; no call waits or allocates on
 * the way to yes, once the client was seen; a place is given back once, however often it is released.
 * Leaves out: early talkers, deadlines and limits within a session (`session/`), DNS lists.
 *
 * One client is an IPv4 address or an IPv6 /64, the smallest that a customer gets: more than one address of a /64 says
 * nothing about more than one client. One network is an IPv4 /24 or an IPv6 /48.
 */
import type { Configuration } from '#config/schema.ts'
import type { Admission, Client, Place } from '#mail/admission.ts'
import type { Clock } from '#mail/clock.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import {
  connectingTooOften,
  sendingTooOften,
  tooManyConnections,
  tooManyErrors,
  tooManyHandshakes,
  tooManyRecipientsInTime,
} from '#mail/replies.ts'
import { createNetworkSet } from '#network/cidr.ts'
import { type CountsMemory, createCountsMemory, openCounts } from './connection-counts.ts'
import { createHashKey, type HashKey } from './keyed-hash.ts'
import { createKnownClientsMemory, openKnownClients } from './known-clients.ts'
import { createPeer, type Peer } from './peer.ts'
import { createRatesMemory, openRates, type RatesMemory } from './rates.ts'
import { createRelayRules } from './relay.ts'
import { requireFqdn } from './sender.ts'
import { mostThreads, type TableMemory } from './shared-table.ts'

/** Made once by the supervisor and posted to every thread. */
export interface AdmissionMemory {
  readonly key: HashKey
  readonly addresses: CountsMemory
  readonly networks: CountsMemory
  readonly handshakes: CountsMemory
  readonly rates: RatesMemory
  readonly known: TableMemory
  readonly threads: number
  /** Connections that there are slots for, whatever a reload says. */
  readonly places: number
}

// 2 MiB of rates and half a MiB of known clients: as many clients in two minutes as a large site sees in an hour.
const clients = 65_536
const fewestPlaces = 16_384
/** A client may hold this part of all handshakes, so that one cannot keep the others from TLS. */
const handshakeShare = 4

export function createAdmissionMemory(configuration: Configuration, threads: number): AdmissionMemory {
  if (threads < 1 || threads > mostThreads) throw new RangeError(`Not a number of threads: ${threads}`)
  const places = Math.max(fewestPlaces, configuration.limits.connections.total)
  return {
    key: createHashKey(),
    addresses: createCountsMemory(places, threads),
    networks: createCountsMemory(places, threads),
    handshakes: createCountsMemory(Math.max(1_024, configuration.limits.tlsHandshakes), threads),
    rates: createRatesMemory(clients),
    known: createKnownClientsMemory(clients),
    threads,
    places,
  }
}

/** Only for a thread that has ended, and before one with its number starts: its places are free again. */
export function releaseThread(memory: AdmissionMemory, thread: number): void {
  for (const counts of [memory.addresses, memory.networks, memory.handshakes])
    openCounts(counts, thread).releaseThread(thread)
}

export interface ThreadAdmission extends Admission {
  /** Puts a new configuration in force; what is counted stays counted. */
  reload(configuration: Configuration): void
  /** For the metrics, over all threads. */
  figures(): { readonly connections: number; readonly handshakes: number; readonly uncounted: number }
}

export function attachAdmission(
  memory: AdmissionMemory,
  configuration: Configuration,
  thread: number,
  clock: Clock,
): ThreadAdmission {
  if (thread < 0 || thread >= memory.threads) throw new RangeError(`Not a thread of this memory: ${thread}`)
  const addresses = openCounts(memory.addresses, thread)
  const networks = openCounts(memory.networks, thread)
  const handshakes = openCounts(memory.handshakes, thread)
  const rates = openRates(memory.rates, thread)
  const known = openKnownClients(memory.known)
  let rules = createRules(configuration)
  let peers = new WeakMap<Client, Peer>()

  /** Called per question: one look-up for a client that was seen. */
  const peerOf = (client: Client): Peer => {
    const seen = peers.get(client)
    if (seen !== undefined) return seen
    const peer = createPeer(memory.key, client.address, {
      exempt: rules.exempt.has(client.address),
      mayRelay: rules.relay.mayRelay(client),
    })
    peers.set(client, peer)
    return peer
  }

  return {
    connect(client) {
      const { perAddress, perNetwork, total } = rules.limits.connections
      const peer = peerOf(client)
      const refused = overRate(client, peer)
      if (refused !== undefined) return refused
      if (!addresses.takeOfTotal(Math.min(total, memory.places)))
        return refuse('connections-total', tooManyConnections, `${total} connections are open`)
      const address = addresses.take(peer.address, perAddress)
      if (address < 0) {
        addresses.giveToTotal()
        return refuse(
          'connections-per-address',
          tooManyConnections,
          `${client.address} has ${perAddress} open`,
        )
      }
      const network = networks.take(peer.network, perNetwork)
      if (network < 0) {
        addresses.give(address)
        addresses.giveToTotal()
        return refuse('connections-per-network', tooManyConnections, `its network has ${perNetwork} open`)
      }
      return place(() => {
        networks.give(network)
        addresses.give(address)
        addresses.giveToTotal()
      })
    },
    handshake(client) {
      const limit = rules.limits.tlsHandshakes
      if (!handshakes.takeOfTotal(limit))
        return refuse('tls-handshakes', tooManyHandshakes, `${limit} handshakes are under way`)
      const share = Math.ceil(limit / handshakeShare)
      const slot = handshakes.take(peerOf(client).address, share)
      if (slot < 0) {
        handshakes.giveToTotal()
        return refuse('tls-handshakes', tooManyHandshakes, `${client.address} has ${share} under way`)
      }
      return place(() => {
        handshakes.give(slot)
        handshakes.giveToTotal()
      })
    },
    greetingDelay(client) {
      const { greetingDelay, knownFor } = rules.session
      const peer = peerOf(client)
      if (greetingDelay === 0 || peer.exempt || peer.mayRelay) return 0
      return known.isKnown(peer.address, knownFor, clock.now()) ? 0 : greetingDelay
    },
    behaved(client) {
      known.remember(peerOf(client).address, clock.now())
    },
    sender(client, reversePath) {
      const peer = peerOf(client)
      const refused = rules.requiresFqdn(client) ? requireFqdn(client, reversePath) : undefined
      if (refused !== undefined || peer.exempt) return refused
      const { messages } = rules.limits.rates
      return rates.allow(peer.rates, 'messages', messages, clock.now())
        ? undefined
        : refuse('message-rate', sendingTooOften, `${client.address} sent ${messages} in a minute`)
    },
    recipient(client, recipient) {
      const peer = peerOf(client)
      const refused = peer.mayRelay ? undefined : rules.relay.recipient(client, recipient)
      if (refused !== undefined || peer.exempt) return refused
      const { recipients } = rules.limits.rates
      return rates.allow(peer.rates, 'recipients', recipients, clock.now())
        ? undefined
        : refuse(
            'recipient-rate',
            tooManyRecipientsInTime,
            `${client.address} named ${recipients} in a minute`,
          )
    },
    error(client) {
      const peer = peerOf(client)
      if (peer.exempt) return undefined
      rates.count(peer.rates, 'errors', clock.now())
      return tooManyErrorsOf(client, peer)
    },
    reload(changed) {
      rules = createRules(changed)
      peers = new WeakMap()
    },
    figures: () => ({
      connections: addresses.heldByAll(),
      handshakes: handshakes.heldByAll(),
      uncounted: rates.uncounted(),
    }),
  }

  /** A client that made its errors for this minute does not get more by connecting again. */
  function overRate(client: Client, peer: Peer): Refusal | undefined {
    if (peer.exempt) return undefined
    const refused = tooManyErrorsOf(client, peer)
    if (refused !== undefined) return refused
    const { connections } = rules.limits.rates
    return rates.allow(peer.rates, 'connections', connections, clock.now())
      ? undefined
      : refuse(
          'connection-rate',
          connectingTooOften,
          `${client.address} connected ${connections} times in a minute`,
        )
  }

  function tooManyErrorsOf(client: Client, peer: Peer): Refusal | undefined {
    const { errors } = rules.limits.rates
    return rates.isOver(peer.rates, 'errors', errors, clock.now())
      ? refuse('error-rate', tooManyErrors, `${client.address} made more than ${errors} errors in a minute`)
      : undefined
  }
}

/** What a configuration says, in the form in which it is asked for. */
function createRules(configuration: Configuration) {
  const { zones, limits, session } = configuration
  return {
    limits,
    session,
    exempt: createNetworkSet(limits.ratesExempt),
    relay: createRelayRules(configuration),
    requiresFqdn: ({ zone }: Client): boolean => zone === 'management' || zones[zone].requireFqdnSender,
  }
}

function place(giveBack: () => void): Place {
  let isHeld = true
  return {
    kind: 'place',
    release() {
      if (!isHeld) return
      isHeld = false
      giveBack()
    },
  }
}
