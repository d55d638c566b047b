/**
 * One message from its octets to everything that `sluice scan` says of it: tables, rules, opinion.
 *
 * Promises: patterns are compiled and the model is opened once, before the first message; a lexicon that is wrong, or a model
 * that was named and is none, is an error with its reason.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'
import { explainProblems } from '#config/explain.ts'
import { type CompiledLexicon, compileLexicon } from '#content/lexicon/compile.ts'
import type { LexiconVerdict } from '#content/lexicon/evaluate.ts'
import { loadLexicon } from '#content/lexicon/read.ts'
import { BulkWatch, createBulkMemory } from '#content/spam/bulk/memory.ts'
import { createFilter, type Opinion } from '#content/spam/filter.ts'
import { MessageFacts } from '#content/spam/message-facts.ts'
import { openSpamModel, type SpamModel } from '#content/spam/model.ts'
import type { EngineChoice } from '#scanner/engine.ts'
import { createConfirm } from '#scanner/patterns/confirm.ts'
import { preparePatterns } from '#scanner/patterns/prepare.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface Looked {
  readonly output: ScanOutput
  readonly opinion: Opinion
  /** Of the lexicons that were named, by file. */
  readonly verdicts: readonly { readonly rules: string; readonly verdict: LexiconVerdict }[]
}

export interface Look {
  look(message: Uint8Array): Looked
  /** Microseconds of one scan, the best of several. */
  cost(message: Uint8Array): number
}

export interface LookOptions {
  readonly choice: Exclude<EngineChoice, { kind: 'refused' }>
  readonly model: SpamModel | undefined
  /** Instead of those that ship. */
  readonly lexicons: readonly string[]
  /** Messages are counted, as those that came in lately are: the opinion on one depends on those before it. */
  readonly bulk?: boolean
  readonly note: (sentence: string) => void
}

const appliance = join(import.meta.dirname, '../../appliance')
const shippedModel = join(appliance, 'models/default.model')

/** The model that is named, else the one that ships; undefined, with a note, where neither is there. */
export async function chooseModel(
  named: string | undefined,
  choice: EngineChoice,
  note: (sentence: string) => void,
): Promise<SpamModel | undefined> {
  const path = named ?? shippedModel
  if (named === undefined && !existsSync(shippedModel)) {
    note('there is no trained model, and symbols alone decide; name one with --model')
    return undefined
  }
  const opened = await openSpamModel(path, choice)
  if ('refusal' in opened) throw new Error(`${path} cannot be used: ${opened.refusal}`)
  return opened.model
}

export async function prepareLook({
  choice,
  model,
  lexicons: named,
  bulk,
  note,
}: LookOptions): Promise<Look> {
  const files = named.length > 0 ? named : await shippedLexicons()
  const lexicons = await Promise.all(files.map(compiledLexicon))
  const { scanner, confirm } = await openScanner(lexicons, choice, note)
  let first = 0
  const placed = lexicons.map((lexicon, index) => {
    const before = first
    first += lexicon.patterns.length
    return { lexicon, first: before, file: files[index]! }
  })
  const filter = createFilter({
    ...(model !== undefined && { model }),
    ...(bulk === true && { bulk: new BulkWatch(createBulkMemory()) }),
    lexicons: placed.map(({ lexicon, first, file }) => ({
      program: lexicon.program,
      first,
      author: basename(file),
    })),
  })
  const scan = (message: Uint8Array): ScanOutput => {
    for (let at = 0; at < message.length; at += pieceSize) scanner.write(message.subarray(at, at + pieceSize))
    return scanner.end()
  }
  return {
    look: message => {
      const { output } = confirm(scan(message))
      const verdicts = (named.length > 0 ? placed : []).map(({ lexicon, first, file }) => ({
        rules: file,
        verdict: lexicon.evaluate(output, first),
      }))
      return { output, verdicts, opinion: filter.opinion(new MessageFacts(output)) }
    },
    cost: message => costOf(() => void scan(message)),
  }
}

/**
 * Of this account: compiling the lexicons that ship takes seconds, and reading what was compiled before takes none.
 */
function cacheFolder(): string {
  const { XDG_CACHE_HOME: named } = process.env
  return join(named !== undefined && isAbsolute(named) ? named : join(homedir(), '.cache'), 'sluice/patterns')
}

/** As a connection would bring it. */
const pieceSize = 65_536

async function openScanner(
  lexicons: readonly CompiledLexicon[],
  { engine }: LookOptions['choice'],
  note: (sentence: string) => void,
) {
  const patterns = lexicons.flatMap(lexicon => lexicon.patterns)
  const options = { engine: engine.name, cache: cacheFolder() }
  const prepared = patterns.length > 0 ? await preparePatterns(patterns, options) : undefined
  if (prepared?.kind === 'failed') throw new Error(`The patterns cannot be compiled: ${prepared.reason}.`)
  for (const { pattern, reason } of prepared?.report.refused ?? [])
    note(`pattern ${pattern} is not looked for: ${reason}`)
  return {
    scanner: engine.open(prepared === undefined ? {} : { patterns: prepared.set }),
    confirm: createConfirm(prepared?.set.confirmed ?? new Map()),
  }
}

/** Microseconds, the best of several runs: the first ones touch memory and compile code. */
function costOf(work: () => void): number {
  let best = Number.POSITIVE_INFINITY
  const end = performance.now() + 50
  for (let run = 0; run < 3 || (run < 50 && performance.now() < end); run++) {
    const start = performance.now()
    work()
    best = Math.min(best, performance.now() - start)
  }
  return Math.round(best * 1_000)
}

async function shippedLexicons(): Promise<readonly string[]> {
  const folder = join(appliance, 'lexicons')
  const names = await readdir(folder).catch(() => [])
  return names
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => join(folder, name))
}

async function compiledLexicon(file: string): Promise<CompiledLexicon> {
  const result = await loadLexicon(file)
  if (result.kind === 'ok') return compileLexicon(result.lexicon)
  process.stderr.write(explainProblems(result.problems))
  throw new Error(`${file} cannot be used.`)
}
