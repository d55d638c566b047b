/**
 * What a bundle carries is tried before it is put in force: with the scanner that serves here.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { wrongWith } from '../../../src/content/bundle/check.ts'
import { writeModel } from '../../../src/scanner/features/model-file.ts'
import { lexicon } from './rig.ts'

function files(t: Test, contents: Readonly<Record<string, string>>) {
  const folder = t.testdir(contents)
  const of = (end: string) =>
    Object.keys(contents)
      .filter(name => name.endsWith(end))
      .map(name => join(folder, name))
  return { lexicons: of('.yaml'), model: of('.model')[0], spamassassin: of('.cf') }
}

t.test('rules that compile and pass their tests can be used', async t => {
  const content = files(t, {
    'a.yaml': lexicon('a', 'purple elephant'),
    'b.yaml': lexicon('b', '/yell?ow/', 'a yelow one'),
    'site.cf': 'body SITE /purple/\nscore SITE 1\n',
  })
  t.equal(await wrongWith(content), undefined)
})

t.test('each thing that cannot be used is told, with its file and line', async t => {
  const rows: readonly [Record<string, string>, RegExp][] = [
    [{ 'a.yaml': lexicon('a', 'purple', 'yellow') }, /^a\.yaml, line 1: "a" does not match this sample$/],
    [{ 'a.yaml': lexicon('a', '/(unclosed/') }, /^a\.yaml, line 1: /],
    [{ 'a.yaml': lexicon('a', '/(a)\\1/') }, /^a\.yaml, line 1: /],
    [
      { 'a.yaml': 'rules:\n  fox:\n    sentense: A fox\n' },
      /^a\.yaml, line 2: the rule has no sentence; 2 more$/,
    ],
    [{ 'a.yaml': 'rules: [\u001b' }, /^a\.yaml, line 1: [^\u001b]*$/],
    [{ 'a.model': 'no model' }, /^a\.model: It is too short for a model$/],
    // No path that a bundle names is opened, whether it is there or not.
    [{ 'a.cf': 'include /etc/passwd\n' }, /^a\.cf, line 1: .*cannot read \/etc\/passwd/],
    [{ 'a.cf': 'include b.cf\n', 'b.cf': '' }, /^a\.cf, line 1: .*cannot read b\.cf/],
    [{ 'a.cf': 'body A /unclosed\n' }, /^none of the rules of SpamAssassin can be used: A, /],
  ]
  for (const [contents, reason] of rows)
    t.match(await wrongWith(files(t, contents)), reason, JSON.stringify(contents))
})

t.test('a model that was damaged after it was made does not load', async t => {
  const model = join(t.testdir(), 'a.model')
  const bits = [8, 8, 8, 8] as const
  const facts = {
    name: 'small',
    options: { bits, window: 3, carried: false },
    bias: 0,
    calibration: { slope: 1, offset: 0 },
    training: new Uint8Array(32),
    ham: 1,
    spam: 1,
  }
  await writeModel(model, { facts, weights: bits.map(each => new Float32Array(2 ** each)) }, 'float32')
  t.equal(await wrongWith({ lexicons: [], model, spamassassin: [] }), undefined)
  const octets = readFileSync(model)
  octets[octets.length - 1]! ^= 1
  writeFileSync(model, octets)
  t.match(await wrongWith({ lexicons: [], model, spamassassin: [] }), /^a\.model: .*damaged/)
})
