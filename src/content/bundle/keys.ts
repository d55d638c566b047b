/**
 * The keys of bundles: Ed25519 (RFC 8032), through Node's own cryptography.
 *
 * A public key is written as 44 characters, the base64 of its 32 octets, which fits a line of the configuration. A private key
 * is a PEM file (PKCS #8), as `openssl genpkey -algorithm ed25519` makes it too.
 * Promises: a text or file that is no such key is a sentence, never an exception.
 * Leaves out: which keys are trusted, which the configuration says.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

/** 44 characters that the configuration accepted. */
export type PublicKeyText = string

export interface PublicKey {
  readonly text: PublicKeyText
  readonly key: KeyObject
}

export interface KeyPair {
  /** PEM. */
  readonly secret: string
  readonly text: PublicKeyText
}

export const signatureSize = 64

export function createKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return { secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), text: textOf(publicKey) }
}

/** RFC 8037 §2: the `x` of a JWK is the 32 octets of RFC 8032 §5.1.2. */
const textOf = (key: KeyObject): PublicKeyText =>
  Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url').toString('base64')

/** A key, or a sentence without its full stop. */
export function readPublicKey(text: string): PublicKey | string {
  const octets = Buffer.from(text, 'base64')
  if (octets.length !== 32 || octets.toString('base64') !== text)
    return 'a public key is 44 characters of base64, as "sluice bundle key" prints it'
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: octets.toString('base64url') }
    return { text, key: createPublicKey({ key: jwk, format: 'jwk' }) }
  } catch {
    return 'that is no public key'
  }
}

export interface SecretKey {
  readonly text: PublicKeyText
  /** RFC 8032 §5.1.6. */
  sign(octets: Uint8Array): Buffer
}

export function readSecretKey(pem: string): SecretKey | string {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType !== 'ed25519') return 'it is no Ed25519 key'
    return { text: textOf(createPublicKey(key)), sign: octets => sign(null, octets, key) }
  } catch {
    return 'it holds no private key in PEM form, or one with a passphrase'
  }
}

/** Which of the keys has signed these octets. */ // RFC 8032 §5.1.7
export const signerOf = (
  octets: Uint8Array,
  signature: Uint8Array,
  keys: readonly PublicKey[],
): PublicKey | undefined => keys.find(({ key }) => verify(null, octets, key, signature))
