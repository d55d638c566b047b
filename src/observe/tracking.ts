/**
 * Writes the story of each message: one JSON line per event, one file per engine thread, `tracking/<thread>.jsonl`.
 *
 * Promises: `track` never waits and never throws; a line reaches the file within 100 ms or 64 KiB, whichever is first;
 * a full file becomes `<thread>.jsonl.1`, that one `.2`, and no more than `files` are kept; when the disk is slower than
 * the mail, memory stays bounded and the number of lost lines is counted and told.
 * Leaves out: durability. A crash costs the last 100 ms of the story, never mail; the reader skips a torn last line.
 */
import {
  close,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  write,
} from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '#mail/clock.ts'
import type { Track, TrackingEvent } from '#observe/event.ts'

export interface TrackingOptions {
  readonly directory: string
  readonly thread: number
  /** Octets after which a file is rotated. */
  readonly fileSize: number
  /** Files kept per thread, the one being written included. */
  readonly files: number
  readonly clock: Clock
  /** Told once per trouble, not per line. */
  readonly onTrouble?: (trouble: { readonly error: Error; readonly lost: number }) => void
}

export interface Tracking {
  readonly track: Track
  /** Lines that were dropped since the start. */
  lost(): number
  /** Resolves when everything tracked so far is with the kernel, or is counted as lost. */
  flush(): Promise<void>
  close(): Promise<void>
}

const lineEnd = Buffer.from('\n')
const flushLength = 65_536
const flushInterval = 100
const memoryLimit = 8 * 2 ** 20

export const trackingFile = (directory: string, thread: number, generation = 0): string =>
  join(directory, generation === 0 ? `${thread}.jsonl` : `${thread}.jsonl.${generation}`)

/** Throws when the file cannot be opened: a gateway that cannot tell its story does not start. */
export function openTracking(options: TrackingOptions): Tracking {
  const { clock, thread } = options
  const file = openFile(options)
  let lines = ''
  let count = 0
  let lost = 0
  let busy: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let troubled = false

  const trouble = (error: Error, dropped: number) => {
    lost += dropped
    if (!troubled) options.onTrouble?.({ error, lost })
    troubled = true
  }

  const drain = async () => {
    do {
      const bytes = Buffer.from(lines)
      const dropped = count
      lines = ''
      count = 0
      const error = await file.append(bytes)
      if (error === undefined) troubled = false
      else trouble(error, dropped)
    } while (lines !== '')
    busy = undefined
  }
  const start = () => {
    clearTimeout(timer)
    timer = undefined
    if (busy === undefined && lines !== '') busy = drain()
  }

  // Hot path: one stringify and one concatenation per event, no I/O.
  const track = (event: TrackingEvent) => {
    if (lines.length > memoryLimit) return trouble(new Error('the disk does not keep up'), 1)
    lines += `{"t":${clock.now()},"thread":${thread},${JSON.stringify(event).slice(1)}\n`
    count++
    if (busy !== undefined) return
    if (lines.length > flushLength) start()
    else timer ??= setTimeout(start, flushInterval).unref()
  }

  const flush = async () => {
    while (lines !== '' || busy !== undefined) {
      start()
      await busy
    }
  }
  return {
    track,
    lost: () => lost,
    flush,
    close: async () => {
      await flush()
      await file.close()
    },
  }
}

interface TrackingFile {
  append(bytes: Buffer): Promise<Error | undefined>
  close(): Promise<void>
}

function openFile({ directory, thread, fileSize, files }: TrackingOptions): TrackingFile {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = trackingFile(directory, thread)
  let { descriptor, size, torn } = openForAppend(path)

  const rotate = () => {
    // The oldest goes first; renaming over it would do, but `files` may have been lowered.
    rmSync(trackingFile(directory, thread, Math.max(files - 1, 1)), { force: true })
    for (let generation = files - 1; generation > 0; generation--) {
      const older = trackingFile(directory, thread, generation)
      renameIfThere(trackingFile(directory, thread, generation - 1), older)
    }
    if (files === 1) rmSync(path, { force: true })
    closeSync(descriptor)
    ;({ descriptor, size, torn } = openForAppend(path))
  }

  return {
    append: async bytes => {
      let written = 0
      try {
        if (size > 0 && size + bytes.length > fileSize) rotate()
        const whole = torn ? Buffer.concat([lineEnd, bytes]) : bytes
        while (written < whole.length) {
          written += await writeTo(descriptor, whole.subarray(written))
          torn = whole[written - 1] !== lineEnd[0]
        }
        return undefined
      } catch (error) {
        return error as Error
      } finally {
        size += written
      }
    },
    close: () =>
      new Promise((resolve, reject) => close(descriptor, error => (error ? reject(error) : resolve()))),
  }
}

const writeTo = (descriptor: number, bytes: Buffer): Promise<number> =>
  new Promise((resolve, reject) =>
    write(descriptor, bytes, (error, written) => (error ? reject(error) : resolve(written))),
  )

/**
 * `torn`: the last line was cut short, by a crash or a full disk. The next one is written behind a line end, so that it stands
 * on its own; not now, for a disk that is full must not keep a thread from starting and delivering its mail.
 */
function openForAppend(path: string): { descriptor: number; size: number; torn: boolean } {
  const descriptor = openSync(path, 'a+', 0o600)
  const { size } = fstatSync(descriptor)
  const last = Buffer.alloc(1)
  const torn = size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== lineEnd[0]
  return { descriptor, size, torn }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
