/**
 * The hashes that features are made of: MurmurHash3 x86_32 over octets, and one that joins a kind with two hashes.
 *
 * Promises: the same as `native/src/model/hash.h`, bit for bit; results are unsigned.
 */

/** Octets, as a Uint8Array or as a string of one character an octet. */
export type Octets = Uint8Array | string

const octetAt = (octets: Octets, index: number): number =>
  typeof octets === 'string' ? octets.charCodeAt(index) & 0xff : octets[index]!

function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function mix(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51)
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593)
}

function take(hash: number, block: number): number {
  const mixed = hash ^ mix(block)
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

export function hashOf(octets: Octets, start = 0, end = octets.length): number {
  let hash = 0
  let index = start
  for (; index + 4 <= end; index += 4)
    hash = take(
      hash,
      octetAt(octets, index) |
        (octetAt(octets, index + 1) << 8) |
        (octetAt(octets, index + 2) << 16) |
        (octetAt(octets, index + 3) << 24),
    )
  let tail = 0
  for (let shift = 0; index < end; index++, shift += 8) tail |= octetAt(octets, index) << shift
  return finish(hash ^ mix(tail) ^ (end - start))
}

/** A feature: what it is about, and one or two hashes. */
export function joinHashes(kind: number, first: number, second: number): number {
  const seed = finish(Math.imul(kind, 0x9e3779b1))
  return finish(take(take(seed, first), second))
}
