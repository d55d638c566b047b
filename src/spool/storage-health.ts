/**
 * May mail be accepted? Full and broken disks as a state, with one alarm when it begins and one when it ends.
 *
 * Promises: while the disk is full or fails, `refusal` says so and nothing is acknowledged; when it is well again mail
 * flows again without a restart.
 */
import type { Clock } from '#mail/clock.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import { storageFailed, storageFull } from '#mail/replies.ts'
import { errorCode, errorText, type SpoolFiles } from '#spool/files.ts'

export interface SpoolAlarm {
  readonly name:
    | 'storage-full'
    | 'storage-failed'
    | 'storage-recovered'
    | 'corrupt-record'
    | 'corrupt-content'
    | 'spool-trouble'
  /** One sentence for the operator. */
  readonly sentence: string
  readonly detail: string
}

type Condition =
  | { readonly state: 'well' }
  | { readonly state: 'full' | 'failed'; readonly detail: string; readonly since: number }

const full = new Set(['ENOSPC', 'EDQUOT'])
const checkInterval = 1_000

export class StorageHealth {
  readonly #files: SpoolFiles
  readonly #directory: string
  readonly #minimumFree: number
  readonly #clock: Clock
  readonly #alarm: (alarm: SpoolAlarm) => void
  readonly #timer: NodeJS.Timeout
  /** What the last write said, and what the free space says. */
  #writing: Condition = { state: 'well' }
  #space: Condition = { state: 'well' }
  #checking: Promise<void> | undefined
  /** Called while writing fails, about once a second: the chance to try again. */
  retry: () => void = () => {}

  constructor(options: {
    readonly files: SpoolFiles
    readonly directory: string
    readonly minimumFree: number
    readonly clock: Clock
    readonly onAlarm: (alarm: SpoolAlarm) => void
  }) {
    this.#files = options.files
    this.#directory = options.directory
    this.#minimumFree = options.minimumFree
    this.#clock = options.clock
    this.#alarm = options.onAlarm
    this.#timer = setInterval(() => void this.check(), checkInterval)
    this.#timer.unref()
  }

  /** Undefined when a message may be accepted. */
  refusal(): Refusal | undefined {
    const condition = this.#writing.state === 'well' ? this.#space : this.#writing
    return condition.state === 'well' ? undefined : refusalOf(condition.state, condition.detail)
  }

  get failing(): boolean {
    return this.#writing.state !== 'well'
  }

  /** A write or a sync failed. */
  failed(error: unknown): Refusal {
    const detail = errorText(error)
    const state = full.has(errorCode(error)) ? 'full' : 'failed'
    const before = this.#writing
    this.#writing = { state, detail, since: this.#clock.now() }
    if (before.state !== state) this.#raise(state, detail)
    return refusalOf(state, detail)
  }

  /** A write reached the disk. */
  succeeded(): void {
    if (this.#writing.state === 'well') return
    this.#writing = { state: 'well' }
    if (this.#space.state === 'well') this.#recovered()
  }

  /** Looks at the free space now. */
  check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined
    })
    return this.#checking
  }

  async #check(): Promise<void> {
    if (this.#writing.state !== 'well') this.retry()
    let free: number
    try {
      free = await this.#files.free(this.#directory)
    } catch {
      // The next write tells more than this question can.
      return
    }
    const before = this.#space.state
    if (free < this.#minimumFree) {
      const detail = `${free} octets are free, ${this.#minimumFree} are required`
      this.#space = { state: 'full', detail, since: this.#clock.now() }
      if (before === 'well' && this.#writing.state === 'well') this.#raise('full', detail)
      return
    }
    this.#space = { state: 'well' }
    if (before !== 'well' && this.#writing.state === 'well') this.#recovered()
  }

  #raise(state: 'full' | 'failed', detail: string): void {
    this.#alarm(
      state === 'full'
        ? {
            name: 'storage-full',
            sentence: 'The spool has no room: mail is answered 452 until it has.',
            detail,
          }
        : { name: 'storage-failed', sentence: 'The spool cannot be written: mail is answered 451.', detail },
    )
  }

  #recovered(): void {
    this.#alarm({
      name: 'storage-recovered',
      sentence: 'The spool can be written again: mail is accepted.',
      detail: '',
    })
  }

  close(): void {
    clearInterval(this.#timer)
  }
}

const refusalOf = (state: 'full' | 'failed', detail: string): Refusal =>
  state === 'full'
    ? refuse('storage-full', storageFull, detail)
    : refuse('storage-failed', storageFailed, detail)
