/**
 * What `sluice bundle verify` says of a file: its signature, its manifest, and whether what it carries can be used here.
 *
 * Nothing of it is written but to a private folder for the time of the check, and that only when the signature is right.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { explainProblems } from '#config/explain.ts'
import { findConfigurationFile, loadConfiguration } from '#config/load.ts'
import { dayOf } from '#content/bundle/admit.ts'
import { wrongWith } from '#content/bundle/check.ts'
import { type Bundle, decodeBundle } from '#content/bundle/container.ts'
import { fetchBundle } from '#content/bundle/fetch.ts'
import { installedAs, writeBundle } from '#content/bundle/installed.ts'
import { type PublicKey, readPublicKey } from '#content/bundle/keys.ts'
import { kindOf } from '#content/bundle/manifest.ts'
import type { BundleRefusal } from '#content/bundle/refusal.ts'

export interface BundleOptions {
  readonly key?: readonly string[]
  readonly config?: string
  readonly json?: boolean
}

export interface Inspected {
  readonly status: 0 | 1
  readonly text: string
}

/** Rejects with a sentence when the keys cannot be read. */
export async function inspectBundle(file: string, options: BundleOptions): Promise<Inspected> {
  const keys = options.key === undefined ? await configuredKeys(options.config) : options.key.map(namedKey)
  const fetched = await fetchBundle({ kind: 'file', path: file })
  if (fetched.kind !== 'octets') return refused(file, fetched as BundleRefusal, options)
  const bundle = decodeBundle(fetched.octets, keys)
  if (bundle.kind === 'refused') return refused(file, bundle, options)
  const wrong = await tryOut(bundle)
  return wrong === undefined
    ? { status: 0, text: options.json ? asJson(file, bundle) : asText(file, bundle) }
    : refused(file, { kind: 'refused', reason: 'unusable', sentence: wrong }, options)
}

async function configuredKeys(config: string | undefined): Promise<readonly PublicKey[]> {
  const loaded = await loadConfiguration({ file: config ?? findConfigurationFile() })
  if (loaded.kind === 'invalid')
    throw new Error(
      `The configuration does not say whom to trust; name a key with --key.\n${explainProblems(loaded.problems).trimEnd()}`,
    )
  return loaded.configuration.updates.keys.map(namedKey)
}

/** A key as it is printed, or a file that holds one. */
function namedKey(text: string): PublicKey {
  const key = readPublicKey(text)
  if (typeof key !== 'string') return key
  const read = readPublicKey(readFileSync(text, 'utf8').trim())
  if (typeof read === 'string') throw new Error(`${text}: ${read}.`)
  return read
}

async function tryOut(bundle: Bundle): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bundle-'))
  try {
    const path = join(folder, 'content')
    await writeBundle(path, bundle, () => {})
    return await wrongWith(installedAs(path, '', bundle.manifest))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const refused = (file: string, { reason, sentence }: BundleRefusal, { json }: BundleOptions): Inspected => ({
  status: 1,
  text: json
    ? `${JSON.stringify({ file, valid: false, reason, sentence })}\n`
    : `${file}: the bundle is refused: ${sentence}.\n`,
})

function asJson(file: string, { manifest, signer }: Bundle): string {
  const { created, expires, ...rest } = manifest
  const dates = { created: new Date(created).toISOString(), expires: new Date(expires).toISOString() }
  return `${JSON.stringify({ file, valid: true, signer: signer.text, ...rest, ...dates })}\n`
}

function asText(file: string, { manifest, signer }: Bundle): string {
  const { name, sequence, created, expires, minimumVersion, files } = manifest
  const over = expires <= Date.now() ? ', which is over' : ''
  return [
    `${file}: bundle ${sequence} of ${name}, made on ${dayOf(created)}`,
    `  signed by   ${signer.text}`,
    `  until       ${dayOf(expires)}${over}`,
    `  for         Sluice ${minimumVersion} and newer`,
    ...files.map(each => `  ${kindOf(each.name)!.padEnd(13)}${each.name}, ${each.size} octets`),
    '',
  ].join('\n')
}
