/**
 * `sluice scan FILE…`: what is thought of a message and why; what the scanner sees in it: its parts, texts, links and flags,
 * what rules find, and what the scan costs. Nothing is sent, and nothing is kept but compiled patterns.
 *
 * A folder is read with everything below it, a line or a card a message; of a file that is named itself everything is told.
 */
import { Command } from 'commander'
import { createProgress } from '#commands/progress.ts'
import { chooseModel, type Look, prepareLook } from '#commands/scan-look.ts'
import { mailsIn, type NamedMail, sourceOf } from '#commands/scan-mails.ts'
import { flagManual } from '#commands/scan-manual.ts'
import { type Detail, reportAsJson, reportAsText, type ScannedFile } from '#commands/scan-report.ts'
import { spamManual } from '#commands/spam-manual.ts'
import { createCard } from '#content/spam/card.ts'
import type { SpamModel } from '#content/spam/model.ts'
import { chooseEngine } from '#scanner/engine.ts'

interface Options {
  readonly json?: true
  readonly explain?: true
  readonly parts?: boolean
  readonly text?: true
  readonly wire?: true
  readonly model?: string
  readonly bulk?: true
  readonly manual?: true | string
  readonly lexicon: readonly string[]
}

export const scanCommand = (): Command =>
  new Command('scan')
    .description(
      'Show how likely a message is spam, and why; and what the scanner sees in it: parts, texts, links, flags, matches, and what it costs.',
    )
    .argument('[file...]', 'messages, one a file; folders with everything below them; - is standard input')
    .option('--json', 'one line of JSON a message')
    .option('--explain', 'the card of each message: what speaks for spam, what against, and how much')
    .option('--parts', 'everything that the scanner sees, of the messages of folders too')
    .option('--no-parts', 'the opinion alone')
    .option('--text', 'the whole texts instead of their beginnings')
    .option('--wire', 'take line ends as they are')
    .option('--model <file>', 'the trained model, instead of the one that ships')
    .option('--bulk', 'count messages that are alike, as if all had come in just now')
    .option(
      '-l, --lexicon <file>',
      'rules to look for, instead of those that ship; can be given again',
      (file, all: string[]) => [...all, file],
      [],
    )
    .option('--manual [page]', 'a page of the manual, and no message: flags (the default) or spam')
    .addHelpText(
      'after',
      '\nExit status: 0 when every message was scanned, whatever is in it; 1 for an error, 2 for a wrong command line.',
    )
    .action(async (files: readonly string[], options: Options, command: Command) => {
      if (options.manual !== undefined) {
        const page = manuals[options.manual === true ? 'flags' : options.manual]
        if (page === undefined) command.error('error: the pages are flags and spam', { exitCode: 2 })
        process.stdout.write(page())
        return
      }
      if (files.length === 0) command.error('error: name a message to scan', { exitCode: 2 })
      await scan(files, options)
    })

const manuals: Readonly<Record<string, () => string>> = { flags: flagManual, spam: spamManual }

async function scan(named: readonly string[], options: Options): Promise<void> {
  const choice = chooseEngine()
  if (choice.kind === 'refused') throw new Error(`${choice.reason}.`)
  if (choice.kind === 'typescript') note(`${choice.reason}; the TypeScript scanner serves`)
  const model = await chooseModel(options.model, choice, note)
  const look = await prepareLook({
    choice,
    model,
    lexicons: options.lexicon,
    bulk: options.bulk === true,
    note,
  })
  const { files, many } = await sourceOf(named, complain)
  const progress = createProgress('files', files.length)
  const detail = detailOf(options, many)
  const tell = (text: string): void => {
    progress.clear()
    process.stdout.write(text)
  }
  let told = 0
  for (const [index, file] of files.entries()) {
    progress.show(index)
    for (const mail of await mailsOf(file, options.wire === true)) {
      const scanned = lookAt(
        mail,
        look,
        model,
        choice.engine.name,
        detail,
        !many && files.length <= mostTimed,
      )
      if (!options.json && told++ > 0 && detail !== 'line') tell('\n')
      tell(
        options.json ? reportAsJson(scanned, detail) : reportAsText(scanned, detail, options.text === true),
      )
    }
  }
  progress.clear()
}

const note = (sentence: string): void => void process.stderr.write(`Note: ${sentence}.\n`)

function complain(file: string, reason: string): void {
  process.stderr.write(`sluice: ${file}: ${reason}\n`)
  process.exitCode = 1
}

/** Of thousands of messages a line each; of one that is named, everything. */
function detailOf({ explain, parts }: Options, many: boolean): Detail {
  if (parts === true) return 'everything'
  if (explain) return 'card'
  return many || parts === false ? 'line' : 'everything'
}

async function mailsOf(file: string, wire: boolean): Promise<readonly NamedMail[]> {
  try {
    return await mailsIn(file, wire)
  } catch (error) {
    complain(file, reasonOf(error as NodeJS.ErrnoException))
    return []
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'there is no such file.'
  if (error.code === 'EACCES') return 'it may not be read by this account.'
  return error.message
}

/** Each message that is timed takes up to 50 ms. */
const mostTimed = 10
/** Of the model, on a card. */
const mostFeatures = 10

function lookAt(
  { file, octets }: NamedMail,
  { look, cost }: Look,
  model: SpamModel | undefined,
  engine: ScannedFile['engine'],
  detail: Detail,
  timed: boolean,
): ScannedFile {
  const { output, opinion, verdicts } = look(octets)
  return {
    file,
    engine,
    output,
    verdicts,
    card: createCard(opinion, output, model, detail === 'line' ? 0 : mostFeatures),
    ...(timed && detail === 'everything' && { microseconds: cost(octets) }),
  }
}
