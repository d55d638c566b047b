/** Bundles with a key of their own, lexicons with a rule or two, and a directory to install them in. */
import { type Draft, decodeBundle, encodeBundle } from '../../../src/content/bundle/container.ts'
import type { TakeOver } from '../../../src/content/bundle/install.ts'
import { type InstalledBundle, openInstalled } from '../../../src/content/bundle/installed.ts'
import {
  createKeyPair,
  type PublicKey,
  readPublicKey,
  readSecretKey,
  type SecretKey,
} from '../../../src/content/bundle/keys.ts'
import { readPointer } from '../../../src/content/bundle/pointer.ts'
import type { UpdateOptions } from '../../../src/content/bundle/update.ts'

export interface Pair {
  readonly secret: SecretKey
  readonly open: PublicKey
  readonly pem: string
}

export function makePair(): Pair {
  const { secret: pem, text } = createKeyPair()
  return pairOf(pem, text)
}

export function pairOf(pem: string, text: string): Pair {
  const [secret, open] = [readSecretKey(pem), readPublicKey(text)]
  if (typeof secret === 'string' || typeof open === 'string') throw new Error('no key')
  return { secret, open, pem }
}

/** JSON is YAML. Its test matches, unless it shall not. */
export const lexicon = (rule: string, phrase: string, sample = `a ${phrase} here`): string =>
  JSON.stringify({
    rules: {
      [rule]: { sentence: 'A phrase of a test', weight: 2.5, any: [phrase], tests: { matches: [sample] } },
    },
  })

export const january = Date.UTC(2030, 0, 1)
const day = 86_400_000

export const draft = (
  sequence: number,
  files: Readonly<Record<string, string | Uint8Array>>,
  more: Partial<Draft> = {},
): Draft => ({
  name: 'rules',
  sequence,
  created: january,
  expires: january + 90 * day,
  minimumVersion: '0.1.0',
  files: Object.entries(files).map(([name, content]) => ({ name, octets: Buffer.from(content) })),
  ...more,
})

/** As it travels. */
export const bundleOf = (pair: Pair, sequence: number, phrase: string, more: Partial<Draft> = {}): Buffer =>
  encodeBundle(draft(sequence, { 'words.yaml': lexicon(`rule-${sequence}`, phrase) }, more), pair.secret)

export function opened(octets: Buffer, pair: Pair) {
  const bundle = decodeBundle(octets, [pair.open])
  if (bundle.kind === 'refused') throw new Error(bundle.sentence)
  return bundle
}

export interface SiteOptions {
  readonly wrong?: string
  readonly takeOver?: () => Promise<TakeOver>
  readonly onStep?: () => void
}

export const siteAt = (directory: string, pair: Pair, options: SiteOptions = {}): UpdateOptions => ({
  directory,
  keys: [pair.open],
  version: '0.1.0',
  now: january + day,
  check: async () => options.wrong,
  takeOver: options.takeOver ?? (async () => ({ kind: 'absent' })),
  ...(options.onStep !== undefined && { onStep: options.onStep }),
})

/** What a gateway that starts now would use. */
export async function inForce(directory: string, pair: Pair): Promise<InstalledBundle | undefined> {
  const read = await readPointer(directory)
  if (read.kind !== 'pointer') return undefined
  const installed = await openInstalled(directory, read.pointer.current, [pair.open])
  if (installed.kind === 'refused') throw new Error(installed.sentence)
  return installed
}
