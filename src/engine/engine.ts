/**
 * The engine as a whole: data directory, configuration, threads, sockets for operators, systemd. `sluice run` starts
 * one and tells it of signals.
 *
 * Promises: either everything is up, or nothing was left behind and a sentence says why; a wrong configuration never
 * replaces the running one (promise 29); a drain loses no session that ends in time.
 */
import { availableParallelism } from 'node:os'
import type { Configuration } from '#config/schema.ts'
import { type Health, type ManagementServer, openManagementServer } from '#control/management-server.ts'
import { type ControlRequest, type EngineStatus, encodeAnswer } from '#control/protocol.ts'
import { mergeQueueAnswers, type QueueCall } from '#control/queue-calls.ts'
import { type ControlServer, openControl } from '#control/socket.ts'
import { ContentInForce, type NextContent } from '#engine/content-in-force.ts'
import { type DataDirectory, isDirectoryRefused, openDataDirectory } from '#engine/data-directory.ts'
import { healthOf } from '#engine/health.ts'
import { type Endpoint, formatEndpoint, listenSentence } from '#engine/listen-probe.ts'
import { createNotifier, type Notifier } from '#engine/notify.ts'
import { planPlacement } from '#engine/placement/plan.ts'
import { readTopology } from '#engine/placement/read-topology.ts'
import {
  type ConfigurationSource,
  hostnameOf,
  type Loaded,
  listenersOf,
  loadRunnable,
} from '#engine/running-configuration.ts'
import { shardsOf, shardsOnDisk } from '#engine/shards.ts'
import { createSharedMemory, type SharedMemory } from '#engine/shared-memory.ts'
import { createSupervisor, type Supervisor } from '#engine/supervisor.ts'
import { takenOver, Updates } from '#engine/updates.ts'
import { systemClock } from '#mail/clock.ts'
import { openCredentials } from '#mailstream/credentials.ts'
import type { Settings } from '#mailstream/stage.ts'
import { createTicketKeys, loadTls, type TlsError, type TlsMaterial } from '#network/tls.ts'
import { clearGauges, readCounters } from '#observe/counters.ts'
import { createExposition } from '#observe/exposition.ts'
import { createLog, type Log } from '#observe/log.ts'
import type { StorageState } from '#observe/storage.ts'

export interface EngineOptions {
  readonly source: ConfigurationSource
  readonly version: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** See `SupervisorOptions`. */
  readonly unresponsiveAfter?: number
}

export interface ReloadResult {
  readonly applied: boolean
  readonly sentences: readonly string[]
}

export interface Engine {
  configuration(): Configuration
  readonly dataDirectory: string
  readonly captureDirectory: string
  readonly warnings: readonly string[]
  status(): EngineStatus
  reload(): Promise<ReloadResult>
  /** Milliseconds for what is under way. A second call with 0 ends the patience. */
  drain(milliseconds: number): Promise<void>
}

/** Rejects with a StartRefused when the reason is not a bug. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const loaded = await loadRunnable(options.source)
  if (loaded.kind === 'invalid') throw new StartRefused(loaded.problems.join('\n'))
  const directory = openDataDirectory(loaded.configuration.data)
  if (isDirectoryRefused(directory)) throw new StartRefused(directory.sentence)
  const engine = new RunningEngine(options, loaded, directory)
  try {
    await engine.start()
    return engine
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** Not a bug: the sentence is all that the operator needs. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}

/** The lock stays behind: it does not cross threads. */
const directoriesOf = ({ spool, tracking, capture }: DataDirectory) => ({
  spool,
  tracking,
  capture,
})

type Valid = Extract<Loaded, { kind: 'ok' }>
type Invalid = Extract<Loaded, { kind: 'invalid' }>
/** Everything that a reload puts in force. */
type New = Valid & { readonly tls: TlsMaterial; readonly content: NextContent }

class RunningEngine implements Engine {
  warnings: readonly string[]
  readonly dataDirectory: string
  readonly captureDirectory: string
  readonly #options: EngineOptions
  readonly #directory: DataDirectory
  readonly #log: Log
  readonly #notifier: Notifier
  readonly #content: ContentInForce
  readonly #updates: Updates
  readonly #startedAt = Date.now()
  #configuration: Configuration
  #settings!: Settings
  #memory!: SharedMemory
  #supervisor: Supervisor | undefined
  #control: ControlServer | undefined
  #management = new Map<string, ManagementServer>()
  #alive: NodeJS.Timeout | undefined
  #phase: 'starting' | 'serving' | 'draining' = 'starting'
  #configurationProblems: readonly string[] = []
  #restartNeeded: readonly string[] = []
  #reloading: Promise<unknown> = Promise.resolve()
  #drained: Promise<void> | undefined

  constructor(options: EngineOptions, loaded: Valid, directory: DataDirectory) {
    this.#options = options
    this.#configuration = loaded.configuration
    this.#directory = directory
    this.dataDirectory = directory.path
    this.captureDirectory = directory.capture
    this.warnings = loaded.warnings
    this.#log = createLog({ level: this.#configuration.log.level, thread: 'main' })
    this.#notifier = createNotifier(options.environment, this.#log)
    this.#content = new ContentInForce(directory, this.#log)
    this.#updates = new Updates({
      directories: directory,
      version: options.version,
      log: this.#log,
      takeOver: async () => takenOver(await this.takeBundle()),
    })
  }

  configuration(): Configuration {
    return this.#configuration
  }

  async start(): Promise<void> {
    const threads = this.#configuration.threads || availableParallelism()
    this.#memory = createSharedMemory(this.#configuration, threads)
    const tls = await this.#loadTls(this.#configuration)
    if (tls.kind === 'tls-error') throw new StartRefused(tls.sentence)
    const content = await this.#content.prepare(this.#configuration)
    if (content.kind === 'invalid') throw new StartRefused(content.problems.join('\n'))
    this.warnings = [...this.warnings, ...content.warnings]
    this.#content.use(content)
    this.#settings = { configuration: this.#configuration, tls, content: content.content.rules }
    const onDisk = await shardsOnDisk(this.#directory.spool)
    const cpusOf = this.#place(threads)
    this.#supervisor = createSupervisor({
      threads,
      settings: this.#settings,
      log: this.#log,
      setupOf: thread => ({
        thread,
        threads,
        shards: shardsOf(thread, threads, onDisk),
        hostname: hostnameOf(this.#configuration),
        directories: directoriesOf(this.#directory),
        ...cpusOf(thread),
        ...this.#memory.forThreads,
      }),
      onGone: thread => {
        this.#memory.releaseThread(thread)
        clearGauges(this.#memory.forThreads.counters, thread)
      },
      onChange: () => this.#notifier.status(this.health().lines[0]!),
      ...(this.#options.unresponsiveAfter !== undefined && {
        unresponsiveAfter: this.#options.unresponsiveAfter,
      }),
    })
    await this.#openManagement(this.#configuration)
    await this.#supervisor.start().catch(error => {
      throw new StartRefused((error as Error).message, { cause: error })
    })
    this.#control = await openControl(this.#directory.path, request => this.#answer(request))
    this.#phase = 'serving'
    this.#notifier.ready(this.health().lines[0]!)
    this.#startWatchdog()
    this.#updates.use(this.#configuration)
    this.#log.info({ listeners: listenersOf(this.#configuration) }, 'Sluice is ready.')
  }

  /** Before any thread is bound: a bound one counts its own CPUs only. */
  #place(threads: number): (thread: number) => { readonly cpus?: readonly number[] } {
    const placement = planPlacement(readTopology(), threads, this.#configuration.placement)
    if (placement.kind === 'free') return () => ({})
    this.#log.info({ placement }, 'Engine threads have CPUs of their own.')
    return thread => ({ cpus: placement.threads[thread]!.cpus })
  }

  #startWatchdog(): void {
    const { interval } = this.#notifier
    if (interval === undefined) return
    this.#alive = setInterval(() => {
      if (this.#supervisor?.allBeat()) this.#notifier.alive()
    }, interval).unref()
  }

  health(): Health {
    return healthOf(this.status())
  }

  status(): EngineStatus {
    const threads = this.#supervisor?.status() ?? []
    const storage = this.#storage()
    const impaired = storage !== 'well' || threads.some(thread => thread.state !== 'serving')
    const { file } = this.#options.source
    return {
      pid: process.pid,
      version: this.#options.version,
      startedAt: this.#startedAt,
      hostname: hostnameOf(this.#configuration),
      dataDirectory: this.dataDirectory,
      ...(file !== undefined && { configurationFile: file }),
      state: this.#phase === 'serving' && impaired ? 'impaired' : this.#phase,
      storage,
      threads,
      ...(this.#content.scanner !== undefined && { scanner: this.#content.scanner }),
      ...(this.#content.bundle !== undefined && { bundle: this.#content.bundle }),
      listeners: listenersOf(this.#configuration),
      configurationProblems: this.#configurationProblems,
      restartNeeded: this.#restartNeeded,
    }
  }

  #storage(): StorageState {
    const reading = readCounters(this.#memory.forThreads.counters)
    if (reading.gauge('storageFailed') > 0) return 'failed'
    return reading.gauge('storageFull') > 0 ? 'full' : 'well'
  }

  /** New ticket keys each time: sessions of before a reload start with a full handshake. */
  #loadTls(configuration: Configuration): Promise<TlsMaterial | TlsError> {
    return loadTls({
      settings: configuration.tls,
      hostname: hostnameOf(configuration),
      directory: this.#directory.tls,
      ticketKeys: createTicketKeys(),
    })
  }

  async #openManagement(configuration: Configuration): Promise<void> {
    const wanted = new Map(
      configuration.zones.management.listen.map(endpoint => [formatEndpoint(endpoint), endpoint]),
    )
    for (const [name, server] of this.#management)
      if (!wanted.has(name)) {
        this.#management.delete(name)
        await server.close()
      }
    for (const [name, endpoint] of wanted)
      if (!this.#management.has(name)) this.#management.set(name, await this.#listen(endpoint))
  }

  async #listen(endpoint: Endpoint): Promise<ManagementServer> {
    const exposition = createExposition(
      readCounters(this.#memory.forThreads.counters),
      () => this.#figures(),
      Date.now,
    )
    try {
      return await openManagementServer(endpoint, exposition, () => this.health())
    } catch (error) {
      throw new StartRefused(listenSentence(endpoint, error as NodeJS.ErrnoException), { cause: error })
    }
  }

  #figures() {
    const threads = this.#supervisor?.status() ?? []
    return {
      threads: threads.length,
      serving: threads.filter(thread => thread.state === 'serving').length,
      restarts: threads.reduce((sum, thread) => sum + thread.restarts, 0),
      startedAt: this.#startedAt / 1_000,
    }
  }

  async #answer(request: ControlRequest): Promise<unknown> {
    switch (request.ask) {
      case 'status':
        return this.status()
      case 'reload':
        return this.reload()
      case 'take-bundle':
        return this.takeBundle()
      case 'queue':
        return encodeAnswer(await this.#askQueue(request.call))
      case 'fail-thread':
        if (this.#options.environment.SLUICE_TEST !== '1')
          throw new Error('Only an engine that was started for tests fails on demand.')
        this.#supervisor?.fail(request.thread, request.how)
        return {}
    }
  }

  /** An answer without one of the threads would be wrong in silence. */
  async #askQueue(call: QueueCall) {
    const supervisor = this.#supervisor!
    const away = supervisor.status().find(thread => thread.state !== 'serving')
    if (away !== undefined)
      throw new Error(
        `Engine thread ${away.thread} is not serving at the moment. Ask again in a few seconds.`,
      )
    const answers = await supervisor.askAll({ ask: 'queue', call })
    return mergeQueueAnswers(
      call,
      answers.flatMap(answer => (answer.ask === 'queue' ? [answer.answer] : [])),
    )
  }

  /** One after the other, and none during a drain. */
  reload(): Promise<ReloadResult> {
    const result = this.#reloading.then(() => this.#reload())
    this.#reloading = result.catch(() => undefined)
    return result
  }

  async #reload(): Promise<ReloadResult> {
    if (this.#phase !== 'serving') return { applied: false, sentences: ['The engine is shutting down.'] }
    this.#notifier.reloading()
    const loaded = await this.#loadNew()
    const result = loaded.kind === 'ok' ? await this.#apply(loaded) : this.#refuse(loaded.problems)
    this.#notifier.ready(this.health().lines[0]!)
    return result
  }

  /** The bundle that is in force on disk by now; the configuration stays as it runs, whatever its file says meanwhile. */
  takeBundle(): Promise<ReloadResult> {
    const result = this.#reloading.then(() => this.#takeBundle())
    this.#reloading = result.catch(() => undefined)
    return result
  }

  async #takeBundle(): Promise<ReloadResult> {
    if (this.#phase !== 'serving') return { applied: false, sentences: ['the engine is shutting down'] }
    const content = await this.#content.prepare(this.#configuration, 'strict')
    if (content.kind === 'invalid') return this.#keepRules(content.problems)
    if (content.bundle?.folder === this.#content.bundle) {
      content.content.release()
      return { applied: true, sentences: [] }
    }
    try {
      await this.#share({ ...this.#settings, content: content.content.rules }, content)
    } catch (error) {
      return this.#keepRules([(error as Error).message])
    }
    for (const warning of content.warnings) this.#log.warn(warning)
    return { applied: true, sentences: content.warnings }
  }

  #keepRules(problems: readonly string[]): ReloadResult {
    for (const problem of problems) this.#log.error({ problem }, 'The new bundle cannot be used.')
    this.#log.error('The rules in force stay in force.')
    return { applied: false, sentences: problems }
  }

  /** Rejects when a thread cannot take them, and then nothing has changed. */
  async #share(settings: Settings, content: NextContent): Promise<void> {
    try {
      // Before the threads are asked, so that one that starts in between starts with the new one.
      this.#supervisor!.use(settings)
      await this.#supervisor!.askAll({ ask: 'reload', ...settings })
    } catch (error) {
      this.#supervisor!.use(this.#settings)
      // Those that have the new ones go back, so that all threads judge alike; the reason to tell is that of the first failure.
      await this.#supervisor!.askAll({ ask: 'reload', ...this.#settings }).catch(() => undefined)
      content.content.release()
      throw error
    }
    this.#content.use(content)
    this.#settings = settings
  }

  async #loadNew(): Promise<Invalid | New> {
    const loaded = await loadRunnable(this.#options.source, this.#configuration)
    if (loaded.kind === 'invalid') return loaded
    const tls = await this.#loadTls(loaded.configuration)
    if (tls.kind === 'tls-error') return { kind: 'invalid', problems: [tls.sentence] }
    try {
      // Here once, so that a wrong file of users is found before the first of the threads takes it.
      await openCredentials(loaded.configuration, tls, systemClock)
    } catch (error) {
      return { kind: 'invalid', problems: [(error as Error).message] }
    }
    const content = await this.#content.prepare(loaded.configuration)
    if (content.kind === 'invalid') return content
    return { ...loaded, tls, content }
  }

  #refuse(problems: readonly string[]): ReloadResult {
    this.#configurationProblems = problems
    for (const problem of problems) this.#log.error({ problem }, 'The new configuration is wrong.')
    this.#log.error('The running configuration stays in force.')
    return { applied: false, sentences: problems }
  }

  async #apply(loaded: New): Promise<ReloadResult> {
    const { configuration, tls, content } = loaded
    const settings = { configuration, tls, content: content.content.rules }
    try {
      await this.#openManagement(configuration)
    } catch (error) {
      content.content.release()
      return this.#refuse([(error as Error).message])
    }
    try {
      await this.#share(settings, content)
    } catch (error) {
      return this.#refuse([(error as Error).message])
    }
    this.#configuration = configuration
    this.#updates.use(configuration)
    this.#configurationProblems = []
    this.#restartNeeded = loaded.restartNeeded
    this.#log.level = configuration.log.level
    const warnings = [...loaded.warnings, ...content.warnings]
    for (const change of loaded.changes) this.#log.info(change)
    for (const warning of warnings) this.#log.warn(warning)
    this.#log.info(`The new configuration is in force, ${loaded.changes.length} changes.`)
    return { applied: true, sentences: [...loaded.changes, ...warnings] }
  }

  async drain(milliseconds: number): Promise<void> {
    if (this.#drained !== undefined) {
      await this.#supervisor?.drain(milliseconds)
      return this.#drained
    }
    this.#phase = 'draining'
    this.#log.info({ milliseconds }, 'Draining: no new connections; sessions may finish.')
    this.#notifier.stopping()
    this.#drained = (this.#supervisor?.drain(milliseconds) ?? Promise.resolve()).then(() => this.close())
    return this.#drained
  }

  /** Safe after a start that failed half way. */
  async close(): Promise<void> {
    clearInterval(this.#alive)
    await this.#supervisor?.drain(0)
    // What is being compiled ends with the content, and with it an update that waits for it.
    this.#content.close()
    await this.#updates.close()
    await this.#control?.close()
    for (const server of this.#management.values()) await server.close()
    await this.#notifier.settled()
    this.#directory.release()
    if (this.#phase === 'draining') this.#log.info('Everything is on disk; the engine has ended.')
  }
}
