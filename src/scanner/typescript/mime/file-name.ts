/**
 * Names of files that deceive a reader or a program.
 */
import type { ZoneStreams } from '#scanner/typescript/sink.ts'

/** Of a longer name the end is kept: that is where its type stands. */
export const longestFileName = 4_096

/** Controls, characters without width, bidirectional controls, and what separates folders. */
const odd = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff/\\]/u

/**
 * Whether a name in UTF-8 has control characters, characters without width, bidirectional controls, a path, or white space
 * or dots where systems drop them: at its end.
 */
export function hasOddCharacters(name: Buffer): boolean {
  const text = name.toString()
  return /^ |[. ]$/.test(text) || odd.test(text)
}

/** The record of a part in zone filename; none for a part without a name. */
export function writeFileName(zones: ZoneStreams, part: number, name: Uint8Array): void {
  if (name.length === 0) return
  zones.write('filename', part, name)
  zones.endRecord('filename', part)
  zones.end('filename', part)
}
