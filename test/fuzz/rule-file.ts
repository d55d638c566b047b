/**
 * Rule files made of the seeds in `corpus/cf`: lines cut, joined, repeated and mixed, with pieces that mean something.
 * The seeds are our own; an input that once failed becomes one of them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { createEvaluator } from '../../src/content/spamassassin/evaluator.ts'
import { readRules } from '../../src/content/spamassassin/read.ts'
import { buildRuleset, withoutPatterns } from '../../src/content/spamassassin/ruleset.ts'
import type { ScanOutput } from '../../src/scanner/scanner.ts'

const folder = join(import.meta.dirname, 'corpus/cf')
export const seeds: readonly string[] = readdirSync(folder).map(name =>
  readFileSync(join(folder, name), 'latin1'),
)
const lines = seeds.flatMap(seed => seed.split('\n')).filter(line => line !== '')

const piece = fc.constantFrom(
  ...[
    '(',
    ')',
    '(?:',
    '(?=',
    '(?<!',
    '(?>',
    '[',
    ']',
    '[^',
    '{1,}',
    '{9999}',
    '*',
    '+?',
    '++',
    '|',
    '\\',
    '\\x{',
    '\\1',
  ],
  ...[
    '/',
    '/i',
    'm{',
    '}x',
    '=~',
    '!~',
    'eval:',
    'exists:',
    ':addr',
    ':raw',
    '[if-unset: ',
    '%{X}',
    '<A>',
    '<inter W>',
  ],
  ...[
    'if ',
    'else\n',
    'endif\n',
    'ifplugin ',
    'include ',
    'meta A ',
    'body A ',
    'header A ',
    'score A ',
    'tflags A ',
  ],
  ...[
    '&&',
    '||',
    '!',
    '^',
    '1e9',
    '0',
    '#',
    '\\#',
    '\n',
    '\r',
    '\0',
    '\xff',
    'A',
    '__A',
    'rules_matching(*)',
    '__proto__',
  ],
)

/** A line with a piece put in place of a stretch of it. */
const mutated = fc
  .tuple(fc.constantFrom(...lines), fc.nat(), fc.nat(12), fc.array(piece, { maxLength: 3 }))
  .map(([line, at, length, pieces]) => {
    const start = at % (line.length + 1)
    return line.slice(0, start) + pieces.join('') + line.slice(start + length)
  })

const octets = fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes).toString('latin1'))

export const ruleFile: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: mutated },
      { weight: 2, arbitrary: fc.constantFrom(...lines) },
      { weight: 1, arbitrary: fc.array(piece, { maxLength: 10 }).map(pieces => pieces.join('')) },
      { weight: 1, arbitrary: octets },
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join('\n'))

const header = Buffer.from('Subject: free\r\n\r\n')
const nothing = new Uint32Array()
const empty: ScanOutput = {
  size: header.length,
  parts: nothing,
  fields: nothing,
  texts: nothing,
  links: nothing,
  flags: nothing,
  matches: nothing,
  strings: new Uint8Array(),
  text: new Uint8Array(),
}

/** Reads, translates and runs; a sentence when something does not hold. */
export function breachOf(text: string): string | undefined {
  const source = readRules([{ path: 'x.cf', text }], {
    include: path => ({ path, text: 'body INCLUDED /x/\n' }),
  })
  const total = text.split('\n').length
  if (source.problems.some(({ place }) => place.line < 1 || place.line > total))
    return 'a problem without a place'
  const ruleset = buildRuleset(source)
  const names = new Set([...source.definitions.keys(), ...source.skipped.keys(), ...source.broken.keys()])
  if (ruleset.rules.length !== names.size) return 'a rule without a verdict'
  for (const { status, reasons, name } of ruleset.rules)
    if ((status === 'loads') !== (reasons.length === 0)) return `${name} ${status} and says ${reasons.join()}`
  for (const { source: pcre, script, caseless } of ruleset.patterns) {
    if (pcre.includes('\n') || /[^\x20-\x7e]/.test(pcre)) return `a pattern that is not printable: ${pcre}`
    new RegExp(script!, caseless ? 'i' : '')
  }
  const halved = withoutPatterns(ruleset, new Map(ruleset.patterns.map((_, index) => [index, 'for trial'])))
  for (const rules of [ruleset, halved]) {
    const { score } = createEvaluator(rules).evaluate(empty, { header })
    if (!Number.isFinite(score)) return 'a score that is no number'
  }
  return undefined
}
