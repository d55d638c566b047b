/**
 * What is known of single expressions from earlier times, so that a change of one rule does not try all others again.
 *
 * Promises: an entry counts for the same expression, library, processor and limits only; a ledger that cannot be read or
 * written costs time, nothing else.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegexPattern } from '#scanner/pattern.ts'
import { replaceFile } from './cache.ts'
import type { TriedPattern } from './child.ts'

export type Trial = Omit<TriedPattern, 'pattern'>

export interface Ledger {
  get(pattern: RegexPattern): Trial | undefined
  set(pattern: RegexPattern, trial: Trial): void
  /** Nothing when there is nothing new. */
  save(): Promise<void>
}

const mostEntries = 50_000

/** `identity` is what the entries depend on beside the expression. Without a directory it is forgotten at the end. */
export async function openLedger(
  directory: string | undefined,
  identity: readonly unknown[],
): Promise<Ledger> {
  const name = `tried-${digest(identity)}.json`
  const entries = await readEntries(directory, name)
  let changed = false
  return {
    get: pattern => entries.get(digestOf(pattern)),
    set(pattern, trial) {
      entries.set(digestOf(pattern), trial)
      changed = true
    },
    async save() {
      if (directory === undefined || !changed) return
      const newest = [...entries].slice(-mostEntries)
      await mkdir(directory, { recursive: true, mode: 0o700 })
        .then(() => replaceFile(directory, name, Buffer.from(JSON.stringify(newest))))
        .catch(() => {})
    },
  }
}

async function readEntries(directory: string | undefined, name: string): Promise<Map<string, Trial>> {
  if (directory === undefined) return new Map()
  try {
    return new Map(JSON.parse(await readFile(join(directory, name), 'utf8')))
  } catch {
    return new Map()
  }
}

/** Zones do not matter for what an expression costs, but octets and texts differ. */
const digestOf = ({ source, caseless, dotall, multiline, unicode, every, zones }: RegexPattern): string =>
  digest([
    source,
    caseless,
    dotall,
    multiline,
    unicode,
    every === true,
    zones.map(zone => zone === 'attachment' || zone === 'wire'),
  ])

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)
