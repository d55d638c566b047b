/**
 * Public keys of bundles: the base64 of the 32 octets of an Ed25519 key, as `sluice bundle key` prints it.
 *
 * Points of small order are refused: with one of them as the key anybody can make signatures that are right, and zeros are
 * what somebody writes who will put the real key there later.
 */
import { type Flaw, flaw } from '#config/grammar/reading.ts'

/** The eight points whose order divides 8, as base64. */
const weak = new Set([
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=',
  'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  '7P///////////////////////////////////////38=',
  'JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/AU=',
  'JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/IU=',
  'xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA3o=',
  'xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA/o=',
])

export function readBundleKey(text: string): string | Flaw {
  if (/PRIVATE KEY/.test(text)) return flaw('is a private key, which belongs to whoever makes bundles')
  const octets = Buffer.from(text, 'base64')
  if (octets.length !== 32 || octets.toString('base64') !== text)
    return flaw('is not a public key of 44 characters of base64', 'sluice bundle key --output NAME')
  return weak.has(text) ? flaw('is a key with which everybody can sign') : text
}
