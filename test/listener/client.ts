/** A client that waits for each reply and says exactly what it is told. */
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'

export class SmtpClient {
  socket: Socket
  #text = ''
  #wanted: (() => void) | undefined
  #over = false

  private constructor(socket: Socket) {
    this.socket = socket
    this.#listen(socket)
  }

  static async connect(port: number, tls?: ConnectionOptions): Promise<SmtpClient> {
    const socket =
      tls === undefined
        ? connectTcp({ port, host: '127.0.0.1' })
        : connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...tls })
    await once(socket, tls === undefined ? 'connect' : 'secureConnect')
    return new SmtpClient(socket)
  }

  #listen(socket: Socket): void {
    const wake = (): void => {
      this.#wanted?.()
    }
    socket.on('data', chunk => {
      this.#text += chunk.toString('latin1')
      wake()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#over = socket === this.socket
      wake()
    })
  }

  send(text: string): void {
    this.socket.write(text, 'latin1')
  }

  /** The next reply, all its lines; what was left when the connection is gone. */
  async reply(): Promise<string> {
    for (;;) {
      const end = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.#text)
      if (end !== null) {
        this.#text = this.#text.slice(end[0].length)
        return end[0]
      }
      if (this.#over) return this.#text
      await new Promise<void>(resolve => {
        this.#wanted = resolve
      })
    }
  }

  async ask(command: string): Promise<string> {
    this.send(`${command}\r\n`)
    return this.reply()
  }

  async startTls(options: ConnectionOptions = {}): Promise<void> {
    const raw = this.socket
    raw.removeAllListeners('data')
    const secure = connectTls({ socket: raw, rejectUnauthorized: false, ...options })
    this.socket = secure
    this.#listen(secure)
    await once(secure, 'secureConnect')
  }

  /** Everything until the server closes. */
  async rest(): Promise<string> {
    while (!this.#over)
      await new Promise<void>(resolve => {
        this.#wanted = resolve
      })
    return this.#text
  }

  destroy(): void {
    this.socket.destroy()
  }
}
