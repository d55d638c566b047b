/**
 * What came of the last update, kept on disk for `sluice update --status` and for the next one.
 *
 * Leaves out what is in force (`pointer.ts`): this file may be lost without harm.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from './durable.ts'

export interface Attempt {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The file or the URL. */
  readonly from: string
  readonly outcome: 'installed' | 'unchanged' | 'refused'
  /** The name of a refusal, or of none. */
  readonly reason?: string
  /** Without its full stop. */
  readonly sentence: string
  /** Of the answer of the mirror that this came from. */
  readonly etag?: string
}

const pathOf = (directory: string): string => join(directory, 'last-attempt.json')

export const writeAttempt = (directory: string, attempt: Attempt): Promise<void> =>
  replaceFile(pathOf(directory), `${JSON.stringify(attempt)}\n`)

/** undefined for none, and for one that cannot be read. */
export async function readAttempt(directory: string): Promise<Attempt | undefined> {
  try {
    const value = JSON.parse(await readFile(pathOf(directory), 'utf8')) as Partial<Attempt> | null
    const right =
      typeof value?.at === 'number' &&
      typeof value.from === 'string' &&
      typeof value.sentence === 'string' &&
      ['installed', 'unchanged', 'refused'].includes(String(value.outcome))
    return right ? (value as Attempt) : undefined
  } catch {
    return undefined
  }
}
