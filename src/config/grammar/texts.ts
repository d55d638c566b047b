/**
 * The smaller grammars: paths of files, fingerprints of certificates.
 */
import { type Flaw, flaw } from '#config/grammar/reading.ts'
import { written } from '#config/grammar/written.ts'

export function readPath(text: string): string | Flaw {
  if (text === '') return flaw('is not a path')
  if (text.startsWith('~')) return flaw('begins with ~, which only a shell expands', 'write the whole path')
  return Buffer.byteLength(text) > 4_000 ? flaw('is longer than a path may be') : text
}

/** SHA-256 of the DER certificate; colons as openssl prints them are taken out. */
export function readFingerprint(text: string): string | Flaw {
  const hex = text.replaceAll(':', '').toLowerCase()
  if (/^[0-9a-f]{64}$/.test(hex)) return hex
  if (/^[0-9a-f]{40}$/.test(hex))
    return flaw('is a SHA-1 fingerprint', 'openssl x509 -noout -fingerprint -sha256 -in FILE')
  return flaw('is not a SHA-256 fingerprint of 64 hexadecimal digits')
}

export const path = () => written(readPath)
export const fingerprint = () => written(readFingerprint)
