/**
 * A client that says exactly the bytes it is given, for dialogues that no decent client would hold.
 *
 * Replies are read in order whether they were asked for one by one or pipelined.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawReply {
  readonly code: number
  /** All lines without codes, joined by LF. */
  readonly text: string
}

export interface RawClient {
  readonly socket: Socket
  /** Writes the bytes as they are; a string as Latin-1. */
  send(bytes: string | Uint8Array): void
  /** The next complete reply. Rejects when the connection ended first. */
  reply(): Promise<RawReply>
  /** Sends a line with CRLF and resolves with its reply. */
  command(line: string): Promise<RawReply>
  /** Resolves with all replies that have not been read, once the server has closed the connection. */
  rest(): Promise<RawReply[]>
  close(): void
}

export interface RawClientOptions {
  /** Source address, such as 127.0.0.2. */
  readonly from?: string
  readonly host?: string
}

/** Connects and waits for nothing; the first `reply()` is the greeting. */
export async function rawClient(port: number, options: RawClientOptions = {}): Promise<RawClient> {
  const socket = connect({
    port,
    host: options.host ?? '127.0.0.1',
    noDelay: true,
    ...(options.from !== undefined && { localAddress: options.from }),
  })
  await once(socket, 'connect')
  const replies = replyQueue(socket)
  const client: RawClient = {
    socket,
    send: bytes => {
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    },
    reply: replies.next,
    command: line => {
      client.send(`${line}\r\n`)
      return replies.next()
    },
    rest: replies.rest,
    close: () => socket.destroy(),
  }
  return client
}

function replyQueue(socket: Socket) {
  const unread: RawReply[] = []
  const waiting: { resolve(reply: RawReply): void; reject(error: Error): void }[] = []
  const closed = Promise.withResolvers<void>()
  let line = ''
  let texts: string[] = []
  const take = (text: string) => {
    const [, code, more, rest] = /^(\d{3})([ -]?)(.*)$/.exec(text) ?? []
    texts.push(rest ?? text)
    if (more === '-') return
    const reply = { code: Number(code), text: texts.join('\n') }
    texts = []
    const reader = waiting.shift()
    if (reader) reader.resolve(reply)
    else unread.push(reply)
  }
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    const lines = (line + chunk).split('\r\n')
    line = lines.pop()!
    for (const complete of lines) take(complete)
  })
  // A reset is an end like any other here; what was said before it counts.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    for (const { reject } of waiting.splice(0)) reject(new Error('the server closed the connection'))
    closed.resolve()
  })
  return {
    next: (): Promise<RawReply> => {
      const reply = unread.shift()
      if (reply) return Promise.resolve(reply)
      if (socket.destroyed) return Promise.reject(new Error('the server closed the connection'))
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    rest: async (): Promise<RawReply[]> => {
      await closed.promise
      return unread.splice(0)
    },
  }
}
