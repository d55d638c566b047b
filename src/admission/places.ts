/**
 * Places for connections and handshakes: taken against several limits at once, given back together.
 *
 * Promises: a refusal leaves nothing taken; a place is given back once, however often it is released.
 */
import type { Client, Place } from '#mail/admission.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import { tooManyConnections, tooManyHandshakes } from '#mail/replies.ts'
import { type CountsMemory, createCountsMemory, openCounts } from './connection-counts.ts'
import type { Peer } from './peer.ts'

export interface PlacesMemory {
  readonly addresses: CountsMemory
  readonly networks: CountsMemory
  readonly handshakes: CountsMemory
  /** Connections that there are slots for, whatever a reload says. */
  readonly most: number
}

export interface ConnectionLimits {
  readonly perAddress: number
  readonly perNetwork: number
  readonly total: number
}

/** A client may hold this part of all handshakes, so that one cannot keep the others from TLS. */
const handshakeShare = 4

export const createPlacesMemory = (most: number, mostHandshakes: number, threads: number): PlacesMemory => ({
  addresses: createCountsMemory(most, threads),
  networks: createCountsMemory(most, threads),
  handshakes: createCountsMemory(mostHandshakes, threads),
  most,
})

export function openPlaces(memory: PlacesMemory, thread: number) {
  const addresses = openCounts(memory.addresses, thread)
  const networks = openCounts(memory.networks, thread)
  const handshakes = openCounts(memory.handshakes, thread)

  return {
    connection(client: Client, peer: Peer, limits: ConnectionLimits): Place | Refusal {
      const { perAddress, perNetwork } = limits
      const total = Math.min(limits.total, memory.most)
      if (!addresses.takeOfTotal(total))
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
        const detail = `the network of ${client.address} has ${perNetwork} open`
        return refuse('connections-per-network', tooManyConnections, detail)
      }
      return place(() => {
        networks.give(network)
        addresses.give(address)
        addresses.giveToTotal()
      })
    },
    handshake(client: Client, peer: Peer, limit: number): Place | Refusal {
      if (!handshakes.takeOfTotal(limit))
        return refuse('tls-handshakes', tooManyHandshakes, `${limit} handshakes are under way`)
      const share = Math.ceil(limit / handshakeShare)
      const slot = handshakes.take(peer.address, share)
      if (slot < 0) {
        handshakes.giveToTotal()
        return refuse('tls-handshakes', tooManyHandshakes, `${client.address} has ${share} under way`)
      }
      return place(() => {
        handshakes.give(slot)
        handshakes.giveToTotal()
      })
    },
    connections: () => addresses.heldByAll(),
    handshakes: () => handshakes.heldByAll(),
    /** Only for a thread that has ended. */
    releaseThread(dead: number): void {
      for (const counts of [addresses, networks, handshakes]) counts.releaseThread(dead)
    },
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
