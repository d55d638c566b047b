/**
 * Slow clients in a thread of their own, so that their timers do not disturb the clock of the measurement.
 *
 * A third each: `silent` says nothing after the greeting; `command` sends one octet of an endless command at a time;
 * `message` comes as far as 354 and sends one octet of the message at a time. None ever ends by itself.
 */
import { connect, type Socket } from 'node:net'
import { parentPort, Worker, workerData } from 'node:worker_threads'

export const kinds = ['silent', 'command', 'message'] as const
export type Kind = (typeof kinds)[number]

export interface SlowOptions {
  readonly port: number
  readonly connections: number
  /** Source addresses, used in turn. */
  readonly addresses: readonly string[]
  readonly recipient: string
  /** Milliseconds from octet to octet. */
  readonly pause: number
}

export interface SlowReport {
  readonly connected: number
  readonly greeted: number
  /** Refused by the server with a reply of 4xx or 5xx, or not connected at all. */
  readonly refused: number
  readonly open: number
  /** Milliseconds from greeting (`message`: from 354) until the server closed, of those that it closed. */
  readonly lifetimes: Readonly<Record<Kind, readonly number[]>>
}

export interface SlowClients {
  report(): Promise<SlowReport>
  stop(): Promise<void>
}

export function startSlowClients(options: SlowOptions): SlowClients {
  const worker = new Worker(new URL(import.meta.url), { workerData: options })
  const failed = new Promise<never>((_, reject) => worker.once('error', reject))
  failed.catch(() => undefined)
  return {
    report: () => {
      const answer = new Promise<SlowReport>(resolve => worker.once('message', resolve))
      worker.postMessage('report')
      return Promise.race([answer, failed])
    },
    stop: async () => {
      await worker.terminate()
    },
  }
}

interface SlowClient {
  readonly socket: Socket
  readonly kind: Kind
  /** When the stage began that must be ended by a deadline; 0 until then. */
  since: number
}

const opening = (recipient: string) => [
  'EHLO slow.client.test\r\n',
  'MAIL FROM:<slow@client.test>\r\n',
  `RCPT TO:<${recipient}>\r\n`,
  'DATA\r\n',
]

function run(options: SlowOptions): void {
  const counts = { connected: 0, greeted: 0, refused: 0, open: 0 }
  const lifetimes: Record<Kind, number[]> = { silent: [], command: [], message: [] }
  const clients = new Set<SlowClient>()
  const open = (index: number) => {
    const kind = kinds[index % kinds.length]!
    const localAddress = options.addresses[index % options.addresses.length]!
    const socket = connect({ port: options.port, host: '127.0.0.1', localAddress, noDelay: true })
    const client: SlowClient = { socket, kind, since: 0 }
    const commands = kind === 'message' ? opening(options.recipient) : []
    let greeted = false
    socket.on('connect', () => {
      counts.connected++
      counts.open++
      clients.add(client)
    })
    socket.setEncoding('latin1').on('data', (text: string) => {
      const [, code] = /^(\d{3}) /m.exec(text) ?? []
      if (code === undefined) return
      if (!greeted && code === '220') {
        greeted = true
        counts.greeted++
      } else if (!greeted) counts.refused++
      const command = commands.shift()
      if (command !== undefined) socket.write(command)
      else if (client.since === 0) client.since = performance.now()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (!clients.delete(client)) counts.refused++
      else counts.open--
      if (client.since > 0) lifetimes[kind].push(performance.now() - client.since)
    })
  }
  // Not all in one turn: a real crowd does not fit into the listen queue at once either.
  let started = 0
  const starting = setInterval(() => {
    for (let burst = 0; burst < 50 && started < options.connections; burst++) open(started++)
    if (started === options.connections) clearInterval(starting)
  }, 10)
  drip(clients, options.pause)
  parentPort!.on('message', () => parentPort!.postMessage({ ...counts, lifetimes } satisfies SlowReport))
}

/** One octet for each client per pause, spread over the pause. */
function drip(clients: ReadonlySet<SlowClient>, pause: number): void {
  const slices = 70
  let slice = 0
  setInterval(() => {
    slice = (slice + 1) % slices
    let index = 0
    for (const { socket, kind, since } of clients) {
      if (index++ % slices === slice && kind !== 'silent' && since > 0) socket.write('a')
    }
  }, pause / slices)
}

if (parentPort !== null && workerData !== null) run(workerData as SlowOptions)
