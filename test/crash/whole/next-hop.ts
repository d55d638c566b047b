/**
 * The next hop: an SMTP server in the test itself, which knows exactly what it took over and when.
 *
 * Promises: a message is reported before its 250 is written. Leaves out everything that a client in good order does not need.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Owner } from '../../peers/process.ts'

export interface NextHop {
  readonly port: number
  /** `later` answers MAIL with 451. */
  mood: 'accept' | 'later'
  /** Resolves when no connection is open: all that was sent to it is in the books. */
  quiet(): Promise<void>
}

export interface NextHopOptions {
  readonly deliver: (recipients: readonly string[], content: Buffer) => void
  /** Asked for each recipient: is it deferred this time? */
  readonly defer?: () => boolean
}

export async function startNextHop(owner: Owner, options: NextHopOptions): Promise<NextHop> {
  const sockets = new Set<Socket>()
  let onQuiet: (() => void)[] = []
  const hop = {
    port: 0,
    mood: 'accept' as NextHop['mood'],
    quiet: (): Promise<void> =>
      sockets.size === 0 ? Promise.resolve() : new Promise(resolve => onQuiet.push(resolve)),
  }
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      if (sockets.size > 0) return
      for (const resolve of onQuiet) resolve()
      onQuiet = []
    })
    new Dialogue(socket, hop, options)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  hop.port = (server.address() as AddressInfo).port
  owner.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return hop
}

const endOfData = Buffer.from('\r\n.\r\n')

class Dialogue {
  readonly #socket: Socket
  readonly #hop: NextHop
  readonly #options: NextHopOptions
  #input: Buffer = Buffer.alloc(0)
  #searched = 0
  #inData = false
  #recipients: string[] = []

  constructor(socket: Socket, hop: NextHop, options: NextHopOptions) {
    this.#socket = socket
    this.#hop = hop
    this.#options = options
    socket.write('220 next-hop.test ESMTP\r\n')
    socket.on('data', (chunk: Buffer) => {
      this.#input = Buffer.concat([this.#input, chunk])
      socket.cork()
      while (this.#inData ? this.#data() : this.#command());
      socket.uncork()
    })
  }

  #say(line: string): true {
    this.#socket.write(`${line}\r\n`)
    return true
  }

  #command(): boolean {
    const end = this.#input.indexOf('\r\n')
    if (end < 0) return false
    const line = this.#input.toString('latin1', 0, end)
    this.#input = this.#input.subarray(end + 2)
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') return this.#say('250-next-hop.test\r\n250-PIPELINING\r\n250-SIZE\r\n250 8BITMIME')
    if (verb === 'MAIL') {
      this.#recipients = []
      return this.#say(this.#hop.mood === 'accept' ? '250 2.1.0 ok' : '451 4.3.0 not now')
    }
    if (verb === 'RCPT') return this.#recipient(line)
    if (verb === 'DATA') {
      if (this.#recipients.length === 0) return this.#say('554 5.5.1 no recipients')
      this.#inData = true
      return this.#say('354 go on')
    }
    if (verb === 'QUIT') {
      this.#socket.end('221 2.0.0 bye\r\n')
      return false
    }
    return this.#say('250 2.0.0 ok')
  }

  #recipient(line: string): true {
    const [, address = ''] = /<(.*?)>/.exec(line) ?? []
    if (this.#hop.mood === 'later') return this.#say('503 5.5.1 no sender')
    if (this.#options.defer?.()) return this.#say('451 4.2.1 this one later')
    this.#recipients.push(address)
    return this.#say('250 2.1.5 ok')
  }

  #data(): boolean {
    const end = this.#input.indexOf(endOfData, this.#searched)
    this.#searched = end < 0 ? Math.max(0, this.#input.length - 4) : 0
    if (end < 0) return false
    const content = undotted(this.#input.subarray(0, end + 2))
    this.#input = this.#input.subarray(end + endOfData.length)
    this.#inData = false
    this.#options.deliver(this.#recipients, content)
    return this.#say('250 2.0.0 taken over')
  }
}

/** RFC 5321 §4.5.2. */
function undotted(octets: Buffer): Buffer {
  if (octets[0] !== 0x2e && !octets.includes('\n.')) return octets
  return Buffer.from(octets.toString('latin1').replace(/(^|\r\n)\./g, '$1'), 'latin1')
}
