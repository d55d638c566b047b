/**
 * Is that us? Mail that we send to ourselves comes back for ever (RFC 5321 §5.1, §6.3).
 *
 * Promises: knows our host name, and every address that our listeners answer at, also those on the wildcard address.
 * Leaves out: loops that lead over other hosts: those end by the count of Received fields, in `session/`.
 */
import { networkInterfaces } from 'node:os'

export interface Ourselves {
  named(host: string): boolean
  at(address: string, port: number): boolean
}

export interface Endpoint {
  readonly address: string
  readonly port: number
}

const wildcards: ReadonlySet<string> = new Set(['', '*', '0.0.0.0', '::'])

export function createOurselves(
  hostname: string,
  listeners: readonly Endpoint[],
  localAddresses: () => readonly string[] = addressesOfMachine,
): Ourselves {
  const own = hostname.toLowerCase().replace(/\.$/, '')
  const endpoints = new Set(listeners.map(({ address, port }) => `${address}|${port}`))
  const openPorts = new Set(listeners.filter(({ address }) => wildcards.has(address)).map(({ port }) => port))
  return {
    named: host => host === own,
    at: (address, port) =>
      endpoints.has(`${address}|${port}`) || (openPorts.has(port) && localAddresses().includes(address)),
  }
}

const addressesOfMachine = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap(entries => (entries ?? []).map(({ address }) => address))
