/**
 * Between the socket and the dialogue: the listener owns bytes and TLS, the session owns what they mean. Neither knows
 * the other; `mailstream/` joins them through these shapes.
 */
import type { Place } from '#mail/admission.ts'
import type { ZoneName } from '#mail/envelope.ts'

/** `off`: none; `starttls`: offered; `required`: no mail before STARTTLS; `implicit`: TLS from the first byte. */
export type TlsMode = 'off' | 'starttls' | 'required' | 'implicit'

/** What the handshake taught. */
export interface TlsFacts {
  /** `TLSv1.3` */
  readonly version: string
  /** Standard name, such as `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string
  /** SHA-256 of the certificate that the client presented, lower-case hex. Nothing is said about who issued it. */
  readonly certificate?: string
}

/** The other end of a connection, PROXY header already applied. */
export interface Peer {
  /** Name of the session in tracking and in Received. */
  readonly session: string
  readonly zone: ZoneName
  /** `ADDRESS:PORT` of the listener. */
  readonly listener: string
  /** Canonical text form, IPv4-mapped IPv6 unwrapped. */
  readonly address: string
  readonly port: number
  readonly tlsMode: TlsMode
  /** Present when TLS came first (`implicit`). */
  readonly tls?: TlsFacts
}

/** What a dialogue may do to its connection. Every method may be called at any time, also after the end. */
export interface Transport {
  /** ASCII only. Once what was written piles up unread, the connection stops reading until it is taken. */
  write(wire: string): void
  /** Starts the server side of the handshake at once: the next octet received is TLS. Releases the place after it. */
  startTls(place: Place): void
  /** Sends what was written, then closes. Nothing is received any more. */
  end(): void
  /** Stops `receive` after at most the octets that have already been read from the socket. */
  pause(): void
  resume(): void
}

/** What a connection tells its dialogue. After `closed` nothing more is called. */
export interface Dialogue {
  /** The connection is ready: greet. */
  begin(): void
  /** The chunk is lent: its memory holds other octets once this returns, and the dialogue may change it until then. */
  receive(chunk: Buffer): void
  /** STARTTLS is through. */
  secured(facts: TlsFacts): void
  /** The client will send nothing more; it may still read. */
  ended(): void
  /** The connection is gone. */
  closed(): void
  /** Shutdown: say 421 as soon as no message is under way. */
  drain(): void
  /** Shutdown, deadline over: say 421 now, whatever is under way. */
  terminate(): void
}
