/**
 * An update from end to end: fetch a bundle, judge it, install it, and write down what came of it.
 *
 * Promises: one update at a time on a data directory; nothing of a bundle is written before its signature is known to be right;
 * whatever is refused leaves what is in force as it is.
 */
import { mkdir } from 'node:fs/promises'
import { refusalOf } from './admit.ts'
import { type Attempt, readAttempt, writeAttempt } from './attempt.ts'
import { type Bundle, decodeBundle } from './container.ts'
import { type Fetched, fetchBundle, type Source } from './fetch.ts'
import { goBack, install, type Site, type Switched } from './install.ts'
import { openInstalled } from './installed.ts'
import type { PublicKey } from './keys.ts'
import { lockBundles } from './lock.ts'
import { type PointerRead, readPointer } from './pointer.ts'
import { type BundleRefusal, type RefusalReason, refusalReasons, refuse } from './refusal.ts'

export interface UpdateOptions extends Site {
  readonly keys: readonly PublicKey[]
  readonly version: string
  readonly now: number
  readonly signal?: AbortSignal
  /** Milliseconds for the mirror. */
  readonly timeout?: number
}

export interface Wish {
  readonly source: Source
  readonly force: boolean
  /** What the mirror gave before and was refused is not fetched again. */
  readonly patient: boolean
}

export interface Unchanged {
  readonly kind: 'unchanged'
  readonly sentence: string
}

export type UpdateOutcome = Switched | Unchanged | BundleRefusal

export const update = (options: UpdateOptions, wish: Wish): Promise<UpdateOutcome> =>
  exclusively(options, async () => {
    const last = await readAttempt(options.directory)
    const fetched = await fetchBundle(wish.source, { ...options, ...knownTag(wish, last) })
    const before = await readPointer(options.directory)
    const outcome = await judge(options, wish, fetched, before, last)
    const etag =
      fetched.kind === 'octets' ? fetched.etag : fetched.kind === 'unchanged' ? last?.etag : undefined
    await note(options, nameOf(wish.source), outcome, conclusive(outcome) ? etag : undefined)
    return outcome
  })

export const rollBack = (options: UpdateOptions): Promise<Switched | BundleRefusal> =>
  exclusively(options, async () => {
    const before = await readPointer(options.directory)
    const outcome = await goBack(options, before, options.keys)
    const last = await readAttempt(options.directory)
    await note(options, 'rollback', outcome, last?.etag)
    return outcome
  })

export const nameOf = (source: Source): string => (source.kind === 'file' ? source.path : source.url)

async function exclusively<Outcome>(
  { directory }: UpdateOptions,
  work: () => Promise<Outcome | BundleRefusal>,
): Promise<Outcome | BundleRefusal> {
  let release: (() => void) | undefined
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    release = lockBundles(directory)
    return release === undefined ? refuse('busy', 'another update is at work') : await work()
  } catch (error) {
    return refuse('storage', (error as Error).message)
  } finally {
    release?.()
  }
}

/** Whoever asks by hand wants to see what is wrong once more; a schedule does not. */
function knownTag({ source, force, patient }: Wish, last: Attempt | undefined): { etag?: string } {
  const same = source.kind === 'url' && last?.from === source.url && last.etag !== undefined
  return same && !force && (patient || last.outcome !== 'refused') ? { etag: last.etag! } : {}
}

/** A full disk or a lost connection says nothing about the bundle: it is fetched again. */
const conclusive = (outcome: UpdateOutcome): boolean =>
  outcome.kind !== 'refused' || !['storage', 'unreachable', 'not-taken'].includes(outcome.reason)

async function judge(
  options: UpdateOptions,
  { force }: Wish,
  fetched: Fetched | BundleRefusal,
  before: PointerRead,
  last: Attempt | undefined,
): Promise<UpdateOutcome> {
  if (fetched.kind === 'refused') return fetched
  if (fetched.kind === 'unchanged') return stillTheSame(options, last)
  const bundle = decodeBundle(fetched.octets, options.keys)
  if (bundle.kind === 'refused') return bundle
  if (!force && (await isInForce(options, bundle, before)))
    return unchanged(options, `bundle ${bundle.manifest.sequence} is in force already`)
  if (before.kind === 'damaged' && !force)
    return refuse(
      'storage',
      'the file that says which bundle is in force is damaged; --force makes a new one',
    )
  const known =
    before.kind === 'pointer'
      ? { name: before.pointer.name, highest: before.pointer.highest }
      : { name: undefined, highest: 0 }
  const refusal = refusalOf(bundle.manifest, known, { ...options, force })
  return refusal ?? install(options, bundle, before)
}

/** What was refused is still refused, and whoever asks how things are shall see it. */
async function stillTheSame(options: UpdateOptions, last: Attempt | undefined): Promise<UpdateOutcome> {
  const reason = (Object.keys(refusalReasons) as RefusalReason[]).find(name => name === last?.reason)
  return last?.outcome === 'refused' && reason !== undefined
    ? refuse(reason, last.sentence)
    : unchanged(options, 'the mirror has nothing new since the last update')
}

/** An update before may have been cut when the gateway was to take over; it knows whether it has what is on disk. */
async function unchanged({ takeOver }: UpdateOptions, sentence: string): Promise<Unchanged | BundleRefusal> {
  const taken = await takeOver()
  return taken.kind === 'refused' ? refuse('not-taken', taken.sentence) : { kind: 'unchanged', sentence }
}

/** The same manifest, unharmed on disk. */
async function isInForce(
  { directory, keys }: UpdateOptions,
  { manifest }: Bundle,
  before: PointerRead,
): Promise<boolean> {
  if (before.kind !== 'pointer') return false
  const opened = await openInstalled(directory, before.pointer.current, keys)
  return opened.kind === 'installed' && JSON.stringify(opened.manifest) === JSON.stringify(manifest)
}

/** Without it the next update asks for more than it needs to, which is no reason to call this one a failure. */
async function note(
  { directory, now }: UpdateOptions,
  from: string,
  outcome: UpdateOutcome,
  etag: string | undefined,
): Promise<void> {
  const attempt = { at: now, from, ...(etag !== undefined && { etag }), ...toldOf(outcome) }
  // What became of the update stands already; a note of it that cannot be written makes it no other.
  await writeAttempt(directory, attempt).catch(() => {})
}

function toldOf(outcome: UpdateOutcome): Pick<Attempt, 'outcome' | 'reason' | 'sentence'> {
  switch (outcome.kind) {
    case 'refused':
      return { outcome: 'refused', reason: outcome.reason, sentence: outcome.sentence }
    case 'unchanged':
      return { outcome: 'unchanged', sentence: outcome.sentence }
    case 'switched':
      return { outcome: 'installed', sentence: `bundle ${outcome.manifest.sequence} is in force` }
  }
}
