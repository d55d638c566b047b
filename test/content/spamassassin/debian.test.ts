/** The rules that Debian ships, unchanged, and real SpamAssassin beside us: what loads hits where it hits there. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { createEvaluator } from '../../../src/content/spamassassin/evaluator.ts'
import { loadRuleFiles } from '../../../src/content/spamassassin/files.ts'
import { readRules } from '../../../src/content/spamassassin/read.ts'
import { buildRuleset } from '../../../src/content/spamassassin/ruleset.ts'
import { typescriptEngine } from '../../../src/scanner/typescript-scanner.ts'
import { mails, wire } from './mails.ts'
import { referenceMatcher } from './reference.ts'

const directory = '/usr/share/spamassassin'
const skip = existsSync(directory) ? false : `${directory} is not there`

/** The plugins that need no network, so that a machine whose administrator has chosen others gives the same. */
const plugins = [
  'Check ReplaceTags MIMEHeader HeaderEval MIMEEval BodyEval HTMLEval RelayEval FreeMail URIEval WLBLEval VBounce',
]
  .join(' ')
  .split(' ')
  .map(name => `loadplugin Mail::SpamAssassin::Plugin::${name}\n`)
  .join('')

/** By name of the message: names of the rules that hit. */
async function askPeer(folder: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  mkdirSync(folder, { recursive: true })
  const paths = [...mails].map(([name, text]) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.eml`)
    writeFileSync(path, text)
    return path
  })
  const { stdout } = await promisify(execFile)('perl', [join(import.meta.dirname, 'peer.pl'), ...paths], {
    env: { ...process.env, RULES: directory, PLUGINS: `enable_compat welcomelist_blocklist\n${plugins}` },
    maxBuffer: 2 ** 26,
  })
  const lines = stdout.trimEnd().split('\n')
  return new Map(
    [...mails.keys()].map((name, index) => [
      name,
      new Set(lines[index]!.split('\t').slice(1).join(',').split(',')),
    ]),
  )
}

/**
 * Differences that are known, each with its reason. SpamAssassin renders text/plain and text/html; to us every text part is
 * text, a delivery status included.
 */
const known = new Set(['bounce: __HAS_ANY_EMAIL'])

t.test(
  'every rule of Debian has a verdict with a reason, and most of those that need no plugin load',
  { skip },
  async t => {
    const files = loadRuleFiles(directory).flatMap(result => (result.kind === 'file' ? [result.file] : []))
    const ruleset = buildRuleset(readRules(files))
    const { rules, source } = ruleset
    const count = (status: string) => rules.filter(rule => rule.status === status).length
    t.same(source.problems, [], 'every line is understood')
    t.equal(source.broken.size, 0, 'every rule can be read')
    t.ok(count('loads') >= 1_550, `${count('loads')} load`)
    t.ok(count('approximated') >= 550, `${count('approximated')} are approximated`)
    t.ok(count('refused') <= 560, `${count('refused')} are refused`)
    t.same(
      rules.filter(
        ({ status, reasons }) => status !== 'loads' && (reasons.length === 0 || reasons.includes('')),
      ),
      [],
      'whatever does not load says why',
    )
    const untranslated = rules.filter(({ reasons }) =>
      reasons.some(reason => /^its expression has (?!a )/.test(reason)),
    )
    t.ok(untranslated.length <= 2, `${untranslated.length} expressions are not understood`)

    const peer = askPeer(t.testdir())
    const evaluator = createEvaluator(ruleset)
    const match = referenceMatcher(ruleset.patterns)
    const scanner = typescriptEngine.open({})
    const ours = new Map<string, ReadonlySet<string>>()
    for (const [name, text] of mails) {
      const octets = wire(text)
      scanner.write(octets)
      evaluator.evaluate(match(scanner.end(), octets), { header: octets })
      ours.set(name, new Set(evaluator.hitNames()))
    }
    const theirs = await peer
    for (const status of ['loads', 'approximated'] as const) {
      const compared = rules.filter(rule => rule.status === status)
      const differences = [...mails.keys()].flatMap(mail =>
        compared
          .filter(({ name }) => ours.get(mail)!.has(name) !== theirs.get(mail)!.has(name))
          .map(({ name }) => `${mail}: ${name}`),
      )
      const hits = [...mails.keys()].flatMap(mail =>
        compared.filter(({ name }) => theirs.get(mail)!.has(name)),
      ).length
      const decisions = compared.length * mails.size
      t.comment(
        `${status}: ${differences.length} of ${decisions} decisions differ; SpamAssassin has ${hits} hits`,
      )
      if (status === 'loads') {
        t.ok(hits > 300, 'there is something to compare')
        t.same(
          differences.filter(difference => !known.has(difference)),
          [],
        )
      } else {
        t.ok(
          differences.length * 500 <= decisions,
          `${differences.length} of ${decisions} differ: ${differences.join(', ')}`,
        )
      }
    }
  },
)
