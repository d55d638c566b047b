/**
 * `sluice train`: from folders of ham and of spam to a model of the anti-spam filter.
 *
 * Promises: says how many mails were read, skipped, and why; says what the model finds in mail that it has not seen; the same
 * mails give the same file. The file appears whole or not at all.
 */
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import { type Doubtful, reportAsJson, reportAsText, type TrainReport } from '#commands/train-report.ts'
import { findFiles } from '#content/spam/training/find-files.ts'
import { type Gathered, gather, type MailFile, nameOfMail } from '#content/spam/training/gather.ts'
import { defaultRecipe, leastOfKind } from '#content/spam/training/recipe.ts'
import { type Trained, train } from '#content/spam/training/train.ts'
import { chooseEngine } from '#scanner/engine.ts'
import { writeModel } from '#scanner/features/model-file.ts'

interface Options {
  readonly ham: readonly string[]
  readonly spam: readonly string[]
  readonly output: string
  readonly name: string
  readonly threads: number
  readonly doubtful: number
  readonly measure?: true
  readonly json?: true
}

const wholeNumber = (text: string): number => {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.')
  return Number(text)
}

export const trainCommand = (): Command =>
  new Command('train')
    .description('Train a model of the anti-spam filter from folders of ham and of spam.')
    .requiredOption('--ham <folder...>', 'wanted mail: Maildir, mbox files, or a file for each mail')
    .requiredOption('--spam <folder...>', 'unwanted mail')
    .option('-o, --output <file>', 'where the model is written', 'sluice.model')
    .option('--name <text>', 'what the model is called', 'trained on the mail of this site')
    .option('--threads <number>', 'threads at work; the model does not depend on it', wholeNumber, 0)
    .option(
      '--doubtful <number>',
      'list so many mails that look as if they were in the wrong folder',
      wholeNumber,
      0,
    )
    .option('--measure', 'write no model; only say what it would be worth')
    .option('--json', 'one JSON object')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      '\nExit status: 0 when a model was trained; 1 for an error, 2 for a wrong command line.',
    )
    .action(run)

async function run(options: Options): Promise<void> {
  const began = performance.now()
  const threads = options.threads || availableParallelism()
  tellEngine()
  const files = [...filesOf(options.ham, false), ...filesOf(options.spam, true)]
  refuseBoth(files)
  const gathered = await gather(files, {
    options: defaultRecipe.options,
    threads,
    progress: progressOf(done => `reading: ${done} of ${files.length} files`),
  })
  refuseUseless(gathered)
  const trained = await train(gathered, {
    name: options.name,
    threads,
    progress: progressOf((done, all) => `learning: ${done} of ${all} models`),
  })
  if (options.measure !== true) await writeModel(options.output, trained.model, defaultRecipe.numbers)
  clearProgress()
  const report: TrainReport = {
    ...(options.measure === true ? {} : { output: options.output }),
    gathered,
    trained,
    doubtful: doubtfulOf(trained, gathered, files).slice(0, options.doubtful),
    seconds: (performance.now() - began) / 1_000,
  }
  process.stdout.write(options.json ? reportAsJson(report) : reportAsText(report))
}

function tellEngine(): void {
  const choice = chooseEngine()
  if (choice.kind === 'refused') throw new Error(`${choice.reason}.`)
  if (choice.kind === 'typescript')
    process.stderr.write(
      `Note: ${choice.reason}; the TypeScript scanner serves, and takes several times as long.\n`,
    )
}

function filesOf(folders: readonly string[], spam: boolean): readonly MailFile[] {
  return folders.flatMap(folder => {
    const found = findFiles(folder)
    if ('refusal' in found) throw new Error(found.refusal)
    if (found.files.length === 0) throw new Error(`There is no mail in ${folder}.`)
    return found.files.map(path => ({ path, spam }))
  })
}

/** The same file, before all of them are read. */
function refuseBoth(files: readonly MailFile[]): void {
  const ham = new Set(files.filter(({ spam }) => !spam).map(({ path }) => path))
  const both = files.find(({ path, spam }) => spam && ham.has(path))
  if (both !== undefined) throw new Error(`${both.path} is among the ham and among the spam.`)
}

function refuseUseless({ conflicts, store: { label } }: Gathered): void {
  clearProgress()
  if (conflicts.length > 0) {
    const [[ham, spam]] = conflicts as [[string, string]]
    const others = conflicts.length > 1 ? `; so are ${conflicts.length - 1} others` : ''
    throw new Error(`The same mail is among the ham and among the spam: ${ham} and ${spam}${others}.`)
  }
  const spam = label.reduce((sum, each) => sum + each, 0)
  const ham = label.length - spam
  if (ham < leastOfKind || spam < leastOfKind)
    throw new Error(
      `A model needs ${leastOfKind} ham and ${leastOfKind} spam at least, and some thousands to be good; there are ${ham} and ${spam}.`,
    )
}

/** The most wrong first. */
function doubtfulOf({ heldOut, model }: Trained, gathered: Gathered, files: readonly MailFile[]): Doubtful[] {
  const { slope, offset } = model.facts.calibration
  return Array.from(heldOut.mails, (mail, index) => {
    const spam = heldOut.labels[index] === 1
    const logOdds = slope * heldOut.margins[index]! + offset
    return {
      name: nameOfMail(files[gathered.file[mail]!]!.path, gathered.ordinal[mail]!),
      spam,
      probability: 1 / (1 + Math.exp(-logOdds)),
      wrong: spam ? -logOdds : logOdds,
    }
  })
    .filter(({ wrong }) => wrong > 0)
    .sort((one, other) => other.wrong - one.wrong)
}

const terminal = process.stderr.isTTY === true
const clearProgress = () => terminal && process.stderr.write('\r\x1b[K')

/** On a terminal, one line that is written over, some times a second. */
function progressOf<Numbers extends readonly number[]>(say: (...numbers: Numbers) => string) {
  if (!terminal) return undefined
  let next = 0
  return (...numbers: Numbers) => {
    if (performance.now() < next) return
    next = performance.now() + 100
    process.stderr.write(`\r\x1b[K${say(...numbers)}`)
  }
}
