/**
 * What is made from the schema: defaults, JSON Schema, manual page, printed configuration, example file.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { type JsonSchema, jsonSchema, schemasAt, walk } from '../../src/config/json-schema.ts'
import { loadText } from '../../src/config/load.ts'
import { manual } from '../../src/config/manual.ts'
import { printConfiguration } from '../../src/config/print.ts'
import type { FileFact } from '../../src/config/rules/machine.ts'
import { schema } from '../../src/config/schema.ts'
import { on } from './machine.ts'

const pages = join(import.meta.dirname, '../../appliance/manual')
const example = readFileSync(join(pages, 'sluice.example.yaml'), 'utf8')
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, keywords: ['unit'] }).compile(jsonSchema)

const leaves: [path: readonly string[], node: JsonSchema][] = []
walk((path, node) => {
  if (node.properties === undefined) leaves.push([path, node])
})

/** The smallest file that says `value` at `path`. */
const fileWith = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)

t.test(
  'every key has a description, an example, and a default unless its absence means something',
  async t => {
    const withoutDefault = [
      'hostname',
      'tls.certificate',
      'tls.key',
      'users.file',
      'content.model',
      'spam.redirectTo',
      'updates.url',
    ]
    for (const [path, node] of leaves) {
      const name = path.join('.')
      t.match(node.description, /^.{10,}[.:]$/s, `${name} is described in a sentence`)
      t.ok((node.examples ?? []).length > 0, `${name} has an example`)
      t.equal(node.default === undefined, withoutDefault.includes(name), `default of ${name}`)
    }
    walk((path, node) => {
      if (node.properties !== undefined) t.match(node.description, /\.$/, `section ${path.join('.')}`)
    })
  },
)

t.test('every example of every key is accepted, by the program and by JSON Schema', async t => {
  for (const [path, node] of leaves)
    for (const each of node.examples ?? []) {
      const file = fileWith(path, each)
      t.ok(schema.safeParse(file).success, `${path.join('.')}: ${JSON.stringify(each)}`)
      t.ok(validate(file), `${path.join('.')}: ${JSON.stringify(each)} ${JSON.stringify(validate.errors)}`)
    }
})

t.test('every default that is shown is the default', async t => {
  const defaults = schema.parse({})
  for (const [path, node] of leaves) {
    if (node.default === undefined) continue
    t.strictSame(schema.parse(fileWith(path, node.default)), defaults, path.join('.'))
  }
})

t.test(
  'JSON Schema accepts no file, the example file and the printed defaults, and refuses an unknown key',
  async t => {
    t.ok(validate({}))
    t.ok(validate(parse(example)), JSON.stringify(validate.errors))
    t.ok(validate(parse(printConfiguration(schema.parse({})))), JSON.stringify(validate.errors))
    for (const [path] of leaves)
      t.notOk(validate(fileWith([...path.slice(0, -1), 'lisen'], 1)), path.join('.'))
    t.notOk(validate({ domains: { 'example.org': { nexthop: 'mx' } } }))
    t.equal((jsonSchema as { $schema?: string }).$schema, 'https://json-schema.org/draft/2020-12/schema')
  },
)

// An editor that shows red where the program says ok teaches people to ignore it.
t.test('what the program accepts, JSON Schema accepts', async t => {
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('5m', '1MiB', 'mx', 'off', '10.0.0.0/8', '127.0.0.1:25', ['1m'], 20, true, 'example.org'),
  )
  fc.assert(
    fc.property(fc.constantFrom(...leaves), values, ([path], value) => {
      const file = fileWith(path, value)
      return !schema.safeParse(file).success || validate(file)
    }),
    { numRuns: 2_000 },
  )
  t.pass()
})

t.test('the schema is found by path, through lists and names of the operator', async t => {
  t.ok(schemasAt(['zones', 'outside', 'listen', 3, 'port']).some(branch => branch.type === 'integer'))
  t.ok(schemasAt(['domains', 'example.org', 'nextHop']).some(branch => branch.type === 'array'))
  t.strictSame(schemasAt(['limits', 'toString']), [])
})

t.test('the manual page is the one that the schema makes', async t => {
  const page = readFileSync(join(pages, 'configuration.md'), 'utf8')
  t.equal(page, manual(), 'npm run -s sluice -- check --manual > appliance/manual/configuration.md')
  for (const [path] of leaves) t.ok(page.includes(`\`${path.at(-1)}\``), path.join('.'))
})

t.test('the example file is right, without a warning', async t => {
  const file = (mode: number): FileFact => ({ kind: 'file', mode, content: '' })
  const names = ['/etc/sluice/users']
  const text = example.replace(/^tls:\n(?: {2}.*\n)+/m, '')
  const result = await loadText(text, on({ files: new Map(names.map(name => [name, file(0o600)])) }))
  t.equal(result.kind, 'ok')
  t.strictSame(result.kind === 'ok' && result.warnings, [])
})

t.test('the example file, on a machine without its files, lacks only those', async t => {
  const result = await loadText(
    example,
    on({
      files: new Map(
        ['/etc/sluice/tls/mx1.pem', '/etc/sluice/tls/mx1.key', '/etc/sluice/users'].map(name => [
          name,
          { kind: 'missing' },
        ]),
      ),
    }),
  )
  t.strictSame(result.kind === 'invalid' && result.problems.map(({ path }) => path), [
    'tls.certificate',
    'tls.key',
    'users.file',
  ])
})

t.test('a printed configuration loads to the same configuration', async t => {
  const odd =
    'zones: {inside: {listen: [{address: "fd00::1", port: 465, tls: implicit, proxyFrom: [10.0.0.1]}]}}\ndomains: {"*": {nextHop: [a.example, b.example]}}\n'
  const text = example.replace(/^(tls|users):\n(?: {2}.*\n)+/gm, '')
  for (const source of ['', odd, text]) {
    const first = await loadText(source, on())
    if (first.kind === 'invalid') throw new Error(JSON.stringify(first.problems))
    const printed = printConfiguration(first.configuration)
    const second = await loadText(printed, { file: join(process.cwd(), 'sluice.yaml'), ...on() })
    const whole = { ...first.configuration, data: join(process.cwd(), first.configuration.data) }
    t.strictSame(
      second.kind === 'ok' && second.configuration,
      first.configuration.data.startsWith('/') ? first.configuration : whole,
    )
  }
  t.match(printConfiguration(schema.parse({})), /messageSize: 50MiB[\s\S]*command: 5m/)
})
