/**
 * Whatever a file holds, loading it ends in a configuration or in problems with a place; it never throws, and nothing
 * that comes out could break a line.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { explainProblems } from '../../src/config/explain.ts'
import { jsonSchema, keysAt, type Path, walk } from '../../src/config/json-schema.ts'
import { loadText } from '../../src/config/load.ts'
import { isProblems, parseOverrides } from '../../src/config/overrides.ts'
import { schema } from '../../src/config/schema.ts'
import { on } from '../config/machine.ts'

const example = readFileSync(join(import.meta.dirname, '../../appliance/manual/sluice.example.yaml'), 'utf8')
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)])
}

/** True when the text was judged as it should be. */
async function isJudged(text: string): Promise<boolean> {
  const result = await loadText(text, { file: 'f', ...on() })
  const problems = result.kind === 'ok' ? result.warnings : result.problems
  const lines = text.split('\n').length
  const placed = problems.every(({ line, column }) => line >= 1 && line <= lines && column >= 1)
  const shown = !control.test(explainProblems(problems).replaceAll('\n', ''))
  if (result.kind === 'invalid')
    return placed && shown && problems.some(({ severity }) => severity === 'error')
  return placed && shown && !textsOf(result.configuration).some(each => control.test(each))
}

const check = (arbitrary: fc.Arbitrary<string>, numRuns: number) =>
  fc.assert(fc.asyncProperty(arbitrary, isJudged), { numRuns })

const names: string[] = []
walk(path => names.push(path.at(-1)!))
const name = fc.oneof(fc.constantFrom(...names, '__proto__', 'constructor', '*', 'example.org'), fc.string())
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    ...['5m', '1MiB', '0.0.0.0/0', '[::1]:25', 'mx', 'a\r\nb', '', null, true, -1, 0, 1e300, Number.NaN],
  ),
  fc.string({ unit: 'binary' }),
  fc.double(),
)
const { tree } = fc.letrec(tie => ({
  tree: fc.oneof({ depthSize: 'small' }, scalar, tie('list'), tie('section')),
  list: fc.array(tie('tree'), { maxLength: 4 }),
  section: fc.dictionary(name, tie('tree'), { maxKeys: 6 }),
}))

t.test('random text', async t => {
  await check(fc.string({ unit: 'binary', maxLength: 200 }), 300)
  const yaml = [
    ...'{}[]:,-#&*!|>\'"%@`? \n\t',
    '\r\n',
    ': ',
    '- ',
    '---',
    '...',
    'a',
    'threads',
    '<<',
    '1',
    '\u0000',
    '\u2028',
  ]
  await check(
    fc.array(fc.constantFrom(...yaml), { maxLength: 40 }).map(parts => parts.join('')),
    800,
  )
  t.pass()
})

t.test('random trees, in the words of the schema', async t => {
  await check(
    tree.map(value => stringify(value)),
    800,
  )
  t.pass()
})

/** A value somewhere below the schema's own keys, so that the deep places are met too. */
const placed = fc
  .constantFrom<Path>(...pathsOf())
  .chain(path =>
    tree.map(value =>
      stringify(
        path.reduceRight<unknown>(
          (inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }),
          value,
        ),
      ),
    ),
  )

function pathsOf(): Path[] {
  const paths: Path[] = [
    ['domains', 'example.org'],
    ['domains', 'example.org', 'nextHop'],
  ]
  walk(path => paths.push(path), jsonSchema)
  for (const key of keysAt(['zones', 'outside', 'listen', 0]))
    paths.push(['zones', 'outside', 'listen', 0, key])
  return paths
}

t.test('random values at every key', async t => {
  await check(placed, 500)
  t.pass()
})

t.test('the example file with some of it cut, doubled or replaced', async t => {
  const place = fc.nat({ max: example.length })
  const change = fc.record({
    from: place,
    length: fc.nat({ max: 60 }),
    by: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\t', '\n', ': ', '- ', '"', '')),
  })
  const mutated = fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map(changes =>
      changes.reduce(
        (text, { from, length, by }) => text.slice(0, from) + by + text.slice(from + length),
        example,
      ),
    )
  await check(mutated, 250)
  t.pass()
})

t.test('random octets, as a file has them', async t => {
  const { loadConfiguration } = await import('../../src/config/load.ts')
  const { writeFile } = await import('node:fs/promises')
  const file = join(t.testdir({}), 'f.yaml')
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async octets => {
      await writeFile(file, octets)
      const result = await loadConfiguration({ file, ...on() })
      return result.kind === 'ok' || result.problems.every(({ line, column }) => line >= 1 && column >= 1)
    }),
    { numRuns: 150 },
  )
  t.pass()
})

t.test('random flags, over random files', async t => {
  const listen = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('outside=127.0.0.1:0', 'inside=[::1]:25', 'management=10.0.0.1:80'),
    ),
    { maxLength: 3 },
  )
  const flags = fc.record(
    {
      listen,
      nextHop: fc.string({ unit: 'binary' }),
      domain: fc.array(fc.oneof(fc.domain(), fc.string())),
      data: fc.string(),
      threads: fc.string(),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(flags, tree, async (given, value) => {
      const overrides = parseOverrides(given)
      if (isProblems(overrides)) return overrides.length > 0
      // What the flags say is valid: over no file, only a rule between settings may object.
      const alone = await loadText('', { overrides, ...on() })
      const over = await loadText(stringify(value), { overrides, ...on() })
      const placed = over.kind === 'ok' || over.problems.every(({ line }) => line >= 1)
      return (
        placed &&
        (alone.kind === 'ok' || alone.problems.every(({ path }) => /^(domains|nextHop|zones)/.test(path)))
      )
    }),
    { numRuns: 250 },
  )
  t.pass()
})

// Promise 6: the one path by which a configured text could reach an SMTP command is this output.
t.test('no text of any key keeps a line break', async t => {
  walk((path, node) => {
    for (const each of node.examples ?? []) {
      const spoiled = JSON.parse(JSON.stringify(each), (_, inner) =>
        typeof inner === 'string' ? `${inner}\r\nRSET` : inner,
      )
      if (JSON.stringify(spoiled) === JSON.stringify(each)) continue
      const file = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), spoiled)
      t.notOk(schema.safeParse(file).success, path.join('.'))
    }
  })
})
