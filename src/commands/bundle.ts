/**
 * `sluice bundle key | create | verify`: for whoever makes bundles of rules, and for whoever wants to look at one.
 *
 * Promises: a private key is for its owner alone and never printed; nothing is signed that could not be used here; a file that
 * is there is not written over. Ends with 0 when it is done or right, with 1 when not, with 2 for a wrong command line.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { type BundleOptions, inspectBundle } from '#commands/bundle-inspect.ts'
import { version } from '#commands/version.ts'
import { isFlaw } from '#config/grammar/reading.ts'
import { readSpan } from '#config/grammar/span.ts'
import { wrongWith } from '#content/bundle/check.ts'
import { encodeBundle } from '#content/bundle/container.ts'
import { collectFiles, type FoundFile } from '#content/bundle/create.ts'
import { createKeyPair, readSecretKey } from '#content/bundle/keys.ts'
import { type FileKind, isSeriesName, readVersion } from '#content/bundle/manifest.ts'

interface CreateOptions {
  readonly key: string
  readonly output: string
  readonly name: string
  readonly sequence?: number
  readonly expires: number
  readonly minimumVersion?: string
}

export const bundleCommand = (): Command =>
  new Command('bundle')
    .description('Make and verify signed bundles of rules and models.')
    .addCommand(keyCommand())
    .addCommand(createCommand())
    .addCommand(verifyCommand())

const keyCommand = (): Command =>
  new Command('key')
    .description('Make a key pair: NAME is the private key, NAME.pub the public one, which is printed too.')
    .requiredOption('-o, --output <name>', 'where the private key is written, readable for its owner only')
    .allowExcessArguments(false)
    .action(({ output }: { readonly output: string }) => {
      const { secret, text } = createKeyPair()
      writeFileSync(output, secret, { flag: 'wx', mode: 0o600 })
      writeFileSync(`${output}.pub`, `${text}\n`, { flag: 'wx' })
      process.stdout.write(`${text}\n`)
    })

const createCommand = (): Command =>
  new Command('create')
    .description('Check lexicons, a model and files of SpamAssassin, and sign them as one bundle.')
    .argument('<path...>', 'folders with .yaml, .model and .cf files, or such files')
    .requiredOption('-k, --key <file>', 'private key in PEM form')
    .requiredOption('-o, --output <file>', 'where the bundle is written')
    .option(
      '--name <name>',
      'of the series; bundles of one series take the place of each other',
      seriesName,
      'rules',
    )
    .option('--sequence <number>', 'rises from bundle to bundle (default: the seconds since 1970)', sequence)
    .option('--expires <span>', 'how long it may be installed', span, readSpan('90d') as number)
    .option(
      '--minimum-version <version>',
      'the oldest Sluice that can use it (default: this one)',
      knownVersion,
    )
    .action(async (paths: readonly string[], options: CreateOptions) => {
      process.stdout.write(await create(paths, options))
    })

const verifyCommand = (): Command =>
  new Command('verify')
    .description(
      'Say whether a bundle is right: its signature, its files, and whether they can be used here.',
    )
    .argument('<file>', 'the bundle')
    .option(
      '-k, --key <key>',
      'a public key, or a file with one, instead of those of the configuration; may be given several times',
      (key: string, keys: readonly string[] = []) => [...keys, key],
    )
    .option('-c, --config <file>', 'configuration file whose updates.keys are trusted')
    .option('--json', 'one line of JSON')
    .action(async (file: string, options: BundleOptions) => {
      const { status, text } = await inspectBundle(file, options)
      if (status === 0 || options.json) process.stdout.write(text)
      else process.stderr.write(text)
      process.exitCode = status
    })

function seriesName(text: string): string {
  if (!isSeriesName(text)) throw new InvalidArgumentError('It has small letters, digits and hyphens.')
  return text
}

function sequence(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It is a whole number above 0.')
  return Number(text)
}

function span(text: string): number {
  const read = readSpan(text)
  if (isFlaw(read) || read < 1_000) throw new InvalidArgumentError('It is a span of time, such as 90d.')
  return read
}

function knownVersion(text: string): string {
  if (readVersion(text) === undefined) throw new InvalidArgumentError('It is a version, such as 1.2.0.')
  return text
}

/** Rejects with a sentence. */
async function create(paths: readonly string[], options: CreateOptions): Promise<string> {
  const key = readSecretKey(readFileSync(options.key, 'utf8'))
  if (typeof key === 'string') throw new Error(`${options.key} cannot sign a bundle: ${key}.`)
  const found = collectFiles(paths)
  if ('refusal' in found) throw new Error(`No bundle was made: ${found.refusal}.`)
  const wrong = await wrongWith(contentOf(found.files))
  if (wrong !== undefined) throw new Error(`No bundle was made: ${wrong}.`)
  // Whole seconds, which is what a sequence number counts.
  const created = Math.floor(Date.now() / 1_000) * 1_000
  const number = options.sequence ?? created / 1_000
  const octets = encodeBundle(
    {
      name: options.name,
      sequence: number,
      created,
      expires: created + options.expires,
      minimumVersion: options.minimumVersion ?? version(),
      files: found.files.map(({ name, octets }) => ({ name, octets })),
    },
    key,
  )
  writeFileSync(options.output, octets, { flag: 'wx' })
  return `${options.output}: bundle ${number} of ${options.name}, ${found.files.length} files, ${octets.length} octets, signed by ${key.text}\n`
}

function contentOf(files: readonly FoundFile[]) {
  const of = (kind: FileKind) => files.filter(file => file.kind === kind).map(({ path }) => path)
  return { lexicons: of('lexicon'), spamassassin: of('spamassassin'), model: of('model')[0] }
}
