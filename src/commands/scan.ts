/**
 * `sluice scan FILE…`: what the scanner sees in a message: its parts, texts, links and flags, what rules find in it, and what
 * the scan costs. Nothing is sent and nothing is kept.
 *
 * A message that was saved with the line ends of a text file is read as the mail it was: each LF becomes CRLF, unless the
 * file has a CRLF already or `--wire` says that it is as it came.
 */
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { Command } from 'commander'
import { flagManual } from '#commands/scan-manual.ts'
import { reportAsJson, reportAsText } from '#commands/scan-report.ts'
import { explainProblems } from '#config/explain.ts'
import { type CompiledLexicon, compileLexicon } from '#content/lexicon/compile.ts'
import { loadLexicon } from '#content/lexicon/read.ts'
import { chooseEngine } from '#scanner/engine.ts'
import { createConfirm } from '#scanner/patterns/confirm.ts'
import { preparePatterns } from '#scanner/patterns/prepare.ts'
import type { ScanEngine, ScanOutput } from '#scanner/scanner.ts'

interface Options {
  readonly json?: true
  readonly text?: true
  readonly wire?: true
  readonly manual?: true
  readonly lexicon: readonly string[]
}

/** One message from its octets to what is reported of it. */
type Look = (message: Uint8Array) => {
  readonly output: ScanOutput
  readonly microseconds: number
  readonly verdicts: Parameters<typeof reportAsJson>[0]['verdicts']
}

export const scanCommand = (): Command =>
  new Command('scan')
    .description(
      'Show what the scanner sees in a message: parts, texts, links, flags, matches, and what it costs.',
    )
    .argument('[file...]', 'messages, one a file; - is standard input')
    .option('--json', 'one line of JSON a message, with everything')
    .option('--text', 'the whole texts instead of their beginnings')
    .option('--wire', 'take line ends as they are')
    .option(
      '-l, --lexicon <file>',
      'rules to look for; can be given again',
      (file, all: string[]) => [...all, file],
      [],
    )
    .option('--manual', 'the manual page of the flags, and no message')
    .addHelpText(
      'after',
      '\nExit status: 0 when every message was scanned, whatever is in it; 1 for an error, 2 for a wrong command line.',
    )
    .action(async (files: readonly string[], options: Options, command: Command) => {
      if (options.manual) {
        process.stdout.write(flagManual())
        return
      }
      if (files.length === 0) command.error('error: name a message to scan', { exitCode: 2 })
      await scan(files, options)
    })

async function scan(files: readonly string[], options: Options): Promise<void> {
  const choice = chooseEngine()
  if (choice.kind === 'refused') throw new Error(`${choice.reason}.`)
  if (choice.kind === 'typescript')
    process.stderr.write(`Note: ${choice.reason}; the TypeScript scanner serves.\n`)
  const look = await prepareLook(choice.engine, options.lexicon)
  let first = true
  for (const file of files) {
    const message = await readMessage(file, options.wire === true).catch(error => {
      process.stderr.write(`sluice: ${file}: ${reasonOf(error)}\n`)
      process.exitCode = 1
    })
    if (message === undefined) continue
    const scanned = { file, engine: choice.engine.name, ...look(message) }
    if (!options.json && !first) process.stdout.write('\n')
    first = false
    process.stdout.write(
      options.json ? reportAsJson(scanned) : reportAsText(scanned, { whole: options.text === true }),
    )
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'there is no such file.'
  if (error.code === 'EISDIR') return 'that is a directory; name the messages in it.'
  if (error.code === 'EACCES') return 'it may not be read by this account.'
  return error.message
}

async function readMessage(file: string, wire: boolean): Promise<Uint8Array> {
  const octets = file === '-' ? await buffer(process.stdin) : await readFile(file)
  if (wire || octets.includes('\r\n')) return octets
  return Buffer.from(octets.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
}

async function prepareLook(engine: ScanEngine, files: readonly string[]): Promise<Look> {
  const lexicons = await Promise.all(files.map(compiledLexicon))
  const patterns = lexicons.flatMap(lexicon => lexicon.patterns)
  const prepared = patterns.length > 0 ? await preparePatterns(patterns, { engine: engine.name }) : undefined
  if (prepared?.kind === 'failed') throw new Error(`The patterns cannot be compiled: ${prepared.reason}.`)
  for (const { pattern, reason } of prepared?.report.refused ?? [])
    process.stderr.write(`Note: pattern ${pattern} is not looked for: ${reason}.\n`)
  const scanner = engine.open(prepared === undefined ? {} : { patterns: prepared.set })
  const confirm = createConfirm(prepared?.set.confirmed ?? new Map())
  const once = (message: Uint8Array): ScanOutput => {
    for (let at = 0; at < message.length; at += pieceSize) scanner.write(message.subarray(at, at + pieceSize))
    return scanner.end()
  }
  return message => {
    const { output } = confirm(once(message))
    let before = 0
    const verdicts = lexicons.map((lexicon, index) => {
      const verdict = lexicon.evaluate(output, before)
      before += lexicon.patterns.length
      return { rules: files[index]!, verdict }
    })
    return { output, verdicts, microseconds: cost(() => void once(message)) }
  }
}

/** As a connection would bring it. */
const pieceSize = 65_536

/** Microseconds, the best of several runs: the first ones touch memory and compile code. */
function cost(work: () => void): number {
  let best = Number.POSITIVE_INFINITY
  const end = performance.now() + 50
  for (let run = 0; run < 3 || (run < 50 && performance.now() < end); run++) {
    const start = performance.now()
    work()
    best = Math.min(best, performance.now() - start)
  }
  return Math.round(best * 1_000)
}

async function compiledLexicon(file: string): Promise<CompiledLexicon> {
  const result = await loadLexicon(file)
  if (result.kind === 'ok') return compileLexicon(result.lexicon)
  process.stderr.write(explainProblems(result.problems))
  throw new Error(`${file} cannot be used.`)
}
