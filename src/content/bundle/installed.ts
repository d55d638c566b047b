/**
 * Bundles as they lie on disk: a folder each with the manifest, its signature and the files.
 *
 * Promises: nothing in a folder is used before signature and checksums were found right again, by the keys that are trusted
 * now: a key that is taken out of the configuration takes its bundles out of force, and a damaged disk does not make half a
 * set of rules.
 * Leaves out: how they come there (`install.ts`).
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bundle, hashOf, openManifest } from './container.ts'
import { syncDirectory, writeNew } from './durable.ts'
import type { PublicKey } from './keys.ts'
import { type FileKind, kindOf, type Manifest } from './manifest.ts'
import { readPointer } from './pointer.ts'
import { type BundleRefusal, refuse } from './refusal.ts'

export interface InstalledBundle {
  readonly kind: 'installed'
  readonly folder: string
  readonly manifest: Manifest
  /** Paths, in the order of the manifest. */
  readonly lexicons: readonly string[]
  readonly spamassassin: readonly string[]
  readonly model: string | undefined
}

// No file of a bundle can have these names: theirs end otherwise.
const manifestName = 'manifest.json'
const signatureName = 'manifest.sig'

/** `onStep` is told before each change on disk; for tests. */
export async function writeBundle(path: string, bundle: Bundle, onStep: () => void): Promise<void> {
  onStep()
  await mkdir(path, { mode: 0o700 })
  const files = [
    ...bundle.files,
    { name: signatureName, octets: bundle.signature },
    { name: manifestName, octets: bundle.signed },
  ]
  for (const { name, octets } of files) {
    onStep()
    await writeNew(join(path, name), octets)
  }
  await syncDirectory(path)
}

export async function openInstalled(
  directory: string,
  folder: string,
  keys: readonly PublicKey[],
): Promise<InstalledBundle | BundleRefusal> {
  const path = join(directory, folder)
  try {
    const signed = await readFile(join(path, manifestName))
    const opened = openManifest(signed, await readFile(join(path, signatureName)), keys)
    if (opened.kind === 'refused') return opened
    for (const { name, sha256 } of opened.manifest.files)
      if (hashOf(await readFile(join(path, name))) !== sha256)
        return refuse('damaged', `${name} was changed since it was installed`)
    return installedAs(path, folder, opened.manifest)
  } catch (error) {
    return refuse('damaged', `its files cannot be read: ${(error as Error).message}`)
  }
}

export function installedAs(path: string, folder: string, manifest: Manifest): InstalledBundle {
  const of = (kind: FileKind) =>
    manifest.files.filter(({ name }) => kindOf(name) === kind).map(({ name }) => join(path, name))
  return {
    kind: 'installed',
    folder,
    manifest,
    lexicons: of('lexicon'),
    spamassassin: of('spamassassin'),
    model: of('model')[0],
  }
}

export interface Candidate {
  readonly folder: string
  readonly opened: InstalledBundle | BundleRefusal
}

export interface Candidates {
  /** The bundle in force first, then the one before it; empty when there is none, or no key is trusted. */
  readonly bundles: readonly Candidate[]
  /** What is wrong with the directory itself, without a full stop. */
  readonly trouble?: string
}

/** What can be put in force, best first. */
export async function candidates(directory: string, keys: readonly PublicKey[]): Promise<Candidates> {
  const read = keys.length === 0 ? ({ kind: 'none' } as const) : await readPointer(directory)
  if (read.kind === 'none') return { bundles: [] }
  if (read.kind === 'damaged')
    return { bundles: [], trouble: `the file that says which bundle is in force is damaged (${directory})` }
  const { current, previous } = read.pointer
  const bundles: Candidate[] = []
  for (const folder of previous === undefined ? [current] : [current, previous])
    bundles.push({ folder, opened: await openInstalled(directory, folder, keys) })
  return { bundles }
}
