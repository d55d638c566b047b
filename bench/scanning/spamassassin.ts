/**
 * SpamAssassin's rules as Debian packages them, those that are cheap: typical mails from wire to score, on one core.
 *
 * Compiling for the first time tries each pattern alone, which takes minutes; compiled patterns and what was found of each
 * are kept in the directory of the peers.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { choiceOf, usualLimit } from '../../src/content/spamassassin/cheap.ts'
import { createEvaluator } from '../../src/content/spamassassin/evaluator.ts'
import { loadRuleFiles } from '../../src/content/spamassassin/files.ts'
import { prepareRules } from '../../src/content/spamassassin/prepare.ts'
import { readRules } from '../../src/content/spamassassin/read.ts'
import { buildRuleset } from '../../src/content/spamassassin/ruleset.ts'
import { loadNative } from '../../src/scanner/native.ts'
import { nativeEngine } from '../../src/scanner/native-scanner.ts'
import { progress } from '../measure/result.ts'

const rulesDirectory = '/usr/share/spamassassin'

export interface CheapRules {
  readonly chosen: {
    /** Rules that are tested. */
    readonly rules: number
    /** Of them, those that have a score of their own. */
    readonly scored: number
    /** Rules that would be tested if all were. */
    readonly leftOut: number
    readonly patterns: number
  }
  /** From wire to score. */
  work(mail: Uint8Array): void
}

/** A sentence where there are no rules. `directory` holds peers of several benches; a folder in it is ours. */
export async function openCheapRules(directory: string): Promise<CheapRules | string> {
  if (!existsSync(rulesDirectory))
    return `the rules of SpamAssassin are not measured: ${rulesDirectory} is not there (Debian's package spamassassin)`
  const files = loadRuleFiles(rulesDirectory).flatMap(result => (result.kind === 'file' ? [result.file] : []))
  const all = buildRuleset(readRules(files))
  const prepared = await prepareRules(all, {
    cheap: usualLimit,
    cache: join(directory, 'sluice-scan-peers/patterns'),
    onProgress: ({ phase, done, total }) => {
      if (phase === 'compile' ? done === 0 : done % 200 === 0)
        progress(phase === 'try' ? `${done} of ${total} patterns tried` : 'compiling rules of SpamAssassin')
    },
  })
  if (prepared.kind === 'failed') throw new Error(prepared.reason)
  const loaded = loadNative()
  if ('reason' in loaded) throw new Error(loaded.reason)
  const { ruleset, set, report } = prepared
  const scanner = nativeEngine(loaded.core).open({ patterns: set })
  const evaluator = createEvaluator(ruleset)
  const { tested, scored, leftOut } = choiceOf(all, ruleset)
  const unlooked = new Set(
    [...report.refused, ...report.expensive, ...(report.unselected ?? [])].map(({ pattern }) => pattern),
  )
  const chosen = {
    rules: tested,
    scored,
    leftOut: [...leftOut.values()].reduce((sum, count) => sum + count, 0),
    patterns: ruleset.patterns.length - unlooked.size,
  }
  return {
    chosen,
    work(mail) {
      scanner.write(mail)
      evaluator.evaluate(scanner.end(), { header: mail })
    },
  }
}
