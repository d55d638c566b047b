/**
 * Puts a bundle, whose signature is known to be right, in the place of the one before it.
 *
 * The steps: its files are written to a folder beside; its rules are compiled and tried there; the folder gets its name; one
 * small file is replaced that says which folder counts; the running gateway takes over. Promises: cut at any point, the old
 * bundle counts or the new one, never some of each, and the next update clears up what is left; what fails after the switch is
 * switched back.
 */
import { randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bundle } from './container.ts'
import { syncDirectory } from './durable.ts'
import { type InstalledBundle, installedAs, openInstalled, writeBundle } from './installed.ts'
import type { PublicKey } from './keys.ts'
import type { Manifest } from './manifest.ts'
import { isFolderName, type Pointer, type PointerRead, writePointer } from './pointer.ts'
import { type BundleRefusal, refuse } from './refusal.ts'

/** What the running gateway says; `absent` when none runs, which is as good. */
export type TakeOver =
  | { readonly kind: 'taken' | 'absent' }
  | { readonly kind: 'refused'; readonly sentence: string }

export interface Site {
  /** The directory of bundles, which is there and locked. */
  readonly directory: string
  /** Why a bundle on disk cannot be used; without a full stop. */
  check(bundle: InstalledBundle): Promise<string | undefined>
  takeOver(): Promise<TakeOver>
  /** Told before each change on disk; for tests. */
  onStep?(): void
}

export interface Switched {
  readonly kind: 'switched'
  readonly manifest: Manifest
  /** Whether a running gateway has it. */
  readonly running: boolean
}

export async function install(
  site: Site,
  bundle: Bundle,
  before: PointerRead,
): Promise<Switched | BundleRefusal> {
  const { directory, onStep = () => {} } = site
  const staged = join(directory, `staged-${randomUUID()}`)
  try {
    await tidy(site, before)
    await writeBundle(staged, bundle, onStep)
    const wrong = await site.check(installedAs(staged, '', bundle.manifest))
    if (wrong !== undefined) {
      await rm(staged, { recursive: true, force: true })
      return refuse('unusable', wrong)
    }
    const folder = await freeName(directory, bundle.manifest.sequence)
    onStep()
    await rename(staged, join(directory, folder))
    await syncDirectory(directory)
    return await switchTo(site, nextPointer(folder, bundle.manifest, before), bundle.manifest, before)
  } catch (error) {
    await rm(staged, { recursive: true, force: true }).catch(() => {})
    return refuse('storage', (error as Error).message)
  }
}

/** A series that takes the place of another counts anew. */
function nextPointer(current: string, { name, sequence }: Manifest, before: PointerRead): Pointer {
  if (before.kind !== 'pointer') return { current, name, highest: sequence }
  const { pointer } = before
  const highest = pointer.name === name ? Math.max(pointer.highest, sequence) : sequence
  return { current, previous: pointer.current, name, highest }
}

/** Rejects when the disk does. */
async function switchTo(
  site: Site,
  pointer: Pointer,
  manifest: Manifest,
  before: PointerRead,
): Promise<Switched | BundleRefusal> {
  const { directory, onStep = () => {} } = site
  onStep()
  await writePointer(directory, pointer)
  onStep()
  const taken = await site.takeOver().catch(error => ({
    kind: 'refused' as const,
    sentence: (error as Error).message,
  }))
  if (taken.kind === 'refused') {
    await switchBack(directory, pointer, before)
    return refuse('not-taken', taken.sentence)
  }
  // The bundle is in force; what an old one leaves behind is tidied before the next.
  await tidy(site, { kind: 'pointer', pointer }).catch(() => {})
  return { kind: 'switched', manifest, running: taken.kind === 'taken' }
}

async function switchBack(directory: string, { current }: Pointer, before: PointerRead): Promise<void> {
  if (before.kind === 'pointer') await writePointer(directory, before.pointer)
  else await rm(join(directory, 'in-force.json'), { force: true })
  if (before.kind !== 'pointer' || ![before.pointer.current, before.pointer.previous].includes(current))
    await rm(join(directory, current), { recursive: true, force: true })
}

/** The bundle before the present one is in force again. What went out of force keeps its number from coming back by itself. */
export async function goBack(
  site: Site,
  before: PointerRead,
  keys: readonly PublicKey[],
): Promise<Switched | BundleRefusal> {
  const pointer = before.kind === 'pointer' ? before.pointer : undefined
  if (pointer?.previous === undefined) return refuse('none', 'there is no bundle before this one')
  const opened = await openInstalled(site.directory, pointer.previous, keys)
  if (opened.kind === 'refused') return opened
  const wrong = await site.check(opened)
  if (wrong !== undefined) return refuse('unusable', wrong)
  const { name, highest } = pointer
  const { manifest } = opened
  const next = {
    current: pointer.previous,
    name: manifest.name,
    highest: name === manifest.name ? highest : manifest.sequence,
  }
  try {
    return await switchTo(site, next, manifest, before)
  } catch (error) {
    return refuse('storage', (error as Error).message)
  }
}

/** A bundle that is installed anew does not touch its folder, which may be in force. */
async function freeName(directory: string, sequence: number): Promise<string> {
  const taken = new Set(await readdir(directory))
  for (let copy = 0; ; copy++) {
    const name = copy === 0 ? String(sequence) : `${sequence}.${copy}`
    if (!taken.has(name)) return name
  }
}

/** Removes what an update that was cut left behind, and bundles that nobody goes back to. */
async function tidy({ directory, onStep = () => {} }: Site, read: PointerRead): Promise<void> {
  // Without knowing what counts, nothing is removed.
  if (read.kind === 'damaged') return
  const kept = read.kind === 'pointer' ? [read.pointer.current, read.pointer.previous] : []
  for (const name of await readdir(directory)) {
    const ours = isFolderName(name) || /^(?:staged-|in-force\.json\.)/.test(name)
    if (!ours || kept.includes(name)) continue
    onStep()
    await rm(join(directory, name), { recursive: true, force: true })
  }
}
