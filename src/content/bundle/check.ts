/**
 * Whether what a bundle carries can be used here: its lexicons compile and pass the tests beside their rules, its model loads,
 * its files of SpamAssassin are understood.
 *
 * Promises: the first thing that is wrong, with file and line, as a sentence; never an exception for what a file holds. An
 * `include` in a file of SpamAssassin is wrong: no path that a bundle names is ever opened.
 */
import { printable } from '#config/grammar/reading.ts'
import { errors, type Problem } from '#config/problem.ts'
import { checkLexicon } from '#content/lexicon/check.ts'
import { loadLexicon } from '#content/lexicon/read.ts'
import { openSpamModel } from '#content/spam/model.ts'
import { loadRuleFiles } from '#content/spamassassin/files.ts'
import { prepareRules } from '#content/spamassassin/prepare.ts'
import { readRules } from '#content/spamassassin/read.ts'
import { buildRuleset } from '#content/spamassassin/ruleset.ts'
import { chooseEngine, type EngineChoice } from '#scanner/engine.ts'
import type { PrepareOptions } from '#scanner/patterns/prepare.ts'
import type { InstalledBundle } from './installed.ts'

export type CheckOptions = Pick<PrepareOptions, 'cache' | 'signal'>
type Usable = Exclude<EngineChoice, { kind: 'refused' }>
type Content = Pick<InstalledBundle, 'lexicons' | 'model' | 'spamassassin'>

/** undefined: all of it can be used. Else a sentence without its full stop. */
export async function wrongWith(content: Content, options: CheckOptions = {}): Promise<string | undefined> {
  const choice = chooseEngine()
  if (choice.kind === 'refused') return choice.reason
  for (const path of content.lexicons) {
    const wrong = await wrongWithLexicon(path, choice, options)
    if (wrong !== undefined) return wrong
  }
  return (
    (await wrongWithModel(content.model, choice)) ??
    (await wrongWithRules(content.spamassassin, choice, options))
  )
}

async function wrongWithLexicon(
  path: string,
  { engine }: Usable,
  options: CheckOptions,
): Promise<string | undefined> {
  const read = await loadLexicon(path)
  if (read.kind === 'invalid') return sentenceOf(path, read.problems)
  const { problems } = await checkLexicon(read.lexicon, read.locate, engine, options)
  return sentenceOf(path, errors(problems))
}

function sentenceOf(path: string, [first, ...more]: readonly Problem[]): string | undefined {
  if (first === undefined) return undefined
  const others = more.length === 0 ? '' : `; ${more.length} more`
  return printable(`${nameOf(path)}, line ${first.line}: ${first.reason}${others}`)
}

async function wrongWithModel(path: string | undefined, choice: Usable): Promise<string | undefined> {
  if (path === undefined) return undefined
  const opened = await openSpamModel(path, choice)
  return 'refusal' in opened ? `${nameOf(path)}: ${opened.refusal.replace(/\.$/, '')}` : undefined
}

async function wrongWithRules(
  paths: readonly string[],
  choice: Usable,
  options: CheckOptions,
): Promise<string | undefined> {
  if (paths.length === 0) return undefined
  const files = []
  for (const loaded of paths.flatMap(loadRuleFiles)) {
    if (loaded.kind === 'problem') return `${nameOf(loaded.path)}: ${loaded.reason}`
    files.push(loaded.file)
  }
  const source = readRules(files)
  const [problem] = [...source.problems, ...source.broken.values()]
  if (problem !== undefined)
    return printable(`${nameOf(problem.place.file)}, line ${problem.place.line}: ${problem.message}`)
  // A rule that is far too dear is left out. Not more: a price near a limit differs from one measurement to the next, and a
  // bundle must not be refused by chance.
  const prepared = await prepareRules(buildRuleset(source, { scoreSet: 'local' }), {
    ...options,
    engine: choice.kind,
    leaveOutExpensive: true,
  })
  if (prepared.kind === 'failed') return `the rules of SpamAssassin do not compile: ${prepared.reason}`
  prepared.set.release()
  // Some of a rule set are always refused, which is told by `sluice spamassassin check`; all of them are a mistake.
  const { rules } = prepared.ruleset
  const refused = rules.filter(({ status }) => status === 'refused')
  return refused.length > 0 && refused.length === rules.length
    ? printable(
        `none of the rules of SpamAssassin can be used: ${refused[0]!.name}, ${refused[0]!.reasons.join('; ')}`,
      )
    : undefined
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
