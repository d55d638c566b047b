/**
 * `sluice propose FILE…`: block messages like these. Proposes rules that the samples share and ordinary mail does not.
 *
 * Nothing is put in force: the lexicon goes to standard output, what each rule would have caught to standard error. Ends with 0
 * when there is a proposal, with 1 when nothing distinguishes the samples or they cannot be read, with 2 for a wrong command
 * line.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { printable } from '#commands/printable.ts'
import { createProgress } from '#commands/progress.ts'
import { mailsIn, sourceOf } from '#commands/scan-mails.ts'
import { mostSamples, type Proposal, propose } from '#content/spam/proposals/propose.ts'
import type { Mail } from '#content/spam/proposals/trial.ts'
import { chooseEngine } from '#scanner/engine.ts'
import { type Model, modelOf } from '#scanner/features/model.ts'
import { readModel } from '#scanner/features/model-file.ts'

interface Options {
  readonly against: readonly string[]
  readonly share: number
  readonly rules: number
  readonly json?: true
}

export const proposeCommand = (): Command =>
  new Command('propose')
    .description('Propose lexicon rules from a handful of messages that are to be blocked.')
    .argument('<file...>', `samples: up to ${mostSamples} messages, in files or folders`)
    .option(
      '--against <folder>',
      'ordinary mail that must not be hit: Maildir, mbox, or a file for each; may be given several times',
      (folder: string, folders: readonly string[]) => [...folders, folder],
      [],
    )
    .option('--share <percent>', 'of the ordinary mail that a rule may hit, in percent', share, 0.001)
    .option('--rules <number>', 'propose so many at most', wholeNumber, 5)
    .option('--json', 'one line of JSON, the lexicon in it')
    .action(async (files: readonly string[], options: Options) => {
      const { status, stdout, stderr } = await run(files, options)
      process.stderr.write(stderr)
      process.stdout.write(stdout)
      process.exitCode = status
    })

function share(text: string): number {
  const percent = Number(text)
  if (!/^\d{1,2}(\.\d{1,6})?$/.test(text) || percent > 50)
    throw new InvalidArgumentError('It is a number of percent up to 50, such as 0.1.')
  return percent / 100
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('It is a number from 1 to 99.')
  return Number(text)
}

async function run(files: readonly string[], options: Options) {
  const choice = chooseEngine()
  if (choice.kind === 'refused') throw new Error(`${choice.reason}.`)
  const samples: Mail[] = []
  for await (const mail of mailsOf(files)) {
    if (samples.length === mostSamples)
      throw new Error(`These are more than ${mostSamples} samples: name some of them, each of another kind.`)
    samples.push(mail)
  }
  if (samples.length === 0) throw new Error('There is no message in what was named.')
  const model = await shippedModel()
  const proposal = await propose(samples, {
    engine: choice.engine,
    background: () => mailsOf(options.against),
    share: options.share,
    mostRules: options.rules,
    ...(model !== undefined && { model }),
  })
  const status = proposal.rules.length > 0 ? 0 : 1
  return options.json
    ? { status, stdout: `${JSON.stringify(proposal)}\n`, stderr: '' }
    : { status, stdout: proposal.lexicon, stderr: asText(proposal, samples.length) }
}

async function* mailsOf(named: readonly string[]): AsyncGenerator<Mail> {
  const refuse = (file: string, reason: string): never => {
    throw new Error(`${printable(file)} cannot be read: ${printable(reason)}`)
  }
  const { files } = await sourceOf(named, refuse)
  const progress = createProgress('files', files.length)
  for (const [index, file] of files.entries()) {
    const mails = await mailsIn(file, false).catch(error => refuse(file, (error as Error).message))
    yield* mails
    progress.show(index + 1)
  }
  progress.clear()
}

/** undefined where this program was set up without it. */
async function shippedModel(): Promise<Model | undefined> {
  const path = join(import.meta.dirname, '../../appliance/models/default.model')
  if (!existsSync(path)) return undefined
  const read = await readModel(path)
  return 'refusal' in read ? undefined : modelOf(read.content)
}

function asText({ rules, uncovered, background, source }: Proposal, samples: number): string {
  const lines =
    rules.length === 0
      ? ['Nothing was found that distinguishes these messages from ordinary mail.']
      : rules.flatMap(({ name, samples: hit, background: { count, subjects } }) => [
          `${name}: ${hit.length} of ${samples} samples, and ${count} of ${background} ordinary messages`,
          ...subjects.map(subject => `    ${printable(subject).slice(0, 120)}`),
        ])
  return [
    ...lines,
    ...(rules.length > 0 && uncovered.length > 0
      ? [`Not covered: ${uncovered.map(printable).join(', ')}`]
      : []),
    `Rare words were told by ${source}.`,
    ...(background < fewOrdinary
      ? ['Name recent ordinary mail with --against: without it nobody knows what these rules would catch.']
      : []),
    '',
  ].join('\n')
}

const fewOrdinary = 50
