/**
 * The model of the site on disk: the shipped one with the correction added, an ordinary model file beside a note of what it
 * was made from.
 *
 * Promises: `site.model` appears whole or not at all, and who has the old one open keeps it; the one before stays as
 * `previous.model`. A rollback takes it back, and a second one undoes the first. Of a shipped model that has since been
 * replaced nothing is used: the correction was made for its weights.
 * Leaves out: telling the engine to open it.
 */
import { createHash } from 'node:crypto'
import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Learned } from '#content/spam/learning/batches.ts'
import { encodeReport } from '#content/spam/learning/record.ts'
import type { ModelContent, ModelWeights } from '#scanner/features/model-content.ts'
import { readModel, writeModel } from '#scanner/features/model-file.ts'
import { groupTables } from '#scanner/features/model-numbers.ts'

const [siteName, previousName] = ['site.model', 'previous.model'] as const

export const siteModelPath = (folder: string): string => join(folder, siteName)

/** The same lessons on the same model give the same file; false when it is there already. */
export async function writeSiteModel(folder: string, base: ModelContent, learned: Learned): Promise<boolean> {
  const model = corrected(base, learned)
  const there = await readModel(siteModelPath(folder))
  if ('content' in there && Buffer.compare(there.content.facts.training, model.facts.training) === 0)
    return false
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await keepPrevious(folder)
  // Steps of int8 would move with the largest weight, and all others with them.
  await writeModel(siteModelPath(folder), model, base.numbers === 'int8' ? 'float16' : base.numbers)
  return true
}

function corrected(base: ModelContent, learned: Learned): ModelWeights {
  const tables = groupTables(base)
  const { bits } = base.facts.options
  const numbers = (of: (group: number, slot: number) => number) =>
    bits.map((each, group) => Float32Array.from({ length: 2 ** each }, (_, slot) => of(group, slot)))
  const { correction } = learned
  return {
    facts: {
      ...base.facts,
      name: siteModelName(base.facts.training),
      training: trainingOf(base, learned),
    },
    weights: numbers((group, slot) => tables[group]!.weight(slot) + (correction[group]![slot] ?? 0)),
    ...(base.scaled && { scales: numbers((group, slot) => tables[group]!.scale(slot)) }),
  }
}

/** The name says which model was corrected, for whoever opens it. */
export const siteModelName = (training: Uint8Array): string =>
  `model ${Buffer.from(training).toString('hex', 0, 8)}, corrected by reports of this site`

function trainingOf({ facts }: ModelContent, { lessons }: Learned): Uint8Array {
  const hash = createHash('sha256').update(facts.training)
  for (const { message, spam, weight } of lessons)
    hash.update(encodeReport(message.report)).update(`${spam} ${weight}`)
  return new Uint8Array(hash.digest())
}

async function keepPrevious(folder: string): Promise<void> {
  const unfinished = join(folder, `${previousName}.new`)
  await rm(unfinished, { force: true })
  try {
    await link(siteModelPath(folder), unfinished)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return
    // A file system without hard links.
    await copyFile(siteModelPath(folder), unfinished)
  }
  await rename(unfinished, join(folder, previousName))
}

export type RolledBack = 'previous' | 'shipped' | 'nothing'

/** To the model before, or, where there was none, to the shipped one. */
export async function rollBack(folder: string): Promise<RolledBack> {
  const [site, previous, aside] = [siteName, previousName, `${previousName}.aside`].map(name =>
    join(folder, name),
  )
  const held = await moved(site!, aside!)
  const restored = await moved(previous!, site!)
  if (held) await rename(aside!, previous!)
  return restored ? 'previous' : held ? 'shipped' : 'nothing'
}

const moved = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )

/** What the filter is to open: the model of the site where it was made from this one, else the shipped one itself. */
export async function modelInForce(folder: string, shipped: string): Promise<string> {
  const [base, site] = [await readModel(shipped), await readModel(siteModelPath(folder))]
  if (!('content' in base) || !('content' in site)) return shipped
  return site.content.facts.name === siteModelName(base.content.facts.training)
    ? siteModelPath(folder)
    : shipped
}
