/**
 * One listening address of a zone, in one engine thread. Every thread opens the same one (SO_REUSEPORT) and the kernel
 * spreads the connections.
 *
 * Promises: when `drain` resolves, no connection and no socket of this listener is left.
 * Leaves out: what is said on a connection: that is the `Dialogue` which `open` makes.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Configuration } from '#config/schema.ts'
import { Doorway, type DoorwayOptions } from '#listener/doorway.ts'
import { createSessionIdSource } from '#listener/session-id.ts'
import { DoorServer, type SecureContexts } from '#listener/smtp-server.ts'
import { createNetworkSet } from '#network/cidr.ts'

export type { SecureContexts } from '#listener/smtp-server.ts'

export type ListenerSetup = Configuration['zones']['outside']['listen'][number]

export interface ListenerOptions
  extends Pick<DoorwayOptions, 'admission' | 'track' | 'timers' | 'handshakeDeadline' | 'open' | 'complain'> {
  readonly zone: DoorwayOptions['zone']
  readonly listener: ListenerSetup
  /** Needed unless `listener.tls` is `off`. */
  readonly tls?: SecureContexts
}

export interface SmtpListener {
  /** `ADDRESS:PORT`, an IPv6 address in brackets. */
  readonly address: string
  readonly port: number
  /** How many there are now, with those that have not been greeted yet. */
  readonly connections: number
  /** New connections are not taken any more. Those that are there go on. */
  stopAccepting(): void
  /** Says goodbye to whoever is idle, lets messages that are under way be finished, ends the rest after so long. */
  drain(milliseconds: number): Promise<void>
  /** For handshakes from now on. */
  updateTls(contexts: SecureContexts): void
}

/** How long a client may take to read its last reply once the time of a drain is up, in milliseconds. */
const lastWord = 500

/** Rejects with the error of the operating system when the address cannot be had. */
export async function openListener(options: ListenerOptions): Promise<SmtpListener> {
  const { listener, timers } = options
  if (listener.tls !== 'off' && options.tls === undefined)
    throw new TypeError(`The listener ${listener.address}:${listener.port} needs a certificate.`)
  const doorway = new Doorway({
    ...options,
    tlsMode: listener.tls,
    proxies: createNetworkSet(listener.proxyFrom),
    nextSession: createSessionIdSource(),
  })
  const server = new DoorServer(doorway, options.tls, listener.requestClientCertificate)
  server.listen({ host: listener.address, port: listener.port, reusePort: true })
  await once(server.server, 'listening')
  const { address, port, family } = server.server.address() as AddressInfo
  doorway.name = family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
  const closed = new Promise<void>(resolve => server.server.once('close', resolve))
  const stopAccepting = (): void => {
    if (server.server.listening) server.server.close()
  }
  return {
    address: doorway.name,
    port,
    get connections() {
      return server.open.size + server._pendingSockets.size
    },
    stopAccepting,
    async drain(milliseconds) {
      stopAccepting()
      for (const socket of [...server._pendingSockets.values()]) socket.destroy()
      for (const connection of [...server.open]) connection.guarded(dialogue => dialogue.drain())
      const destroyAll = (): void => {
        for (const connection of [...server.open]) connection.destroy()
      }
      let cancel = timers.after(milliseconds, () => {
        for (const connection of [...server.open]) connection.guarded(dialogue => dialogue.terminate())
        cancel = timers.after(lastWord, destroyAll)
      })
      // A half-closed socket and a timer of ours keep no thread alive; the drain of it must.
      const hold = setInterval(() => {}, 2 ** 30)
      await closed
      clearInterval(hold)
      cancel()
      // The server counts a socket as gone before the socket says so itself.
      await server.whenEmpty()
    },
    updateTls: contexts => server.useContexts(contexts),
  }
}
