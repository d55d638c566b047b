/**
 * From the accepted socket to the dialogue: PROXY header, admission, place for the handshake, each with its refusal.
 *
 * Promises: a place is given back when its connection is gone, whatever way it went; whoever is refused is told when a
 * reply can be read at all (not inside TLS), and tracking is told always.
 * Leaves out: how sockets are upgraded and closed (`smtp-server.ts`).
 */
import type { Socket } from 'node:net'
import { readProxyHeader, type Source } from '#listener/proxy-gate.ts'
import type { Admission, Client, Place } from '#mail/admission.ts'
import type { ZoneName } from '#mail/envelope.ts'
import { isRefusal, type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import type { Cancel, Timers } from '#mail/timers.ts'
import type { Dialogue, Peer, TlsMode, Transport } from '#mail/transport.ts'
import { canonicalAddress, type NetworkSet } from '#network/cidr.ts'
import type { Track } from '#observe/event.ts'

export interface DoorwayOptions {
  readonly zone: ZoneName
  readonly tlsMode: TlsMode
  readonly proxies: NetworkSet
  readonly admission: Pick<Admission, 'connect' | 'handshake'>
  readonly track: Track
  readonly timers: Timers
  /** Milliseconds for the PROXY header and the handshake together. */
  readonly handshakeDeadline: number
  readonly open: (peer: Peer, transport: Transport) => Dialogue
  readonly nextSession: () => string
  /** An exception that cost a connection: for the log. */
  readonly complain: (error: unknown, session: string) => void
}

/** A client that was let in. */
export interface Arrival {
  readonly session: string
  readonly client: Client
  readonly port: number
  readonly place: Place
}

export class Doorway {
  readonly options: DoorwayOptions
  /** `ADDRESS:PORT` of the listener, known once it listens. */
  name = ''

  constructor(options: DoorwayOptions) {
    this.options = options
  }

  expectsProxyHeader(socket: Socket): boolean {
    return this.options.proxies.has(canonicalAddress(socket.remoteAddress ?? '') ?? '')
  }

  /** Calls `enter` at once or later, or closes the socket and calls `refused`. */
  receive(socket: Socket, enter: (arrival: Arrival) => void, refused: () => void): void {
    const admit = (source: Source | undefined): void => {
      const arrival = this.#admit(socket, source)
      if (arrival === undefined) refused()
      else enter(arrival)
    }
    if (!this.expectsProxyHeader(socket)) {
      admit(undefined)
      return
    }
    readProxyHeader(socket, result => {
      if (result.kind === 'source') return admit(result.source)
      const client = this.#clientOf(socket, undefined)
      this.#tell(
        refuse('proxy-header', replies.badProxyHeader, result.reason),
        client,
        this.options.nextSession(),
      )
      socket.destroy()
      refused()
    })
  }

  /** A place for a handshake. The refusal has been told to tracking. */
  handshake({ client, session }: Arrival): Place | undefined {
    const place = this.options.admission.handshake(client)
    if (!isRefusal(place)) return place
    this.#tell(place, client, session)
    return undefined
  }

  /** Who hung up in the middle is not worth a word; who cannot speak TLS with us is. */
  handshakeFailed({ client, session }: Arrival, error: Error & { readonly code?: string }): void {
    if (!/^ERR_(?:SSL|TLS)_/.test(error.code ?? '')) return
    this.#tell(refuse('tls-failed', replies.handshakeFailed, error.code), client, session)
  }

  /** Ends what takes too long before a dialogue. The socket is looked for only then: TLS may have taken its place. */
  limit(topSocket: () => Socket, session = this.options.nextSession()): Cancel {
    const late = refuse('deadline-handshake', replies.handshakeDeadline)
    return this.options.timers.after(this.options.handshakeDeadline, () => {
      const socket = topSocket()
      if (!socket.destroyed) this.#tell(late, this.#clientOf(socket, undefined), session)
      socket.destroy()
    })
  }

  #admit(socket: Socket, source: Source | undefined): Arrival | undefined {
    const session = this.options.nextSession()
    const client = this.#clientOf(socket, source)
    const place = this.options.admission.connect(client)
    if (isRefusal(place)) {
      this.#tell(place, client, session)
      this.#turnAway(socket, place)
      return undefined
    }
    socket.once('close', () => place.release())
    return { session, client, port: source?.port ?? socket.remotePort ?? 0, place }
  }

  #turnAway(socket: Socket, refusal: Refusal): void {
    // Inside TLS nobody could read it, and a handshake would be what the refusal is to save.
    if (this.options.tlsMode !== 'implicit') socket.write(refusal.reply.wire, 'latin1')
    socket.destroySoon()
  }

  #clientOf(socket: Socket, source: Source | undefined): Client {
    const address = source?.address ?? canonicalAddress(socket.remoteAddress ?? '') ?? 'unknown'
    return { address, zone: this.options.zone, secure: false }
  }

  #tell({ reason, reply, detail }: Refusal, client: Client, session: string): void {
    this.options.track({
      event: 'refused',
      session,
      client: client.address,
      stage: 'connect',
      reason,
      reply: reply.wire.trimEnd(),
      ...(detail !== '' && { detail }),
    })
  }
}
