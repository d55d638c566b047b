/**
 * From files of mail to the features of a training, on all threads.
 *
 * Promises: the same store whatever the number of threads, the order of the directory and the names of the files: mails
 * stand in the order of the SHA-256 of what came over the wire, and one that comes twice counts once. A mail that is both ham
 * and spam is told, not taken. Memory: the features (`store.ts`) and some 100 octets a mail.
 */
import { type FeatureStore, groupCount } from '#content/spam/training/store.ts'
import type { GatherCommon, GatherPart, GatherTask } from '#content/spam/training/thread-messages.ts'
import { onThreads } from '#content/spam/training/threads.ts'
import type { FeatureOptions } from '#scanner/features/features.ts'

export interface MailFile {
  readonly path: string
  readonly spam: boolean
}

export interface Gathered {
  readonly store: FeatureStore
  /** SHA-256 of each mail, 32 octets each. */
  readonly hashes: Uint8Array
  /** A number for each source, the same for all mails of one sender's domain. */
  readonly source: Uint32Array
  /** Which file a mail is from, and which one of an mbox, from 1. */
  readonly file: Uint32Array
  readonly ordinal: Uint32Array
  readonly duplicates: number
  /** Mails that are both ham and spam: the places where they are. */
  readonly conflicts: readonly (readonly [string, string])[]
  /** By path. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
}

export interface GatherOptions {
  readonly options: FeatureOptions
  readonly threads: number
  readonly progress?: ((files: number) => void) | undefined
}

/** Small enough to keep all threads at work until the end, large enough to cost no time of their own. */
const filesOfTask = 64

/** `inbox.mbox, message 7` */
export const nameOfMail = (path: string, ordinal: number) =>
  ordinal === 0 ? path : `${path}, message ${ordinal}`

export async function gather(files: readonly MailFile[], options: GatherOptions): Promise<Gathered> {
  const parts: GatherPart[] = []
  let done = 0
  const tasks = tasksOf(files)
  await onThreads<GatherTask, GatherPart>({
    worker: new URL('./gather-worker.ts', import.meta.url),
    common: { options: options.options } satisfies GatherCommon,
    tasks,
    threads: options.threads,
    take: (part, task) => {
      parts.push(part)
      done += tasks[task]!.length
      options.progress?.(Math.min(done, files.length))
    },
  })
  return arrange(parts, files)
}

function tasksOf(files: readonly MailFile[]): readonly GatherTask[] {
  const numbered = files.map(({ path }, file) => ({ file, path }))
  return Array.from({ length: Math.ceil(files.length / filesOfTask) }, (_, task) =>
    numbered.slice(task * filesOfTask, (task + 1) * filesOfTask),
  )
}

interface Place {
  readonly slab: number
  readonly at: number
  readonly file: number
  readonly ordinal: number
  readonly hash: Buffer
}

function arrange(parts: readonly GatherPart[], files: readonly MailFile[]): Gathered {
  const places = parts.flatMap((part, slab) =>
    Array.from(part.file, (file, at): Place => {
      const hash = Buffer.from(part.hashes.buffer, part.hashes.byteOffset + at * 32, 32)
      return { slab, at, file, ordinal: part.ordinal[at]!, hash }
    }),
  )
  places.sort(
    (one, other) =>
      Buffer.compare(one.hash, other.hash) || one.file - other.file || one.ordinal - other.ordinal,
  )
  const { kept, conflicts } = withoutDuplicates(places, files)
  const numbers = (of: (place: Place) => number) => Uint32Array.from(kept, of)
  return {
    store: {
      slabs: parts.map(part => part.columns),
      slab: numbers(({ slab }) => slab),
      start: numbers(({ slab, at }) => parts[slab]!.start[at]!),
      label: Uint8Array.from(kept, ({ file }) => (files[file]!.spam ? 1 : 0)),
    },
    hashes: new Uint8Array(Buffer.concat(kept.map(({ hash }) => hash))),
    source: numbers(({ slab, at }) => parts[slab]!.source[at]!),
    file: numbers(({ file }) => file),
    ordinal: numbers(({ ordinal }) => ordinal),
    duplicates: places.length - kept.length,
    conflicts,
    skipped: parts
      .flatMap(part => part.skipped)
      .sort((one, other) => one.file - other.file || one.ordinal - other.ordinal)
      .map(({ file, ordinal, reason }) => ({ name: nameOfMail(files[file]!.path, ordinal), reason })),
  }
}

/** Of mails with the same content, which stand beside each other, the first is kept. */
function withoutDuplicates(places: readonly Place[], files: readonly MailFile[]) {
  const kept: Place[] = []
  const conflicts: (readonly [string, string])[] = []
  const nameOf = ({ file, ordinal }: Place) => nameOfMail(files[file]!.path, ordinal)
  for (const place of places) {
    const last = kept.at(-1)
    if (last === undefined || !last.hash.equals(place.hash)) kept.push(place)
    else if (files[last.file]!.spam !== files[place.file]!.spam) conflicts.push([nameOf(last), nameOf(place)])
  }
  return { kept, conflicts }
}

/** Octets that the features of so many columns and mails take. */
export const octetsOfStore = (store: FeatureStore): number =>
  store.slabs.reduce((sum, slab) => sum + slab.byteLength, 0) + store.label.length * (groupCount + 9)
