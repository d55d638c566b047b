/** Tests of header values behind their gate say what they would say without it, and none holds a message up. */
import { existsSync } from 'node:fs'
import t from 'tap'
import { createEvaluator } from '../../../src/content/spamassassin/evaluator.ts'
import { loadRuleFiles } from '../../../src/content/spamassassin/files.ts'
import { MessageView } from '../../../src/content/spamassassin/message-view.ts'
import { readRules } from '../../../src/content/spamassassin/read.ts'
import { buildRuleset, type Ruleset } from '../../../src/content/spamassassin/ruleset.ts'
import { buildTables } from '../../../src/content/spamassassin/tables.ts'
import { type ValueTest, ValueTests } from '../../../src/content/spamassassin/value-tests.ts'
import { valueReader } from '../../../src/content/spamassassin/values.ts'
import { typescriptEngine } from '../../../src/scanner/typescript-scanner.ts'
import { mails, wire } from './mails.ts'

const scanner = typescriptEngine.open({})
const rulesOf = (text: string): Ruleset => buildRuleset(readRules([{ path: 'x.cf', text }]))

function scanOf(octets: Buffer) {
  scanner.write(octets)
  return scanner.end()
}

/** What SpamAssassin does: each expression is run on its value. */
function plainly({ expression, negated, multiple, most }: ValueTest, value: string): number {
  const count = [...value.matchAll(new RegExp(expression.source, 'g'))].length
  return negated ? Number(count === 0) : multiple ? Math.min(count, most) : Math.min(count, 1)
}

const directory = '/usr/share/spamassassin'
const skip = existsSync(directory) ? false : `${directory} is not there`

t.test('for the rules of Debian the gate changes nothing', { skip }, async t => {
  const files = loadRuleFiles(directory).flatMap(result => (result.kind === 'file' ? [result.file] : []))
  const { values, base } = buildTables(buildRuleset(readRules(files)))
  const tests = new ValueTests(values, base)
  let hits = 0
  for (const [name, text] of mails) {
    const octets = wire(text)
    const client = { address: '203.0.113.7', name: 'mail.example.net', helo: 'mail.example.net' }
    const view = new MessageView(scanOf(octets), {
      header: octets,
      envelopeFrom: 'alice@example.net',
      client,
    })
    const worth = base.slice()
    t.same(
      tests.run(view, (rule, value) => {
        worth[rule] = value
      }),
      [],
      'no test runs out of time',
    )
    const expected = base.slice()
    for (const group of values) {
      const value = valueReader(group.selector)(view)
      if (value !== undefined) for (const test of group.tests) expected[test.rule] = plainly(test, value)
    }
    hits += expected.filter((value, rule) => value !== base[rule]).length
    t.same([...worth], [...expected], name)
  }
  t.ok(hits > 200, `${hits} tests made a difference`)
})

/** Each octet more is a power of four more ways. */
const lost = 'b'.padEnd(3_000, 'a')

t.test('a test that runs out of time is named, and counts as no hit; the others are decided', async t => {
  const rules = rulesOf(
    [
      'header LOST X-A:raw =~ /a*a*a*a*b$/',
      'header NOT X-A:raw !~ /a*a*a*a*b$/',
      'header FOUND X-A:raw =~ /^ba/',
      'header AFTER X-B:raw =~ /^other/',
    ]
      .map(line => `${line}\n`)
      .join(''),
  )
  const evaluator = createEvaluator(rules)
  const octets = wire(`X-A: ${lost}\nX-B: other\n\n`)
  const start = performance.now()
  const { undecided } = evaluator.evaluate(scanOf(octets), { header: octets })
  t.ok(performance.now() - start < 5_000, 'the time of a message is bounded')
  t.same(undecided, ['LOST', 'NOT'])
  t.same([...evaluator.hitNames()].sort(), ['AFTER', 'FOUND'])
  const harmless = wire('X-A: aab\nX-B: none\n\n')
  t.same(evaluator.evaluate(scanOf(harmless), { header: harmless }).undecided, [], 'nothing is left of it')
  t.same([...evaluator.hitNames()].sort(), ['LOST'])
})

t.test('a test that could take long, and does not, is decided under its clock', async t => {
  const octets = wire(`X-A: ${'aaaab'.padEnd(3_000, 'c')}\n\n`)
  const rules = rulesOf('header A X-A:raw =~ /a*a*a*a*b/\nheader B X-A:raw !~ /a*a*a*a*b/\n')
  const { values, base } = buildTables(rules)
  const view = new MessageView(scanOf(octets), { header: octets })
  const tests = new ValueTests(values, base)
  t.same(
    tests.late(view, 1).map(rule => rules.rules[rule]!.name),
    ['A', 'B'],
    'both need a clock',
  )
  const worth = new Map<number, number>()
  t.same(
    tests.run(view, (rule, value) => worth.set(rule, value)),
    [],
  )
  t.same(
    [...worth].map(([rule, value]) => `${rules.rules[rule]!.name} ${value}`),
    ['A 1', 'B 0'],
  )
})

t.test('letters of any script in an envelope are octets to a rule', async t => {
  const evaluator = createEvaluator(
    rulesOf('header A EnvelopeFrom =~ /^j\\xc3\\xb6rg\\@/\nheader B EnvelopeFrom =~ /^\\W{3}\\@example/\n'),
  )
  const header = wire('From: a@example.net\n\n')
  const names = (envelopeFrom: string) => {
    evaluator.evaluate(scanOf(header), { header, envelopeFrom })
    return evaluator.hitNames()
  }
  t.same(names('jörg@example.net'), ['A'])
  t.same(names('人@example.net'), ['B'])
})
