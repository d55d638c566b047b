/**
 * Our side of TLS as a server: certificate, key, versions, ciphers and tickets.
 *
 * Promises: a context is made of one value that survives structured clone, so that every engine thread has the same
 * identity and the same ticket keys, and a session that began on one thread resumes on another. What cannot be used is
 * an error with a sentence, never an exception.
 * Leaves out: how a self-signed certificate is made (`self-signed.ts`), whether to offer TLS (listeners), our side as a
 * client (`delivery/`).
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import { selfSigned } from './self-signed.ts'

export interface TlsSettings {
  /** PEM files; without them a self-signed certificate is used. */
  readonly certificate?: string | undefined
  readonly key?: string | undefined
  readonly minimumVersion: 'TLSv1.2' | 'TLSv1.3'
}

/** Holds the private key: for threads of this process only, never for a log. */
export interface TlsMaterial {
  readonly kind: 'tls-material'
  /** PEM, ours first. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
  readonly minimumVersion: 'TLSv1.2' | 'TLSv1.3'
  readonly ticketKeys: Uint8Array
}

export interface TlsError {
  readonly kind: 'tls-error'
  readonly sentence: string
}

/**
 * Mozilla's intermediate list, then CBC with forward secrecy: between mail servers the choice is not between strong and
 * weak encryption but between some and none, and old Exchange servers know nothing better (RFC 7435 §3).
 */
const ciphers = [
  'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384',
].join(':')

/** Tickets are good for an hour; their keys live as long as the process, or until the next reload. */
const sessionSeconds = 3_600
const ticketKeyOctets = 48

export interface TlsOptions {
  readonly settings: TlsSettings
  readonly hostname: string
  /** Where a self-signed certificate is kept. */
  readonly directory: string
  /** 48 octets that the supervisor drew for all threads; absent: drawn now, for the one who asks. */
  readonly ticketKeys?: Uint8Array
}

export const createTicketKeys = (): Uint8Array => new Uint8Array(randomBytes(ticketKeyOctets))

/** Reads the files, or makes a self-signed certificate once: let the supervisor ask first, then the threads. */
export async function loadTls(options: TlsOptions): Promise<TlsMaterial | TlsError> {
  const { settings, hostname, directory, ticketKeys = createTicketKeys() } = options
  const pair = await readPair(settings, hostname, directory)
  if ('kind' in pair) return pair
  const { minimumVersion } = settings
  const material: TlsMaterial = { kind: 'tls-material', ...pair, minimumVersion, ticketKeys }
  const context = createTlsContext(material)
  return 'kind' in context ? context : material
}

/** For each thread. One context serves all its connections. */
export function createTlsContext(material: TlsMaterial): SecureContext | TlsError {
  try {
    return createSecureContext({
      cert: material.certificate,
      key: material.key,
      minVersion: material.minimumVersion,
      ciphers,
      honorCipherOrder: true,
      dhparam: 'auto',
      ticketKeys: Buffer.from(material.ticketKeys),
      // The same in every thread, or a resumed session with a client certificate would be refused.
      sessionIdContext: 'sluice',
      sessionTimeout: sessionSeconds,
    })
  } catch (error) {
    return tlsError(`Certificate and key cannot be used: ${(error as Error).message}.`)
  }
}

const tlsError = (sentence: string): TlsError => ({ kind: 'tls-error', sentence })

async function readPair(
  { certificate, key }: TlsSettings,
  hostname: string,
  directory: string,
): Promise<{ readonly certificate: string; readonly key: string } | TlsError> {
  if (certificate === undefined || key === undefined) {
    const made = await selfSigned(hostname, directory)
    return typeof made === 'string' ? tlsError(made) : made
  }
  try {
    return { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
  } catch (error) {
    return tlsError(`Certificate and key cannot be read: ${(error as Error).message}.`)
  }
}
