/**
 * Updates on a schedule: the running gateway asks its mirror for a newer bundle, installs it and takes it over.
 *
 * Promises: what cannot be fetched, judged or used costs a line in the log and leaves the rules in force as they are; asked as
 * often as configured, over restarts too; nothing is under way after `close`.
 * Leaves out: bundles that somebody brings by hand (`commands/update.ts`), which go the same way.
 */
import type { Configuration } from '#config/schema.ts'
import { readAttempt } from '#content/bundle/attempt.ts'
import { wrongWith } from '#content/bundle/check.ts'
import type { TakeOver } from '#content/bundle/install.ts'
import { type UpdateOutcome, update } from '#content/bundle/update.ts'
import { trustedKeys } from '#engine/bundle-choice.ts'
import type { Log } from '#observe/log.ts'

export interface UpdatesOptions {
  readonly directories: { readonly bundles: string; readonly patterns: string }
  readonly version: string
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  takeOver(): Promise<TakeOver>
}

type Settings = Configuration['updates']

/**
 * Milliseconds until the next update is due. A part of the span is left to chance, so that the boxes of a fleet do not all ask
 * in the same second. `last`: when it was asked before.
 */
export function untilNext(now: number, last: number | undefined, every: number, chance: number): number {
  // A clock that was put back must not keep updates away.
  if (last === undefined || last > now) return 0
  return Math.max(0, last + Math.round(every * (1 + chance / 10)) - now)
}

export class Updates {
  readonly #options: UpdatesOptions
  readonly #closing = new AbortController()
  #configuration: Configuration | undefined
  #timer: NodeJS.Timeout | undefined
  #underWay: Promise<void> = Promise.resolve()
  /** By this process: what it wrote on disk may have failed, and must not be tried again at once. */
  #asked: { readonly at: number; readonly url: string } | undefined

  constructor(options: UpdatesOptions) {
    this.#options = options
  }

  /** From now on by this configuration. */
  use(configuration: Configuration): void {
    this.#configuration = configuration
    this.#plan()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await this.#underWay
  }

  #plan(): void {
    clearTimeout(this.#timer)
    this.#underWay = this.#underWay.then(async () => {
      const settings = this.#configuration?.updates
      if (settings === undefined || !isScheduled(settings) || this.#closing.signal.aborted) return
      const last = await readAttempt(this.#options.directories.bundles)
      const asked = [this.#asked?.url === settings.url ? this.#asked?.at : undefined]
        .concat(last?.from === settings.url ? last?.at : undefined)
        .filter(time => time !== undefined)
      clearTimeout(this.#timer)
      this.#timer = setTimeout(
        () => {
          this.#underWay = this.#underWay.then(() => this.#update())
        },
        untilNext(
          Date.now(),
          asked.length === 0 ? undefined : Math.max(...asked),
          settings.every,
          Math.random(),
        ),
      ).unref()
    })
  }

  async #update(): Promise<void> {
    const configuration = this.#configuration
    const { url } = configuration?.updates ?? {}
    if (configuration === undefined || url === undefined || this.#closing.signal.aborted) return
    const { directories, version, takeOver } = this.#options
    this.#asked = { at: Date.now(), url }
    const outcome = await update(
      {
        directory: directories.bundles,
        keys: trustedKeys(configuration),
        version,
        now: Date.now(),
        signal: this.#closing.signal,
        check: content => wrongWith(content, { cache: directories.patterns, signal: this.#closing.signal }),
        takeOver,
      },
      { source: { kind: 'url', url }, force: false, patient: true },
    )
    this.#tell(outcome, url)
    this.#plan()
  }

  #tell(outcome: UpdateOutcome, url: string): void {
    const { log } = this.#options
    if (outcome.kind === 'switched')
      log.info({ url }, `Bundle ${outcome.manifest.sequence} was fetched and is in force.`)
    else if (outcome.kind === 'refused' && !this.#closing.signal.aborted)
      log.error(
        { url, reason: outcome.reason },
        `The update is refused: ${outcome.sentence}. The rules in force stay in force.`,
      )
  }
}

const isScheduled = ({ url, every, keys }: Settings): boolean =>
  url !== undefined && every > 0 && keys.length > 0

/** In the words of an update. */
export const takenOver = (result: {
  readonly applied: boolean
  readonly sentences: readonly string[]
}): TakeOver =>
  result.applied
    ? { kind: 'taken' }
    : { kind: 'refused', sentence: result.sentences.join(' ').replace(/\.$/, '') }
