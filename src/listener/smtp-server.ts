/**
 * The subclasses of the npm package `smtp-server`, and the only place that knows its private names.
 *
 * Kept from the package: accepting, the registry of connections, the TLS upgrade (STARTTLS and implicit, SNI, client
 * certificates), closing with a bound on half-closed sockets. Replaced: its parser and commands (by a `Dialogue`), its
 * fixed greeting delay, its idle timeouts (by absolute deadlines), its PROXY reader, its built-in certificate.
 *
 * Overridden or used here: `SMTPServer.connect`, `updateSecureContext`, `_acceptSocket`, `_handleProxy`, `_upgrade`,
 * `_resolveSNI`, `_onError`, `_pendingSockets`, `connections`, `secureContext`, `server`; `SMTPConnection.init`,
 * `upgrade`, `close`, `_setListeners`, `_createParser`, `_parser`, `_armTimeout`, `_onClose`, `_onError`, `_socket`, `_upgrading`.
 * The package is pinned exactly; `test/listener/smtp-server.test.ts` fails when another version is installed.
 */
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import type { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import type { Arrival, Doorway } from '#listener/doorway.ts'
import { withReadBuffer } from '#listener/read-buffer.ts'
import { tlsFactsOf } from '#listener/tls-facts.ts'
import type { Place } from '#mail/admission.ts'
import type { Cancel } from '#mail/timers.ts'
import type { Dialogue, Transport } from '#mail/transport.ts'

/** Certificates of a listener. Replaced as a whole when they are renewed. */
export interface SecureContexts {
  readonly default: SecureContext
  /** By the name that the client asks for (SNI), lower-case. */
  readonly named?: ReadonlyMap<string, SecureContext>
}

type Arrived = SMTPConnectionOptions & { readonly id: string; readonly arrival: Arrival }

const nothing = (): void => {}

/** Under TLS a client that closes its side is gone: in the middle of a handshake nothing else would tell us. */
const closeBothSides = (socket: Socket): void => {
  socket.allowHalfOpen = false
}

export class DoorServer extends SMTPServer {
  readonly doorway: Doorway
  /** Connections whose socket is still there: the registry of the package forgets those that it is closing. */
  readonly open = new Set<DoorConnection>()
  readonly #emptied = Promise.withResolvers<void>()
  /** Clients that were let in and are in the middle of an implicit handshake. */
  readonly #arrivals = new WeakMap<Socket, Arrival>()

  constructor(doorway: Doorway, contexts: SecureContexts | undefined, requestClientCertificate: boolean) {
    super({
      secure: doorway.options.tlsMode === 'implicit',
      logger: false, // and with it the warning about a built-in certificate that is never used
      socketTimeout: doorway.options.handshakeDeadline,
      requestCert: requestClientCertificate,
      rejectUnauthorized: false, // Certificates count by their fingerprint, whoever issued them.
      // A client that sends all it has and closes its side is answered before we close ours.
      ...({ allowHalfOpen: true } as object),
    })
    this.doorway = doorway
    if (contexts !== undefined) this.useContexts(contexts)
  }

  useContexts(contexts: SecureContexts): void {
    this.secureContext = new Map([...(contexts.named ?? []), ['*', contexts.default]])
  }

  /** The package would load a certificate whose key is public. */
  override updateSecureContext(): void {
    this.secureContext = new Map()
  }

  override _resolveSNI(
    servername: string,
    done: (error: Error | null, context?: SecureContext) => void,
  ): void {
    done(null, this.secureContext.get(servername.toLowerCase()) ?? this.secureContext.get('*'))
  }

  /** A plain socket goes straight on; whatever must happen first has one deadline for all of it. */
  override _acceptSocket(socket: Socket, handshake: boolean): () => void {
    if (!handshake && !this.doorway.expectsProxyHeader(socket)) return nothing
    socket.on('error', nothing)
    this._pendingSockets.set(socket, socket)
    const cancel = this.doorway.limit(() => this._pendingSockets.get(socket) ?? socket)
    const release = (): void => {
      cancel()
      this._pendingSockets.delete(socket)
    }
    socket.once('close', release)
    return release
  }

  override _handleProxy(socket: Socket, done: (error: Error | null, options?: Arrived) => void): void {
    const refused = (): void => done(new Error('refused at the door'))
    const enter = (arrival: Arrival): void => {
      this.#arrivals.set(socket, arrival)
      done(null, {
        id: arrival.session,
        arrival,
        remoteAddress: arrival.client.address,
        remotePort: arrival.port,
      })
    }
    try {
      this.doorway.receive(socket, enter, refused)
    } catch (error) {
      this.doorway.options.complain(error, '')
      socket.destroy()
      refused()
    }
  }

  override _upgrade(socket: Socket, done: (error: Error | null, tlsSocket?: TLSSocket) => void): void {
    const arrival = this.#arrivals.get(socket)!
    const place = this.doorway.handshake(arrival)
    if (place === undefined) {
      done(new Error('refused at the door'))
      return
    }
    closeBothSides(socket)
    super._upgrade(socket, (error, tlsSocket) => {
      place.release()
      if (error !== null) this.doorway.handshakeFailed(arrival, error)
      done(error, tlsSocket)
    })
  }

  override connect(accepted: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    let connection: DoorConnection | undefined
    const take = (octets: Buffer): void => connection?.receive(octets)
    const plain = this.doorway.options.tlsMode !== 'implicit'
    const socket = plain ? withReadBuffer(accepted, take) : accepted
    connection = new DoorConnection(this, socket, options as Arrived)
    this.connections.add(connection)
    this.open.add(connection)
    connection.init()
  }

  forget(connection: DoorConnection): void {
    this.open.delete(connection)
    if (this.open.size === 0 && !this.server.listening) this.#emptied.resolve()
  }

  /** To be asked once nothing is accepted any more. */
  async whenEmpty(): Promise<void> {
    if (this.open.size > 0) await this.#emptied.promise
  }

  /** Of connections that failed before a dialogue; those of the listening socket go to whoever called `listen`. */
  override _onError(): void {}
}

/** Takes what the socket is piped into, for the dialogue. A Writable would cost a queue and a callback per chunk. */
class Sink extends EventEmitter {
  /** Set by the package when nothing more may come through. */
  isClosed = false
  readonly #connection: DoorConnection

  constructor(connection: DoorConnection) {
    super()
    this.#connection = connection
  }

  write(chunk: Buffer): true {
    if (!this.isClosed) this.#connection.take(chunk)
    return true
  }

  end(): void {
    if (!this.isClosed) this.#connection.guarded(dialogue => dialogue.ended())
  }
}

export class DoorConnection extends SMTPConnection implements Transport {
  readonly #arrival: Arrival
  readonly #doorway: Doorway
  readonly #server: DoorServer
  readonly #plain: Socket
  readonly dialogue: Dialogue
  /** Why reading stands still: the dialogue asked for it, or the client does not read what we say. */
  #paused = false
  #unread = false
  /** The TLS socket while its handshake is under way. */
  #handshaking: Socket | undefined
  #handshake: { readonly place: Place; readonly cancel: Cancel } | undefined
  #gone = false

  constructor(server: DoorServer, socket: Socket | TLSSocket, options: Arrived) {
    super(server, socket, options)
    const { arrival } = options
    const { doorway } = server
    const { zone, tlsMode, open } = doorway.options
    this.#arrival = arrival
    this.#doorway = doorway
    this.#server = server
    this.#plain = socket
    const tls = tlsMode === 'implicit' ? tlsFactsOf(socket as TLSSocket) : undefined
    const { session, client, port } = arrival
    this.dialogue = open(
      {
        session,
        zone,
        listener: doorway.name,
        address: client.address,
        port,
        tlsMode,
        ...(tls !== undefined && { tls }),
      },
      this,
    )
  }

  /** What the plain socket reads, past the pipe. From STARTTLS on it has nothing to say (promise 3). */
  receive(octets: Buffer): void {
    if (this._upgrading || this._socket !== this.#plain || !this._parser) return
    this._parser.write(octets)
  }

  take(octets: Buffer): void {
    this.guarded(dialogue => dialogue.receive(octets))
  }

  override init(): void {
    this._setListeners(() => this.guarded(dialogue => dialogue.begin()))
  }

  /** An exception of one dialogue ends its connection and nothing else. */
  guarded(act: (dialogue: Dialogue) => void): void {
    try {
      act(this.dialogue)
    } catch (error) {
      this.#doorway.options.complain(error, this.#arrival.session)
      this.#destroy()
    }
  }

  // Transport

  write(wire: string): void {
    const socket = this._socket
    if (this._upgrading || socket.destroyed || !socket.writable) return
    if (socket.write(wire, 'latin1') || this.#unread) return
    this.#unread = true
    socket.pause()
    socket.once('drain', () => {
      this.#unread = false
      if (!this.#paused) socket.resume()
    })
  }

  pause(): void {
    this.#paused = true
    this._socket.pause()
  }

  resume(): void {
    this.#paused = false
    if (!this.#unread) this._socket.resume()
  }

  end(): void {
    if (this._upgrading) this.#destroy()
    else this.close()
  }

  startTls(place: Place): void {
    this.#paused = false
    closeBothSides(this._socket)
    this.upgrade(nothing, () => {
      this.#endHandshake()
      this.guarded(dialogue => dialogue.secured(tlsFactsOf(this._socket as TLSSocket)))
    })
    const cancel = this.#doorway.limit(() => this.#handshaking ?? this._socket, this.#arrival.session)
    this.#handshake = { place, cancel }
  }

  /** Ends the connection without another word. */
  #destroy(): void {
    this.#handshaking?.destroy()
    this._socket.destroy()
  }

  destroy(): void {
    this.#destroy()
  }

  #endHandshake(): void {
    this.#handshake?.cancel()
    this.#handshake?.place.release()
    this.#handshake = undefined
    this.#handshaking = undefined
  }

  // What the package asks for

  override _createParser(): SMTPStream {
    return new Sink(this) as unknown as SMTPStream
  }

  /** No idle timeouts: any octet would move them. Called with the TLS socket when an upgrade begins. */
  override _armTimeout(socket?: Socket): void {
    if (socket !== undefined && socket !== this._socket) this.#handshaking = socket
  }

  /** The connection was lost or TLS failed: `close` follows, and there is nobody to tell. */
  override _onError(error: Error): void {
    if (this.#handshake !== undefined) this.#doorway.handshakeFailed(this.#arrival, error)
    this.#destroy()
  }

  override _onClose(): void {
    super._onClose()
    if (this.#gone) return
    this.#gone = true
    this.#server.forget(this)
    this.#endHandshake()
    this.#arrival.place.release()
    this.guarded(dialogue => dialogue.closed())
  }
}
