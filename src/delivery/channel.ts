/**
 * The socket to a next hop as a conversation: write some commands, wait for as many replies.
 *
 * Promises: every wait has an absolute deadline, whatever trickles in meanwhile (promise 7, the client half); a lost
 * connection is a value that says what happened; a 421 ends the conversation (RFC 5321 §3.8); a reply to nothing that
 * we asked ends it too; bytes that arrived before TLS are never read after it (promise 3).
 * Cost: one promise per exchange and one timer per connection, re-armed only when it fires.
 * Leaves out: SMTP itself.
 */
import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { ReplyReader, type ServerReply, textOfReply } from '#delivery/reply-reader.ts'

export interface Lost {
  readonly kind: 'lost'
  /** One printable line with an enhanced code: `4.4.2 mx.example.org closed the connection`. */
  readonly text: string
  /** The peer ended it, by closing or with 421: one that has had enough of a connection does so. */
  readonly leaving: boolean
}

export interface Exchange {
  /** As many as asked for, unless the connection was lost. */
  readonly replies: readonly ServerReply[]
  readonly lost: Lost | undefined
}

const lostWith = (text: string, leaving = false): Lost => ({ kind: 'lost', text, leaving })

/** Node's codes of connect and handshake errors are short and safe; its messages may quote the peer. */
export const causeOf = (error: Error): string => {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)
    ? code
    : error.name.replace(/[^A-Za-z]/g, '')
}

interface Expectation {
  readonly count: number
  readonly milliseconds: number
  readonly replies: ServerReply[]
  readonly resolve: (exchange: Exchange) => void
}

const readBuffer = 8_192

export class Channel {
  #socket: Socket
  readonly #peer: string
  #reader = new ReplyReader()
  /** In the order of the commands; the deadline is that of the first. */
  readonly #waiting: Expectation[] = []
  #lost: Lost | undefined
  #drained: (() => void) | undefined
  #deadline = Number.POSITIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  /** Called once when the connection is gone, for whoever keeps it while idle. */
  onLost: (() => void) | undefined

  private constructor(socket: Socket, peer: string) {
    this.#socket = socket
    this.#peer = peer
    this.#listen()
  }

  /** `peer` names the server in texts: `mx.example.org[192.0.2.1]:25`. */
  static dial(
    target: { readonly address: string; readonly port: number },
    peer: string,
    milliseconds: number,
  ): Promise<Channel | Lost> {
    return new Promise(resolve => {
      const { address, port } = target
      // Reads go into one buffer: a new one for each of them would be 64 KiB for a few replies.
      let read: ((chunk: Buffer) => void) | undefined
      const onread = {
        buffer: Buffer.allocUnsafeSlow(readBuffer),
        callback: (octets: number, buffer: Uint8Array) => {
          read?.((buffer as Buffer).subarray(0, octets))
          return true
        },
      }
      const socket = connectTcp(
        address.startsWith('/') ? { path: address, onread } : { host: address, port, noDelay: true, onread },
      )
      const fail = (why: string) => {
        clearTimeout(timer)
        socket.destroy()
        resolve(lostWith(`4.4.1 cannot connect to ${peer}: ${why}`))
      }
      const timer = setTimeout(() => fail('timed out'), milliseconds)
      socket.on('error', error => fail(causeOf(error)))
      socket.once('connect', () => {
        clearTimeout(timer)
        socket.removeAllListeners('error')
        const channel = new Channel(socket, peer)
        read = chunk => {
          if (channel.#socket === socket) channel.#read(chunk)
        }
        resolve(channel)
      })
    })
  }

  get lost(): Lost | undefined {
    return this.#lost
  }

  /**
   * Waits for so many replies, which may be on their way already. Exchanges may overlap (RFC 2920): each gets its
   * replies in turn, and its time begins when those before it are answered.
   */
  expect(count: number, milliseconds: number): Promise<Exchange> {
    return new Promise(resolve => {
      if (this.#lost !== undefined) {
        resolve({ replies: [], lost: this.#lost })
        return
      }
      this.#waiting.push({ count, milliseconds, replies: [], resolve })
      if (this.#waiting.length === 1) this.#arm(milliseconds)
    })
  }

  /** Writes all pieces in one system call where the kernel takes them. False: wait for `drain`. */
  write(pieces: readonly (string | Uint8Array)[]): boolean {
    if (this.#lost !== undefined) return true
    if (pieces.length === 1) return this.#socket.write(pieces[0]!)
    this.#socket.cork()
    let room = true
    for (const piece of pieces) room = this.#socket.write(piece)
    this.#socket.uncork()
    return room
  }

  /** Resolves when there is room to write, or nobody to write to. */
  drain(): Promise<void> {
    return new Promise(resolve => {
      if (this.#lost !== undefined || !this.#socket.writableNeedDrain) resolve()
      else this.#drained = resolve
    })
  }

  /**
   * Turns the connection into TLS. To be called at once after the reply to STARTTLS, without a turn of the event loop
   * in between. What the server sent behind that reply was sent in the clear: the connection ends (CVE-2011-0411).
   */
  encrypt(options: ConnectionOptions, milliseconds: number): Promise<TLSSocket | Lost> {
    if (!this.#reader.empty) this.#end(lostWith(`4.7.0 ${this.#peer} sent plain text behind STARTTLS`))
    if (this.#lost !== undefined) return Promise.resolve(this.#lost)
    const plain = this.#socket
    for (const event of ['data', 'end', 'error', 'close', 'drain']) plain.removeAllListeners(event)
    return new Promise(resolve => {
      const fail = (why: string) => {
        clearTimeout(timer)
        this.#end(lostWith(`4.7.5 TLS with ${this.#peer} failed: ${why}`))
        secure.destroy()
        resolve(this.#lost!)
      }
      plain.on('error', error => fail(causeOf(error)))
      const timer = setTimeout(() => fail('timed out'), milliseconds)
      const secure = connectTls({ ...options, socket: plain })
      secure.on('error', error => fail(causeOf(error)))
      secure.once('close', () => fail('closed'))
      secure.once('secureConnect', () => {
        clearTimeout(timer)
        secure.removeAllListeners('error')
        secure.removeAllListeners('close')
        plain.removeAllListeners('error')
        plain.on('error', error =>
          this.#end(lostWith(`4.4.2 connection to ${this.#peer} failed: ${causeOf(error)}`)),
        )
        this.#socket = secure
        this.#reader = new ReplyReader()
        this.#listen()
        resolve(secure)
      })
    })
  }

  /** Says a last word, if any, and is gone. */
  close(farewell?: string): void {
    if (this.#lost !== undefined) return
    const socket = this.#socket
    this.#end(lostWith('4.4.2 connection closed by us'), farewell !== undefined)
    if (farewell === undefined) return
    socket.resume()
    socket.end(farewell)
    // The server has two seconds to answer QUIT; nobody waits for it.
    const timer = setTimeout(() => socket.destroy(), 2_000)
    timer.unref()
    socket.once('close', () => clearTimeout(timer))
  }

  #listen(): void {
    const socket = this.#socket
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('end', () => this.#end(lostWith(`4.4.2 ${this.#peer} closed the connection`, true)))
    socket.on('error', error =>
      this.#end(
        lostWith(
          `4.4.2 connection to ${this.#peer} failed: ${causeOf(error)}`,
          causeOf(error) === 'ECONNRESET' || causeOf(error) === 'EPIPE',
        ),
      ),
    )
    socket.on('close', () => this.#end(lostWith(`4.4.2 ${this.#peer} closed the connection`, true)))
    socket.on('drain', () => this.#wakeWriter())
  }

  #read(chunk: Buffer): void {
    for (const reply of this.#reader.read(chunk)) {
      if ('kind' in reply) this.#violated(reply.detail)
      else this.#received(reply)
      if (this.#lost !== undefined) return
    }
  }

  #received(reply: ServerReply): void {
    const [expectation] = this.#waiting
    expectation?.replies.push(reply)
    // RFC 5321 §3.8: 421 may answer any command, or come unasked, and the server closes.
    if (reply.code === 421) this.#end(lostWith(textOfReply(reply), true))
    else if (expectation === undefined) this.#violated('a reply to no command')
    else if (expectation.replies.length === expectation.count) this.#answered(expectation)
  }

  #violated(detail: string): void {
    this.#end(lostWith(`4.5.0 ${this.#peer} broke the protocol: ${detail}`))
  }

  #answered({ replies, resolve }: Expectation): void {
    this.#waiting.shift()
    const [next] = this.#waiting
    if (next === undefined) this.#deadline = Number.POSITIVE_INFINITY
    else this.#arm(next.milliseconds)
    resolve({ replies, lost: undefined })
  }

  #end(lost: Lost, keepSocket = false): void {
    if (this.#lost !== undefined) return
    this.#lost = lost
    clearTimeout(this.#timer)
    if (!keepSocket) this.#socket.destroy()
    for (const { replies, resolve } of this.#waiting.splice(0)) resolve({ replies, lost })
    this.#wakeWriter()
    this.onLost?.()
  }

  #wakeWriter(): void {
    const drained = this.#drained
    this.#drained = undefined
    drained?.()
  }

  #arm(milliseconds: number): void {
    this.#deadline = performance.now() + milliseconds
    if (this.#timer !== undefined && this.#timerAt <= this.#deadline) return
    clearTimeout(this.#timer)
    this.#timerAt = this.#deadline
    this.#timer = setTimeout(() => this.#tick(), milliseconds)
  }

  /** Fires at an old deadline most of the time: then it is set again to the one that holds now. */
  #tick(): void {
    this.#timer = undefined
    const left = this.#deadline - performance.now()
    if (left === Number.POSITIVE_INFINITY) return
    if (left <= 1) {
      this.#end(lostWith(`4.4.2 timed out waiting for ${this.#peer}`))
      return
    }
    this.#timerAt = this.#deadline
    this.#timer = setTimeout(() => this.#tick(), left)
  }
}
