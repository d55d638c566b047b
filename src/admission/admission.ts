/**
 * Admission for one engine thread: limits and relay rules behind the questions of `mail/admission.ts`.
 *
 * Promises: limits hold over all threads, since what they count lies in shared memory; no call waits, and once a client
 * was seen none allocates on the way to yes; a new configuration is in force with the next question, and what is counted
 * stays counted.
 * Leaves out: early talkers, deadlines and limits within a session (`session/`), DNS lists.
 *
 * One client is an IPv4 address or an IPv6 /64, the smallest that a customer gets: more than one address of a /64 says
 * nothing about more than one client. One network is an IPv4 /24 or an IPv6 /48.
 */
import type { Configuration } from '#config/schema.ts'
import type { Admission } from '#mail/admission.ts'
import type { Clock } from '#mail/clock.ts'
import { createGate } from './gate.ts'
import { createHashKey, type HashKey } from './keyed-hash.ts'
import { createKnownClientsMemory, openKnownClients } from './known-clients.ts'
import { createPlacesMemory, openPlaces, type PlacesMemory } from './places.ts'
import { createRatesMemory, openRates, type RatesMemory } from './rates.ts'
import { mostThreads, type TableMemory } from './shared-table.ts'

/** Made once by the supervisor and posted to every thread. */
export interface AdmissionMemory {
  readonly key: HashKey
  readonly places: PlacesMemory
  readonly rates: RatesMemory
  readonly known: TableMemory
  readonly threads: number
}

export interface ThreadAdmission extends Admission {
  reload(configuration: Configuration): void
  /** For the metrics, over all threads. */
  figures(): AdmissionFigures
}

export interface AdmissionFigures {
  readonly connections: number
  readonly handshakes: number
  /** Times that the table of rates had no room for a client, since the start. */
  readonly uncounted: number
}

// 2 MiB of rates and half a MiB of known clients: as many clients in two minutes as a large site sees in an hour.
const clients = 65_536
const fewestPlaces = 16_384
const fewestHandshakes = 1_024

export function createAdmissionMemory(configuration: Configuration, threads: number): AdmissionMemory {
  if (threads < 1 || threads > mostThreads) throw new RangeError(`Not a number of threads: ${threads}`)
  const { connections, tlsHandshakes } = configuration.limits
  return {
    key: createHashKey(),
    places: createPlacesMemory(
      Math.max(fewestPlaces, connections.total),
      Math.max(fewestHandshakes, tlsHandshakes),
      threads,
    ),
    rates: createRatesMemory(clients),
    known: createKnownClientsMemory(clients),
    threads,
  }
}

/** Only for a thread that has ended, and before one with its number starts: its places are free again. */
export const releaseThread = (memory: AdmissionMemory, thread: number): void =>
  openPlaces(memory.places, thread).releaseThread(thread)

export function attachAdmission(
  memory: AdmissionMemory,
  configuration: Configuration,
  thread: number,
  clock: Clock,
): ThreadAdmission {
  if (thread < 0 || thread >= memory.threads) throw new RangeError(`Not a thread of this memory: ${thread}`)
  const places = openPlaces(memory.places, thread)
  const rates = openRates(memory.rates, thread)
  const known = openKnownClients(memory.known)
  const remembered = { key: memory.key, rates, known, clock }
  let gate = createGate(configuration, remembered)

  return {
    connect(client) {
      const peer = gate.peerOf(client)
      return gate.connectionRate(client, peer) ?? places.connection(client, peer, gate.limits.connections)
    },
    handshake: client => places.handshake(client, gate.peerOf(client), gate.limits.tlsHandshakes),
    greetingDelay: client => gate.greetingDelay(client),
    behaved: client => known.remember(gate.peerOf(client).address, clock.now()),
    sender: (client, reversePath) => gate.sender(client, reversePath),
    recipient: (client, recipient) => gate.recipient(client, recipient),
    error: client => gate.error(client),
    reload(changed) {
      gate = createGate(changed, remembered)
    },
    figures: () => ({
      connections: places.connections(),
      handshakes: places.handshakes(),
      uncounted: rates.uncounted(),
    }),
  }
}
