/**
 * Which of the installed bundles is in force: one small file, replaced whole, so that the switch from one bundle to the next
 * has no half.
 *
 * Promises: a file that is damaged is told apart from none: with it the highest number is lost, which keeps old bundles out.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from './durable.ts'
import { isSeriesName } from './manifest.ts'

export interface Pointer {
  /** Folder below the directory of bundles. */
  readonly current: string
  /** The one that `--rollback` goes back to. */
  readonly previous?: string
  readonly name: string
  /** Highest sequence number of this series that was ever in force. */
  readonly highest: number
}

export type PointerRead =
  | { readonly kind: 'pointer'; readonly pointer: Pointer }
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }

const pathOf = (directory: string): string => join(directory, 'in-force.json')

/** The sequence number, and a further number where that one was there already. */
export const isFolderName = (name: unknown): name is string =>
  typeof name === 'string' && /^\d{1,16}(?:\.\d{1,4})?$/.test(name)

export async function readPointer(directory: string): Promise<PointerRead> {
  try {
    const pointer = parse(await readFile(pathOf(directory), 'utf8'))
    return pointer === undefined ? { kind: 'damaged' } : { kind: 'pointer', pointer }
  } catch (error) {
    return { kind: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'damaged' }
  }
}

/** On disk when it resolves. */
export const writePointer = (directory: string, pointer: Pointer): Promise<void> =>
  replaceFile(pathOf(directory), `${JSON.stringify(pointer)}\n`)

function parse(text: string): Pointer | undefined {
  try {
    const { current, previous, name, highest } = JSON.parse(text) as Record<string, unknown>
    if (!isFolderName(current) || (previous !== undefined && !isFolderName(previous))) return undefined
    if (typeof name !== 'string' || !isSeriesName(name)) return undefined
    if (!Number.isSafeInteger(highest) || (highest as number) < 1) return undefined
    return { current, ...(previous !== undefined && { previous }), name, highest: highest as number }
  } catch {
    return undefined
  }
}
