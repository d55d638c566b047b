/**
 * Made-up messages as files, for programs without JavaScript.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { message } from '../../scanner/messages.ts'

/** A new folder with `count` messages of that seed; the caller removes it. */
export function writeMessages(count: number, seed: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-messages-'))
  for (const [index, octets] of fc.sample(message, { numRuns: count, seed }).entries())
    writeFileSync(join(folder, `${index}.eml`), octets)
  return folder
}
