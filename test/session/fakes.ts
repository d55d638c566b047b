/** What a session needs around it, in memory: real vocabulary, hands of the clock that a test turns. */
import { type ConfigurationInput, schema } from '#config/schema.ts'
import type { Admission, Client, Place } from '#mail/admission.ts'
import type { ContentScanning } from '#mail/content.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { ContentWriter, Intake } from '#mail/intake.ts'
import { createMessageIdSource, type MessageId } from '#mail/message-id.ts'
import { issueReceipt, type Receipt } from '#mail/receipt.ts'
import type { Refusal } from '#mail/refusal.ts'
import type { Timers } from '#mail/timers.ts'
import type { Peer, Transport } from '#mail/transport.ts'
import type { Judging } from '#mail/verdict.ts'
import type { TrackingEvent } from '#observe/event.ts'
import { DeadlineWatch } from '#session/deadline-watch.ts'
import type { SessionHost } from '#session/host.ts'
import { Session } from '#session/session.ts'
import { type SessionSettings, sessionSettings } from '#session/settings.ts'

/** As with `content.scan: false`. */
export const noScanning: ContentScanning = {
  open: () => ({ take() {}, finish: () => undefined, abandon() {} }),
}

/** As where nothing has an opinion. */
export const noJudging: Judging = { judge: () => undefined }

export const hostname = 'mx.sluice.test'

export interface Stored {
  readonly envelope: Envelope
  /** As latin1 text, with the Received field. */
  readonly content: string
}

/** Keeps what it acknowledges. `before` may refuse or delay. */
export class MemoryIntake implements Intake {
  readonly stored: Stored[] = []
  readonly open_ = new Map<MessageId, Uint8Array[]>()
  abandoned = 0
  before: (envelope: Envelope) => Promise<Refusal | undefined> | Refusal | undefined = () => undefined

  open(id: MessageId): ContentWriter {
    const chunks: Uint8Array[] = []
    this.open_.set(id, chunks)
    const intake = this
    let size = 0
    return {
      id,
      get size() {
        return size
      },
      write(chunk) {
        chunks.push(chunk)
        size += chunk.length
        return undefined
      },
      abandon() {
        if (intake.open_.delete(id)) intake.abandoned++
      },
    }
  }

  async accept(envelope: Envelope, content: ContentWriter): Promise<Receipt | Refusal> {
    const refusal = await this.before(envelope)
    const chunks = this.open_.get(content.id)
    if (chunks === undefined) throw new Error('accept of content that was abandoned or accepted before')
    this.open_.delete(content.id)
    if (refusal !== undefined) return refusal
    this.stored.push({ envelope, content: Buffer.concat(chunks).toString('latin1') })
    return issueReceipt(content.id)
  }
}

/** Without the Received field of ours. */
export const bodyOf = ({ content }: Stored): string => content.replace(/^Received:.*\r\n(?:[ \t].*\r\n)*/, '')

export const place = (): Place => ({ kind: 'place', release() {} })

export class OpenAdmission implements Admission {
  delay = 0
  errors = 0
  behavedClients: Client[] = []
  connect(): Place | Refusal {
    return place()
  }
  handshake(): Place | Refusal {
    return place()
  }
  greetingDelay(): number {
    return this.delay
  }
  behaved(client: Client): void {
    this.behavedClients.push(client)
  }
  sender(): Refusal | undefined {
    return undefined
  }
  recipient(): Refusal | undefined {
    return undefined
  }
  error(): Refusal | undefined {
    this.errors++
    return undefined
  }
}

/** Time that stands still until it is moved. */
export class HandTimers implements Timers {
  now = 0
  #bells: { at: number; action: () => void }[] = []
  monotonic(): number {
    return this.now
  }
  after(milliseconds: number, action: () => void) {
    const bell = { at: this.now + milliseconds, action }
    this.#bells.push(bell)
    return () => {
      this.#bells = this.#bells.filter(other => other !== bell)
    }
  }
  advance(milliseconds: number): void {
    const until = this.now + milliseconds
    for (;;) {
      const next = this.#bells.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.now = Math.max(this.now, next.at)
      this.#bells = this.#bells.filter(bell => bell !== next)
      next.action()
    }
    this.now = until
  }
  get pending(): number {
    return this.#bells.length
  }
}

export function settingsOf(input: ConfigurationInput = {}, users = true): SessionSettings {
  return sessionSettings(schema.parse(input), 'outside', { hostname, users })
}

export const peer: Peer = {
  session: 'test1',
  zone: 'outside',
  listener: '192.0.2.25:25',
  address: '198.51.100.7',
  port: 40_000,
  tlsMode: 'starttls',
}

export class MemoryTransport implements Transport {
  sent = ''
  writes = 0
  ended = false
  paused = false
  startedTls = 0
  /** What a session should not do: write or end after the end. */
  afterEnd = 0
  write(wire: string): void {
    if (this.ended) this.afterEnd++
    else this.sent += wire
    this.writes++
  }
  startTls(place: Place): void {
    this.startedTls++
    place.release()
  }
  end(): void {
    if (this.ended) this.afterEnd++
    this.ended = true
  }
  pause(): void {
    this.paused = true
  }
  resume(): void {
    this.paused = false
  }
  /** What was written since the last call. */
  taken(): string {
    const { sent } = this
    this.sent = ''
    return sent
  }
}

export interface World {
  readonly host: SessionHost
  readonly intake: MemoryIntake
  readonly admission: OpenAdmission
  readonly timers: HandTimers
  readonly events: TrackingEvent[]
  readonly complaints: unknown[]
  settings: SessionSettings
}

const byDefault = settingsOf()

export function world(settings = byDefault): World {
  const intake = new MemoryIntake()
  const admission = new OpenAdmission()
  const timers = new HandTimers()
  const events: TrackingEvent[] = []
  const complaints: unknown[] = []
  const clock = { now: () => 1_700_000_000_000 + timers.now }
  const world: World = {
    intake,
    admission,
    timers,
    events,
    complaints,
    settings,
    host: {
      settings: () => world.settings,
      admission,
      content: noScanning,
      judging: noJudging,
      intake,
      nextId: createMessageIdSource(1, clock),
      track: event => events.push(event),
      authenticate: async (user, password) => user === 'jo' && password === 'secret',
      clock,
      timers,
      watch: new DeadlineWatch(timers),
      complain: error => complaints.push(error),
    },
  }
  return world
}

export interface Talk extends World {
  readonly session: Session
  readonly transport: MemoryTransport
  /** Octets as latin1, or a Buffer; returns what was answered by the end of the turn. */
  say(text: string | Buffer): Promise<string>
}

/** A session that has begun. */
export function talk(from: World = world(), other: Partial<Peer> = {}): Talk {
  const transport = new MemoryTransport()
  const session = new Session(from.host, { ...peer, ...other }, transport)
  session.begin()
  return {
    ...from,
    session,
    transport,
    async say(text) {
      session.receive(Buffer.from(text as string, 'latin1'))
      await turn()
      return transport.taken()
    },
  }
}

/** Until every promise that is under way in memory has settled. */
export const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

export const lines = (...commands: string[]): string => commands.map(command => `${command}\r\n`).join('')
