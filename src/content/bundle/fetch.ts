/**
 * A bundle from a file or from a mirror.
 *
 * A mirror needs no trust: signature, number and expiry of a bundle are judged by whoever reads it. It is asked with the
 * ETag of the answer before, so that a bundle travels once. // RFC 9110 §13.1.2
 * Promises: never more octets in memory than a bundle may have, however long the answer says or is; an end after a time
 * limit, however slowly it comes; a failure is a sentence.
 */
import { open } from 'node:fs/promises'
import { printable } from '#config/grammar/reading.ts'
import { largestBundle } from './container.ts'
import { type BundleRefusal, refuse } from './refusal.ts'

export type Source =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }

export interface FetchOptions {
  /** Of the answer before: a mirror that still has the same says no more than that. */
  readonly etag?: string
  /** Milliseconds for the whole answer. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

export type Fetched =
  | { readonly kind: 'octets'; readonly octets: Buffer; readonly etag?: string }
  | { readonly kind: 'unchanged' }

const usualTimeout = 120_000
const longestEtag = 256

export function readSource(text: string): Source {
  return /^https?:\/\//i.test(text) ? { kind: 'url', url: text } : { kind: 'file', path: text }
}

export const fetchBundle = (source: Source, options: FetchOptions = {}): Promise<Fetched | BundleRefusal> =>
  source.kind === 'file' ? fromFile(source.path) : fromMirror(source.url, options)

async function fromFile(path: string): Promise<Fetched | BundleRefusal> {
  try {
    const file = await open(path)
    try {
      const facts = await file.stat()
      if (!facts.isFile()) return refuse('unreachable', `${path} is no file`)
      if (facts.size > largestBundle) return refuse('malformed', 'it is larger than a bundle may be')
      return { kind: 'octets', octets: await file.readFile() }
    } finally {
      await file.close()
    }
  } catch (error) {
    return refuse('unreachable', (error as Error).message)
  }
}

async function fromMirror(
  url: string,
  { etag, timeout = usualTimeout, signal }: FetchOptions,
): Promise<Fetched | BundleRefusal> {
  const limit = AbortSignal.timeout(timeout)
  try {
    const response = await fetch(url, {
      // Compressed, a small answer could become a large one.
      headers: { 'accept-encoding': 'identity', ...(etag !== undefined && { 'if-none-match': etag }) },
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    })
    return await fromResponse(url, response, etag)
  } catch (error) {
    return refuse(
      'unreachable',
      limit.aborted ? `${url} took longer than ${timeout / 1_000} s` : why(url, error),
    )
  }
}

async function fromResponse(
  url: string,
  response: Response,
  etag: string | undefined,
): Promise<Fetched | BundleRefusal> {
  if (response.status === 304 && etag !== undefined) return { kind: 'unchanged' }
  if (response.status !== 200) {
    await response.body?.cancel()
    return refuse('unreachable', `${url} answers ${response.status}`)
  }
  const octets = await read(response)
  if (octets === undefined) return refuse('malformed', `${url} gives more than a bundle may have`)
  const tag = response.headers.get('etag')
  return { kind: 'octets', octets, ...(tag !== null && tag.length <= longestEtag && { etag: tag }) }
}

/** undefined: too much. */
async function read({ body }: Response): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  // Leaving the loop early cancels the body.
  for await (const piece of body ?? []) {
    size += piece.length
    if (size > largestBundle) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** What fetch says itself is "fetch failed"; its cause knows why. */
function why(url: string, error: unknown): string {
  const { cause, message } = error as Error & { readonly cause?: Error }
  return `${url} cannot be reached: ${printable(cause?.message || message)}`
}
