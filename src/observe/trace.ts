/**
 * Finds the story of a message, an address or a client in the tracking files.
 *
 * Promises: reads every file once per pass in bounded memory; a torn or foreign line is skipped; what an id says is
 * joined with its session (connected, refused, signed in) and with the notifications that it caused; ordered by time.
 * Leaves out: words for humans (`story.ts`), and mail whose files were rotated away.
 */
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isMessageId } from '#mail/message-id.ts'
import type { TrackingEvent } from '#observe/event.ts'

export type TracedEvent = TrackingEvent & {
  /** Milliseconds since 1970. */
  readonly t: number
  readonly thread: number
}

export interface Trace {
  readonly events: readonly TracedEvent[]
  /** True when there was more than `limit`. */
  readonly more: boolean
}

/**
 * Everything about a message id, a session, an address (sender or recipient, in any case; a domain when it starts with
 * `@`) or a client IP address. Rejects when the directory cannot be read.
 */
export async function traceOf(directory: string, wanted: string, limit = 10_000): Promise<Trace> {
  const files = await trackingFiles(directory)
  const matches = matcherOf(wanted)
  const found = new Found()
  let causes = false
  for await (const event of readEvents(files, containing(wanted))) {
    if (!matches(event)) continue
    found.add(event)
    causes ||= event.event === 'notified'
  }
  if (found.isEmpty) return { events: [], more: false }
  // A notification leads to a message whose session is still unknown.
  if (causes)
    for await (const event of readEvents(files, line => found.mayHold(line)))
      if (found.belongs(event)) found.add(event)

  const events: TracedEvent[] = []
  let more = false
  for await (const event of readEvents(files, line => found.mayHold(line))) {
    if (!found.belongs(event)) continue
    if (event.event === 'notified') found.add(event)
    if (events.length < limit) events.push(event)
    else more = true
  }
  // A stable sort: lines of one thread stay in the order in which they were written.
  return { events: events.sort((left, right) => left.t - right.t), more }
}

/** The ids and sessions that the question led to. */
class Found {
  readonly #ids = new Set<string>()
  readonly #sessions = new Set<string>()

  get isEmpty(): boolean {
    return this.#ids.size === 0 && this.#sessions.size === 0
  }

  add(event: TracedEvent): void {
    if ('id' in event && event.id !== undefined) this.#ids.add(event.id)
    if (event.event === 'notified') this.#ids.add(event.notification)
    if ('session' in event) this.#sessions.add(event.session)
  }

  /** A message of the same session that nobody asked for is not part of the story. */
  belongs(event: TracedEvent): boolean {
    if ('id' in event && event.id !== undefined) return this.#ids.has(event.id)
    return 'session' in event && this.#sessions.has(event.session)
  }

  /** Cheap look at a line before it is parsed: the first `"session"` or `"id"` value in it. */
  mayHold(line: string): boolean {
    return this.#ids.has(valueAfter(line, '"id":"')) || this.#sessions.has(valueAfter(line, '"session":"'))
  }
}

function valueAfter(line: string, key: string): string {
  const start = line.indexOf(key)
  return start < 0 ? '' : line.slice(start + key.length, line.indexOf('"', start + key.length))
}

/** Escaped as JSON writes it, so that a quoted local part is found, too. */
function containing(wanted: string): (line: string) => boolean {
  const needle = JSON.stringify(wanted).slice(1, -1).toLowerCase()
  return line => line.includes(needle) || line.toLowerCase().includes(needle)
}

function matcherOf(wanted: string): (event: TracedEvent) => boolean {
  const text = wanted.toLowerCase()
  const isThatAddress = (address: string) =>
    text.startsWith('@') ? address.toLowerCase().endsWith(text) : address.toLowerCase() === text
  return event => {
    if ('id' in event && event.id === text) return true
    if ('session' in event && event.session === wanted) return true
    if ('client' in event && event.client === text) return true
    if (event.event === 'notified' && event.notification === text) return true
    return addressesOf(event).some(isThatAddress)
  }
}

function addressesOf(event: TracedEvent): readonly string[] {
  switch (event.event) {
    case 'accepted':
      return [event.from, ...event.to]
    case 'refused':
      return [event.from ?? '', event.to ?? '']
    case 'attempt':
      return event.outcomes.map(({ to }) => to)
    case 'notified':
      return [event.to]
    case 'dropped':
      return event.to
    default:
      return []
  }
}

const fileName = /^(\d+)\.jsonl(?:\.(\d+))?$/

/** Oldest first within a thread, so that a notification is known before its own events come. */
async function trackingFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory)
  return names
    .flatMap(name => {
      const [, thread, generation] = fileName.exec(name) ?? []
      return thread === undefined ? [] : [{ name, thread: Number(thread), age: Number(generation ?? 0) }]
    })
    .sort((left, right) => left.thread - right.thread || right.age - left.age)
    .map(({ name }) => join(directory, name))
}

async function* readEvents(
  files: readonly string[],
  wanted: (line: string) => boolean,
): AsyncGenerator<TracedEvent> {
  for (const file of files)
    for await (const line of readLines(file)) {
      const event = wanted(line) ? parseLine(line) : undefined
      if (event !== undefined) yield event
    }
}

/**
 * Lines end with LF and nothing else: node:readline also ends them at U+2028, which may stand inside a JSON string.
 * A file that was rotated away between the listing and the reading has nothing to say any more.
 */
async function* readLines(file: string): AsyncGenerator<string> {
  let rest = ''
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 2 ** 18 })) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      yield* lines
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function parseLine(line: string): TracedEvent | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isTracedEvent(value) ? value : undefined
  } catch {
    return undefined // Torn by a crash, or still being written.
  }
}

/** The files are ours and 0600; this only guards against lines of another version. */
function isTracedEvent(value: unknown): value is TracedEvent {
  if (typeof value !== 'object' || value === null) return false
  const { t, event, id } = value as { t?: unknown; event?: unknown; id?: unknown }
  return (
    typeof t === 'number' &&
    typeof event === 'string' &&
    (id === undefined || (typeof id === 'string' && isMessageId(id)))
  )
}
