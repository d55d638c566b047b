/**
 * A connection to a next hop that is ready for mail: greeting, EHLO and TLS are behind it.
 *
 * Promises: what the server said before TLS is forgotten (RFC 3207 §4.2); a connection asked for with TLS has TLS, with
 * a verified certificate where that was asked for; nothing of this throws.
 * Leaves out: which host to try (`open.ts`), the transaction (`transaction.ts`).
 */
import { isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { Channel, type Lost } from '#delivery/channel.ts'
import { type Command, hello, quit, starttls } from '#delivery/command.ts'
import { type Features, noFeatures, parseFeatures } from '#delivery/features.ts'
import type { Mail, TransactionResult } from '#delivery/mail.ts'
import { type ServerReply, textOfReply } from '#delivery/reply-reader.ts'

/** `opportunistic` encrypts where it can, without a look at the certificate; `verified` trusts nobody unproven. */
export type TlsPolicy = 'off' | 'opportunistic' | 'verified'

export interface Deadlines {
  readonly connect: number
  readonly greeting: number
  readonly command: number
  readonly data: number
}

export interface Target {
  readonly protocol: 'smtp' | 'lmtp'
  readonly name: string
  /** IP address, or the absolute path of a UNIX socket. */
  readonly address: string
  readonly port: number
}

export interface ConnectOptions {
  readonly target: Target
  readonly hostname: string
  readonly tls: TlsPolicy
  /** PEM certificates to trust instead of the system's. */
  readonly authorities?: readonly string[] | undefined
  readonly deadlines: Deadlines
}

export interface ConnectFailure {
  readonly kind: 'connect-failure'
  /** `host`: it did not work; `encryption`: the policy on TLS cannot be met; `handshake`: TLS was tried and broke. */
  readonly cause: 'host' | 'encryption' | 'handshake'
  readonly text: string
}

export interface Connection {
  readonly kind: 'connection'
  readonly channel: Channel
  readonly target: Target
  /** `mx.example.org[192.0.2.1]:25` */
  readonly peer: string
  readonly features: Features
  /** `TLSv1.3`, or `TLSv1.3 verified`; undefined in the clear. */
  readonly tls: string | undefined
  readonly deadlines: Deadlines
  /** Transactions begun. */
  transactions: number
  /** A transaction was left open: RSET goes before the next one. */
  unfinished: boolean
  /** The transaction whose envelope went out with the content of the one before (RFC 2920 §3.1). */
  ahead: Ahead | undefined
}

export interface Ahead {
  readonly mail: Mail
  run(): Promise<TransactionResult>
}

const failure = (cause: ConnectFailure['cause'], text: string): ConnectFailure => ({
  kind: 'connect-failure',
  cause,
  text,
})

export const peerOf = (target: Target): string =>
  target.address.startsWith('/') ? target.address : named(target)

const named = (target: Target): string =>
  `${target.name === target.address ? '' : target.name}[${target.address}]:${target.port}`

export async function connect(options: ConnectOptions): Promise<Connection | ConnectFailure> {
  const peer = peerOf(options.target)
  const channel = await Channel.dial(options.target, peer, options.deadlines.connect)
  if (!(channel instanceof Channel)) return failure('host', channel.text)
  const ready = await introduce(channel, peer, options)
  if (ready.kind === 'connect-failure') channel.close(channel.lost === undefined ? quit : undefined)
  return ready
}

async function introduce(
  channel: Channel,
  peer: string,
  options: ConnectOptions,
): Promise<Connection | ConnectFailure> {
  const { target, deadlines } = options
  const greeting = await channel.expect(1, deadlines.greeting)
  const [welcome] = greeting.replies
  if (welcome === undefined) return failure('host', greeting.lost!.text)
  // RFC 5321 §3.1: 554 means no mail here. Another host may take it, and a later try may, so nothing is final yet.
  if (welcome.code !== 220) return failure('host', `4.3.2 ${peer} greeted with ${textOfReply(welcome)}`)
  let features = await greet(channel, peer, options)
  if ('kind' in features) return features
  let tls: string | undefined
  if (options.tls !== 'off' && features.starttls) {
    const encrypted = await encrypt(channel, peer, options)
    if (typeof encrypted !== 'string') return encrypted
    tls = encrypted
    features = await greet(channel, peer, options) // RFC 3207 §4.2: ask again
    if ('kind' in features) return features
  }
  if (options.tls === 'verified' && tls === undefined)
    return failure('encryption', `4.7.4 ${peer} does not offer STARTTLS, which is required`)
  return {
    kind: 'connection',
    channel,
    target,
    peer,
    features,
    tls,
    deadlines,
    transactions: 0,
    unfinished: false,
    ahead: undefined,
  }
}

async function greet(
  channel: Channel,
  peer: string,
  { target, hostname, deadlines, tls }: ConnectOptions,
): Promise<Features | ConnectFailure> {
  const answer = await ask(
    channel,
    hello(target.protocol === 'lmtp' ? 'LHLO' : 'EHLO', hostname),
    deadlines.command,
  )
  if ('text' in answer) return failure('host', answer.text)
  if (answer.code === 250) return parseFeatures(answer)
  // RFC 5321 §3.2: fall back to HELO where EHLO is not known. Without EHLO there is no TLS to ask for.
  if (target.protocol === 'lmtp' || answer.code < 500 || tls === 'verified')
    return failure('host', `4.3.2 ${peer} refused our greeting: ${textOfReply(answer)}`)
  const older = await ask(channel, hello('HELO', hostname), deadlines.command)
  if ('text' in older) return failure('host', older.text)
  if (older.code === 250) return noFeatures
  return failure('host', `4.3.2 ${peer} refused our greeting: ${textOfReply(older)}`)
}

/** Resolves with the protocol version, or why there is no TLS. */
async function encrypt(
  channel: Channel,
  peer: string,
  { target, tls, authorities, deadlines }: ConnectOptions,
): Promise<string | ConnectFailure> {
  const answer = await ask(channel, starttls, deadlines.command)
  if ('text' in answer) return failure('handshake', answer.text)
  if (answer.code !== 220)
    return failure('handshake', `4.7.4 ${peer} refused STARTTLS: ${textOfReply(answer)}`)
  const socket = await channel.encrypt(
    {
      host: target.name,
      ...(isIP(target.name) === 0 && { servername: target.name }),
      // The result is looked at below: without a policy an unknown certificate is still better than none (RFC 7435).
      rejectUnauthorized: false,
      ...(authorities !== undefined && { ca: [...authorities] }),
    },
    deadlines.connect,
  )
  if ('text' in socket) return failure('handshake', socket.text)
  const version = socket.getProtocol() ?? 'TLS'
  if (socket.authorized) return `${version} verified`
  if (tls !== 'verified') return version
  return failure('encryption', `4.7.5 the certificate of ${peer} is not valid: ${whyUnverified(socket)}`)
}

const whyUnverified = (socket: TLSSocket): string => {
  const { authorizationError: error } = socket as { authorizationError: unknown }
  const name = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : String(error)
  return name.replace(/[^A-Za-z0-9_ ]/g, '?').slice(0, 80)
}

async function ask(
  channel: Channel,
  command: Command | { readonly kind: 'unsafe-argument'; readonly detail: string },
  milliseconds: number,
): Promise<ServerReply | Lost> {
  if (typeof command !== 'string') return { kind: 'lost', text: `4.3.5 ${command.detail}`, leaving: false }
  channel.write([command])
  const { replies, lost } = await channel.expect(1, milliseconds)
  const [reply] = replies
  return reply === undefined || lost !== undefined ? lost! : reply
}

/** Room for so many more transactions, on a connection that lives. */
export const isUsable = ({ channel, transactions, features }: Connection, most: number, more = 1): boolean =>
  channel.lost === undefined && transactions + more <= Math.min(most, features.transactions)

/** RFC 5321 §4.1.1.10: QUIT, and no waiting for the answer. */
export const leave = (connection: Connection): void => connection.channel.close(quit)
