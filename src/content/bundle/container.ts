/**
 * A bundle as octets: a signature, the manifest that it signs, and the files in the order of the manifest.
 *
 *     0   "SLUICEB1"
 *     8   length of the manifest, 32 bits, little-endian
 *    12   Ed25519 signature of the octets of the manifest, 64 octets
 *    76   manifest, JSON
 *         each file, one behind the other
 *
 * A form of our own because it needs no reader that could be tricked: there are no names, paths, links, owners, padding,
 * compression or second index outside the signed manifest, and nothing of an archive is parsed before its signature is known
 * to be right. The manifest has the size and SHA-256 of each file, so that its signature covers every octet.
 *
 * Promises: octets become a bundle or a refusal, never an exception; each changed, missing or added octet is a refusal.
 */
import { createHash } from 'node:crypto'
import { type PublicKey, type SecretKey, signatureSize, signerOf } from './keys.ts'
import {
  type FileEntry,
  largestContent,
  largestManifest,
  type Manifest,
  readManifest,
  writeManifest,
} from './manifest.ts'
import { type BundleRefusal, refuse } from './refusal.ts'

export interface BundleFile {
  readonly name: string
  readonly octets: Uint8Array
}

export interface Bundle {
  readonly kind: 'bundle'
  readonly manifest: Manifest
  readonly files: readonly BundleFile[]
  /** Octets of the manifest as they were signed. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  readonly signer: PublicKey
}

const magic = Buffer.from('SLUICEB1')
const headSize = magic.length + 4 + signatureSize

/** Octets of a whole bundle. */
export const largestBundle = headSize + largestManifest + largestContent

export type Draft = Omit<Manifest, 'files'> & { readonly files: readonly BundleFile[] }

/** Throws a RangeError for what no reader would take. */
export function encodeBundle({ files, ...facts }: Draft, key: SecretKey): Buffer {
  const signed = writeManifest({ ...facts, files: files.map(entryOf) })
  const read = readManifest(signed)
  if (typeof read === 'string') throw new RangeError(`This cannot be a bundle: ${read}.`)
  if (signed.length > largestManifest) throw new RangeError('This cannot be a bundle: it has too many files.')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(signed.length)
  return Buffer.concat([magic, length, key.sign(signed), signed, ...files.map(({ octets }) => octets)])
}

const entryOf = ({ name, octets }: BundleFile): FileEntry => ({
  name,
  size: octets.length,
  sha256: hashOf(octets),
})

export const hashOf = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex')

export function decodeBundle(octets: Buffer, keys: readonly PublicKey[]): Bundle | BundleRefusal {
  if (octets.length > largestBundle) return refuse('malformed', 'it is larger than a bundle may be')
  if (octets.length < headSize || !octets.subarray(0, magic.length).equals(magic))
    return refuse('malformed', 'it is no bundle')
  const length = octets.readUInt32LE(magic.length)
  const end = headSize + length
  if (length > largestManifest || end > octets.length)
    return refuse('malformed', 'its manifest is not complete')
  const signature = octets.subarray(headSize - signatureSize, headSize)
  const opened = openManifest(octets.subarray(headSize, end), signature, keys)
  if (opened.kind === 'refused') return opened
  return withFiles(opened, octets.subarray(end))
}

export type OpenedManifest = Omit<Bundle, 'kind' | 'files'> & { readonly kind: 'manifest' }

/** Also for what is installed, whose manifest and signature lie beside the files. */
export function openManifest(
  signed: Uint8Array,
  signature: Uint8Array,
  keys: readonly PublicKey[],
): OpenedManifest | BundleRefusal {
  if (keys.length === 0) return refuse('untrusted', 'no key is trusted: name one in updates.keys')
  const signer = signature.length === signatureSize ? signerOf(signed, signature, keys) : undefined
  if (signer === undefined)
    return refuse('untrusted', 'it was not signed by a key that is trusted, or was changed since')
  const manifest = readManifest(signed)
  if (typeof manifest === 'string') return refuse('malformed', manifest)
  return { kind: 'manifest', manifest, signed, signature, signer }
}

function withFiles(opened: OpenedManifest, content: Buffer): Bundle | BundleRefusal {
  const { manifest } = opened
  const size = manifest.files.reduce((sum, file) => sum + file.size, 0)
  if (size !== content.length)
    return refuse('damaged', `its files have ${content.length} octets and should have ${size}`)
  const files: BundleFile[] = []
  let at = 0
  for (const { name, size, sha256 } of manifest.files) {
    const octets = content.subarray(at, at + size)
    at += size
    if (hashOf(octets) !== sha256) return refuse('damaged', `${name} was changed since it was signed`)
    files.push({ name, octets })
  }
  return { ...opened, kind: 'bundle', files }
}
