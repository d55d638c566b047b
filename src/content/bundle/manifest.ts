/**
 * The manifest of a bundle: what it is called, when it was made and until when it counts, and the files in it.
 *
 * Promises: a text becomes a manifest or a sentence, never an exception; what is not known is refused, as a newer format would
 * have another name; the name of a file is one plain name of small letters, and its end says what it is, so that nothing in
 * it can be a path; no name stands twice.
 * Leaves out: signature and octets (`container.ts`), whether this bundle may take the place of another (`admit.ts`).
 */

export const fileKinds = ['lexicon', 'model', 'spamassassin'] as const
export type FileKind = (typeof fileKinds)[number]

export interface FileEntry {
  readonly name: string
  readonly size: number
  /** Small hexadecimal digits. */
  readonly sha256: string
}

export interface Manifest {
  /** Of the series: bundles of another name do not take its place. */
  readonly name: string
  /** Each bundle of a series has a higher one than those before it. */
  readonly sequence: number
  /** Milliseconds since 1970, in whole seconds. */
  readonly created: number
  readonly expires: number
  /** The lowest version of Sluice that can use it. */
  readonly minimumVersion: string
  readonly files: readonly FileEntry[]
}

export const manifestFormat = 'sluice bundle 1'
export const largestManifest = 2 ** 16
const mostFiles = 200

const seriesName = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/
/** No two dots beside each other, none at either end but the one before the kind. */
const fileName = /^[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)*\.(yaml|model|cf)$/
const longestFileName = 64

const kinds = new Map<string, FileKind>([
  ['yaml', 'lexicon'],
  ['model', 'model'],
  ['cf', 'spamassassin'],
])

/** Octets of one file. */
export const largestFile: Readonly<Record<FileKind, number>> = {
  lexicon: 2 ** 20,
  model: 32 * 2 ** 20,
  spamassassin: 8 * 2 ** 20,
}
/** Octets of all files together. */
export const largestContent = 64 * 2 ** 20

export const isSeriesName = (name: string): boolean => seriesName.test(name)

/** undefined for a name that no file of a bundle has. */
export function kindOf(name: string): FileKind | undefined {
  const end = name.length > longestFileName ? undefined : fileName.exec(name)?.[1]
  return end === undefined ? undefined : kinds.get(end)
}

export function writeManifest(manifest: Manifest): Buffer {
  const { created, expires, files, ...rest } = manifest
  const dates = { created: new Date(created).toISOString(), expires: new Date(expires).toISOString() }
  return Buffer.from(`${JSON.stringify({ format: manifestFormat, ...rest, ...dates, files }, null, 1)}\n`)
}

/** A manifest, or a sentence without its full stop. For octets whose signature is right, and for our own. */
export function readManifest(octets: Uint8Array): Manifest | string {
  const value = parse(octets)
  const format = isRecord(value) ? value.format : undefined
  if (!isRecord(value) || typeof format !== 'string') return 'its manifest is not one of a bundle'
  if (format !== manifestFormat) return `its format is ${shown(format)}; this program reads ${manifestFormat}`
  const { name, sequence, minimumVersion, files } = value
  const created = readDate(value.created)
  const expires = readDate(value.expires)
  if (!hasKeys(value, keys)) return 'its manifest has not the keys that it should have'
  if (typeof name !== 'string' || !isSeriesName(name)) return 'its name is not one of small letters'
  if (!isCount(sequence) || sequence === 0) return 'its sequence number is no whole number above 0'
  if (created === undefined || expires === undefined) return 'one of its dates is none'
  if (expires <= created) return 'it expires before it is made'
  if (typeof minimumVersion !== 'string' || readVersion(minimumVersion) === undefined)
    return 'the version that it asks for is none'
  const entries = readEntries(files)
  return typeof entries === 'string'
    ? entries
    : { name, sequence, created, expires, minimumVersion, files: entries }
}

const keys = ['format', 'name', 'sequence', 'created', 'expires', 'minimumVersion', 'files']

function parse(octets: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets))
  } catch {
    return undefined
  }
}

function readEntries(files: unknown): readonly FileEntry[] | string {
  if (!Array.isArray(files) || files.length === 0) return 'it has no files'
  if (files.length > mostFiles) return `it has more than ${mostFiles} files`
  const entries: FileEntry[] = []
  for (const file of files) {
    const entry = readEntry(file)
    if (typeof entry === 'string') return entry
    entries.push(entry)
  }
  const twice = entries.find(({ name }, index) => entries.findIndex(other => other.name === name) !== index)
  if (twice !== undefined) return `it has two files of the name ${twice.name}`
  if (entries.filter(({ name }) => kindOf(name) === 'model').length > 1) return 'it has more than one model'
  if (entries.reduce((sum, { size }) => sum + size, 0) > largestContent)
    return `its files are larger than ${largestContent / 2 ** 20} MiB together`
  return entries
}

function readEntry(value: unknown): FileEntry | string {
  if (!isRecord(value) || !hasKeys(value, ['name', 'size', 'sha256']))
    return 'one of its files is not described'
  const { name, size, sha256 } = value
  const kind = typeof name === 'string' ? kindOf(name) : undefined
  if (typeof name !== 'string' || kind === undefined)
    return `the name of a file, ${shown(name)}, is none that a bundle may have`
  if (!isCount(size) || size > largestFile[kind]) return `${name} is larger than a ${kind} may be`
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return `${name} has no checksum`
  return { name, size, sha256 }
}

/** As `writeManifest` has them, so that each moment has one form. */
function readDate(value: unknown): number | undefined {
  const time = typeof value === 'string' && value.length === 24 ? Date.parse(value) : Number.NaN
  return Number.isFinite(time) && new Date(time).toISOString() === value ? time : undefined
}

/** Major, minor, patch; what follows a hyphen does not count. */
export function readVersion(text: string): readonly [number, number, number] | undefined {
  const [, ...numbers] = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:-[0-9a-z.-]{1,64})?$/i.exec(text) ?? []
  return numbers.length === 3 ? [Number(numbers[0]), Number(numbers[1]), Number(numbers[2])] : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hasKeys = (value: Record<string, unknown>, wanted: readonly string[]): boolean =>
  Object.keys(value).length === wanted.length && wanted.every(key => Object.hasOwn(value, key))

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** What a stranger wrote, in ASCII and cut. */
const shown = (value: unknown): string =>
  (JSON.stringify(value) ?? 'nothing').replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
