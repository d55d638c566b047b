/**
 * Listeners and sessions of one engine thread as a stage: the door of the gateway.
 *
 * Promises: a reload drops no session; a listener that is gone from the configuration takes no new connection while its
 * sessions go on; one that is new opens before anything else is changed, or the reload fails as a whole.
 */
import type { Configuration } from '#config/schema.ts'
import { openListener, type SmtpListener } from '#listener/listener.ts'
import type { Admission } from '#mail/admission.ts'
import type { Clock } from '#mail/clock.ts'
import type { ContentScanning } from '#mail/content.ts'
import type { Intake } from '#mail/intake.ts'
import type { MessageId } from '#mail/message-id.ts'
import { systemTimers } from '#mail/timers.ts'
import type { Judging } from '#mail/verdict.ts'
import { type Credentials, openCredentials } from '#mailstream/credentials.ts'
import type { Settings, Stage } from '#mailstream/stage.ts'
import type { TlsMaterial } from '#network/tls.ts'
import type { Track } from '#observe/event.ts'
import type { Log } from '#observe/log.ts'
import { DeadlineWatch } from '#session/deadline-watch.ts'
import { Session } from '#session/session.ts'
import { type MailZoneName, type SessionSettings, sessionSettings } from '#session/settings.ts'

export interface DoorOptions {
  readonly configuration: Configuration
  readonly tls: TlsMaterial
  readonly admission: Admission
  readonly content: ContentScanning
  readonly judging: Judging
  readonly intake: Intake
  readonly nextId: () => MessageId
  readonly track: Track
  readonly clock: Clock
  readonly log: Log
}

/** The operating system does not let us listen there. */
export class ListenRefused extends Error {
  override readonly name = 'ListenRefused'
}

const zoneNames: readonly MailZoneName[] = ['outside', 'inside']

type ListenerSetup = Configuration['zones']['outside']['listen'][number]

/** What a session asks for when it begins or when a message does. A reload replaces it as a whole. */
interface InForce {
  readonly credentials: Credentials
  readonly settings: Readonly<Record<MailZoneName, SessionSettings>>
  readonly handshakeDeadline: number
}

/** Rejects with `ListenRefused`, or with the reason why certificate or users cannot be used. */
export async function openDoorStage(options: DoorOptions): Promise<Stage> {
  const door = new Door(options, await inForce(options, options.clock))
  await door.open(options.configuration)
  return door
}

async function inForce(
  { configuration, tls }: Pick<Settings, 'configuration' | 'tls'>,
  clock: Clock,
): Promise<InForce> {
  const credentials = await openCredentials(configuration, tls, clock)
  const facts = { hostname: configuration.hostname ?? '', users: credentials.authenticate !== undefined }
  const settings = {
    outside: sessionSettings(configuration, 'outside', facts),
    inside: sessionSettings(configuration, 'inside', facts),
  }
  return { credentials, settings, handshakeDeadline: configuration.deadlines.tlsHandshake }
}

class Door implements Stage {
  readonly name = 'door'
  readonly #options: DoorOptions
  readonly #watch = new DeadlineWatch(systemTimers)
  /** By zone and everything that the configuration says of it. */
  readonly #listeners = new Map<string, SmtpListener>()
  /** No longer in the configuration; their sessions go on. */
  readonly #leaving = new Set<SmtpListener>()
  #inForce: InForce

  constructor(options: DoorOptions, first: InForce) {
    this.#options = options
    this.#inForce = first
  }

  async open(configuration: Configuration): Promise<void> {
    const wanted = listenersOf(configuration)
    const opened = new Map<string, SmtpListener>()
    try {
      for (const [key, { zone, listener }] of wanted)
        if (!this.#listeners.has(key)) opened.set(key, await this.#listen(zone, listener))
    } catch (error) {
      for (const listener of opened.values()) await listener.drain(0)
      throw error
    }
    for (const [key, listener] of opened) this.#listeners.set(key, listener)
    for (const [key, listener] of this.#listeners)
      if (!wanted.has(key)) {
        this.#listeners.delete(key)
        listener.stopAccepting()
        this.#leaving.add(listener)
      }
  }

  async reload(settings: Settings): Promise<void> {
    const before = this.#inForce
    this.#inForce = await inForce(settings, this.#options.clock)
    try {
      await this.open(settings.configuration)
    } catch (error) {
      this.#inForce = before
      throw error
    }
    const { tls } = this.#inForce.credentials
    for (const listener of [...this.#listeners.values(), ...this.#leaving]) listener.updateTls(tls)
  }

  async drain(milliseconds: number): Promise<void> {
    const all = [...this.#listeners.values(), ...this.#leaving]
    await Promise.all(all.map(listener => listener.drain(milliseconds)))
  }

  hurry(): void {
    void this.drain(0)
  }

  async #listen(zone: MailZoneName, listener: ListenerSetup): Promise<SmtpListener> {
    const { admission, content, judging, intake, nextId, track, clock, log } = this.#options
    const complain = (error: unknown, session: string) =>
      log.error({ err: error, session }, 'An error ended one message or command; its session went on.')
    const host = {
      settings: () => this.#inForce.settings[zone],
      admission,
      content,
      judging,
      intake,
      nextId,
      track,
      authenticate: (user: string, password: string) =>
        this.#inForce.credentials.authenticate?.(user, password) ?? Promise.resolve(false),
      clock,
      timers: systemTimers,
      watch: this.#watch,
      complain,
    }
    try {
      return await openListener({
        zone,
        listener,
        tls: this.#inForce.credentials.tls,
        admission,
        track,
        timers: systemTimers,
        handshakeDeadline: this.#inForce.handshakeDeadline,
        open: (peer, transport) => new Session(host, peer, transport),
        complain,
      })
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const place = `${listener.address}:${listener.port}`
      throw new ListenRefused(`Cannot listen on ${place}: ${code ?? message}`, { cause: error })
    }
  }
}

/** One that is listed twice is one. A listener whose settings changed is another one on the same port. */
function listenersOf(
  configuration: Configuration,
): ReadonlyMap<string, { readonly zone: MailZoneName; readonly listener: ListenerSetup }> {
  return new Map(
    zoneNames.flatMap(zone =>
      configuration.zones[zone].listen.map(
        listener => [`${zone} ${JSON.stringify(listener)}`, { zone, listener }] as const,
      ),
    ),
  )
}
