/** Which rules are kept where thousands of mails a second are judged, and what is said of the others. */
import t from 'tap'
import { cheapSelection, choiceOf, withoutLateValues } from '../../../src/content/spamassassin/cheap.ts'
import { createEvaluator } from '../../../src/content/spamassassin/evaluator.ts'
import { prepareRules } from '../../../src/content/spamassassin/prepare.ts'
import { readRules } from '../../../src/content/spamassassin/read.ts'
import { buildRuleset, type Ruleset } from '../../../src/content/spamassassin/ruleset.ts'
import { loadNative } from '../../../src/scanner/native.ts'
import { nativeEngine } from '../../../src/scanner/native-scanner.ts'
import type { Trial } from '../../../src/scanner/patterns/ledger.ts'
import { wire } from './mails.ts'

const rulesOf = (...lines: readonly string[]): Ruleset =>
  buildRuleset(readRules([{ path: 'x.cf', text: `${lines.join('\n')}\n` }]))

const usual: Trial = {
  handling: 'direct',
  reason: '',
  compile: 1,
  size: 1_000,
  ordinary: 100,
  hostile: 100,
  slowest: 'base64',
}

/** By name of the rule, why its pattern is left out when its trial found `found`. */
function leftOut(
  ruleset: Ruleset,
  found: Readonly<Record<string, Partial<Trial>>> = {},
): Record<string, string> {
  const rules = ruleset.rules.filter(({ pattern }) => pattern !== undefined)
  const trials = new Map(rules.map(({ name, pattern }) => [pattern!, { ...usual, ...found[name] }]))
  const left = cheapSelection(ruleset, 300).leaveOut(trials)
  return Object.fromEntries(
    rules.flatMap(({ name, pattern }) => (left.has(pattern!) ? [[name, left.get(pattern!)!]] : [])),
  )
}

t.test('a pattern is left out for its price, its confirmation, or the text it is looked for in', async t => {
  const ruleset = rulesOf('body A /free/', 'body DEAR /dear/', 'body LOOK /not(?! free)/', 'full ALL /whole/')
  t.same(leftOut(ruleset, { DEAR: { ordinary: 301 }, LOOK: { handling: 'prefilter' } }), {
    DEAR: 'not cheap: its expression costs much: 301 µs per megabyte of ordinary text',
    LOOK: 'not cheap: it must be confirmed by RegExp',
    ALL: 'not cheap: it is looked for in the whole message as it came',
  })
})

t.test(
  'what nobody needs is not looked for: also what only a rule needs that cannot hit any more',
  async t => {
    const ruleset = rulesOf(
      'body __USED /used/',
      'body __UNUSED /unused/',
      'body __LONELY /lonely/',
      'body __DEAR /dear/',
      'meta KEPT __USED',
      'meta LOST __LONELY && __DEAR',
      'meta EITHER __USED || __DEAR',
    )
    const unneeded = 'not cheap: no rule that counts needs it'
    t.same(leftOut(ruleset), { __UNUSED: unneeded })
    const left = leftOut(ruleset, { __DEAR: { ordinary: 1_000 } })
    t.same(Object.keys(left).sort(), ['__DEAR', '__LONELY', '__UNUSED'])
    t.equal(left.__LONELY, unneeded)
  },
)

t.test('another choice has another name, the same choice the same', async t => {
  const [one, other] = [rulesOf('body A /a/'), rulesOf('body A /a/', 'score A 3')]
  t.equal(cheapSelection(one, 300).name, cheapSelection(rulesOf('body A /a/'), 300).name)
  t.not(cheapSelection(one, 300).name, cheapSelection(one, 200).name)
  t.not(cheapSelection(one, 300).name, cheapSelection(other, 300).name)
})

t.test('a header test that would need a clock in an ordinary message is left out', async t => {
  const ruleset = rulesOf(
    'header SLOW ALL =~ /from.*by.*mx.*with.*id/s',
    'header QUICK ALL =~ /^From: friend/m',
    'header RARE ALL =~ /not.in.any.ordinary.*message.*of.*ours.*ever/s',
  )
  const kept = withoutLateValues(ruleset)
  t.same(
    kept.rules.map(({ name, status, reasons }) => [name, status, ...reasons]),
    [
      ['SLOW', 'refused', 'not cheap: its RegExp could take long in an ordinary header'],
      ['QUICK', 'loads'],
      ['RARE', 'loads'],
    ],
    'one whose words stand in no ordinary header costs nothing',
  )
  t.same(choiceOf(ruleset, kept), {
    tested: 2,
    scored: 2,
    leftOut: new Map([['its RegExp could take long in an ordinary header', 1]]),
  })
})

const native = loadNative()

t.test(
  'rules that are cheap are compiled and hit; the others are counted by their reasons',
  { skip: 'reason' in native && native.reason },
  async t => {
    if ('reason' in native) return
    const ruleset = rulesOf(
      'body FREE /free money/',
      'full WHOLE /free money/',
      'body __UNUSED /unused/',
      'meta TWICE FREE && WHOLE',
      'body FREE_TOO /free(?= money)/',
    )
    const prepared = await prepareRules(ruleset, { cheap: 1_000_000 })
    if (prepared.kind === 'failed') throw new Error(prepared.reason)
    t.same(choiceOf(ruleset, prepared.ruleset), {
      tested: 1,
      scored: 1,
      leftOut: new Map([
        ['it is looked for in the whole message as it came', 1],
        ['no rule that counts needs it', 1],
        ['cannot hit without', 1],
        ['it must be confirmed by RegExp', 1],
      ]),
    })
    const scanner = nativeEngine(native.core).open({ patterns: prepared.set })
    const header = wire('From: a@example.net\n\nfree money, unused\n')
    scanner.write(header)
    const evaluator = createEvaluator(prepared.ruleset)
    evaluator.evaluate(scanner.end(), { header })
    t.same(evaluator.hitNames(), ['FREE'])
    prepared.set.release()
  },
)
