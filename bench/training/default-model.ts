/**
 * Trains the default model and tells what it is worth, as the tables of MODEL.md:
 *
 *   node bench/training/default-model.ts PACK [MEASURED]
 *
 * PACK is a folder with `manifest.tsv` (file, label, subset, year) and the mails that it names. MEASURED is another, of mail
 * that is only looked at: nothing of it goes into the model. Promises: the same pack gives the same file.
 *
 * What is held back together: a mailing list as a whole, ham and spam; of all other mail, the mail of one sender's domain.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { foldsOf } from '#content/spam/training/folds.ts'
import { type Gathered, gather } from '#content/spam/training/gather.ts'
import { measure, prices } from '#content/spam/training/measure.ts'
import { defaultRecipe } from '#content/spam/training/recipe.ts'
import { boundsOf, groupCount, groupStarts } from '#content/spam/training/store.ts'
import { train } from '#content/spam/training/train.ts'
import { modelOf } from '#scanner/features/model.ts'
import { decodeModel, encodeModel, writeModel } from '#scanner/features/model-file.ts'

interface Row {
  readonly path: string
  readonly spam: boolean
  readonly subset: string
  readonly year: number
}

/** Collections of today's mail that do not say the year of each. */
const undatedButModern = ['moralmunky', 'cw-l']
const firstModernYear = 2019
const lists = ['linux-man', 'linux-serial', 'linux-sctp', 'linux-alpha', 'usrp-users']

function readPack(folder: string): readonly Row[] {
  const [, ...lines] = readFileSync(join(folder, 'manifest.tsv'), 'utf8').trimEnd().split('\n')
  return lines.map(line => {
    const [file, label, subset, year] = line.split('\t')
    return { path: join(folder, file!), spam: label === 'spam', subset: subset!, year: Number(year) }
  })
}

const isModern = ({ year, subset }: Row) => year >= firstModernYear || undatedButModern.includes(subset)

/** Every list into a fold of its own. */
function foldsOfPack(gathered: Gathered, rows: readonly Row[]): Uint8Array {
  const bySender = foldsOf({ ...gathered, label: gathered.store.label }, defaultRecipe.folds)
  return bySender.map((fold, mail) => {
    const list = lists.findIndex(name => rows[gathered.file[mail]!]!.subset.endsWith(`-${name}`))
    return list < 0 ? fold : list % defaultRecipe.folds
  })
}

interface Judged {
  readonly row: Row
  readonly margin: number
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

function summary(name: string, judged: readonly Judged[]): string {
  const { ham, spam, points } = measure(
    Float64Array.from(judged, ({ margin }) => margin),
    Uint8Array.from(judged, ({ row }) => (row.spam ? 1 : 0)),
  )
  return `| ${name} | ${ham} | ${spam} | ${points.map(({ recall }) => percent(recall)).join(' | ')} |`
}

/** How many of each subset are above the thresholds. */
function bySubset(judged: readonly Judged[], thresholds: readonly number[]): string {
  const names = [...new Set(judged.map(({ row }) => `${row.spam ? 'spam' : 'ham'} | ${row.subset}`))].sort()
  const lines = names.map(name => {
    const own = judged.filter(({ row }) => `${row.spam ? 'spam' : 'ham'} | ${row.subset}` === name)
    const years = own.map(({ row }) => row.year).filter(year => year > 0)
    const shares = thresholds.map(least => own.filter(({ margin }) => margin > least).length / own.length)
    const span = years.length === 0 ? '–' : `${Math.min(...years)}–${Math.max(...years)}`
    return `| ${name} | ${own.length} | ${span} | ${shares.map(percent).join(' | ')} |`
  })
  return lines.join('\n')
}

const heading = prices.map(price => `at ${price * 100} %`).join(' | ')

const [pack, measured] = process.argv.slice(2)
if (pack === undefined) throw new Error('node bench/training/default-model.ts PACK [MEASURED]')
const threads = availableParallelism()
const { options, numbers } = defaultRecipe

const rows = readPack(pack)
const gathered = await gather(rows, { options, threads })
for (const { name, reason } of gathered.skipped) process.stderr.write(`Skipped ${name}: ${reason}.\n`)
if (gathered.conflicts.length > 0) throw new Error(`Both ham and spam: ${gathered.conflicts.join('; ')}`)
const foldOf = foldsOfPack(gathered, rows)
const { model, heldOut } = await train(gathered, { name: 'default model of Sluice', threads, foldOf })
const path = join(import.meta.dirname, '../../appliance/models/default.model')
await writeModel(path, model, numbers)

const judged = Array.from(heldOut.mails, (mail, index) => ({
  row: rows[gathered.file[mail]!]!,
  margin: heldOut.margins[index]!,
}))
const modern = judged.filter(({ row }) => isModern(row))
const thresholds = heldOut.measured.points.map(({ threshold }) => threshold)
const thresholdsOfModern = measure(
  Float64Array.from(modern, ({ margin }) => margin),
  Uint8Array.from(modern, ({ row }) => (row.spam ? 1 : 0)),
).points.map(({ threshold }) => threshold)

console.log(`| held back | ham | spam | ${heading} |\n|---|---|---|---|---|`)
console.log(summary('all', judged))
console.log(summary('2019 and later', modern))
console.log(`\n|| subset | mails | years | ${heading} |\n|---|---|---|---|---|---|`)
console.log(bySubset(judged, thresholds))
if (measured !== undefined) {
  const others = await judge(measured)
  console.log(`\nOnly measured, thresholds of all, then of 2019 and later:\n${bySubset(others, thresholds)}`)
  console.log(bySubset(others, thresholdsOfModern))
}

/** By the model as it was written. */
async function judge(folder: string): Promise<readonly Judged[]> {
  const others = readPack(folder)
  const found = await gather(others, { options, threads })
  const read = decodeModel(encodeModel(model, numbers))
  if ('refusal' in read) throw new Error(read.refusal)
  const scorer = modelOf(read.content)
  const starts = groupStarts(options.bits)
  return Array.from(found.file, (file, mail) => {
    const bounds = boundsOf(found.store, mail, new Uint32Array(groupCount + 1))
    const slab = found.store.slabs[found.store.slab[mail]!]!
    const vector = options.bits.map((_, group) =>
      slab.slice(bounds[group]!, bounds[group + 1]!).map(column => column - starts[group]!),
    )
    return { row: others[file]!, margin: scorer.score(vector).margin }
  })
}
