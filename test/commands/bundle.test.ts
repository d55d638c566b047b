/**
 * `sluice bundle` and `sluice update` as whoever makes rules and whoever runs a gateway type them.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lexicon } from '../content/bundle/rig.ts'
import { sluiceCommand } from '../peers/sluice.ts'

t.setTimeout(120_000)

const folder = t.testdir({
  rules: { 'fraud.yaml': lexicon('fraud', 'purple elephant'), 'README.md': 'not for a bundle' },
  failing: { 'fraud.yaml': lexicon('fraud', 'purple', 'yellow') },
  twice: { 'fraud.yaml': lexicon('other', 'purple') },
  empty: { 'README.md': 'x' },
  capital: { 'Fraud.yaml': lexicon('other', 'purple') },
})
const at = (name: string) => join(folder, name)
const sluice = (...args: string[]) => sluiceCommand(...args)

t.test('a key pair: the private one is for its owner alone, and no file is written over', async t => {
  const made = await sluice('bundle', 'key', '--output', at('key'))
  t.equal(made.code, 0)
  t.match(made.output, /^[A-Za-z0-9+/]{43}=\n$/)
  t.equal(readFileSync(at('key.pub'), 'utf8'), made.output)
  t.equal(statSync(at('key')).mode & 0o777, 0o600)
  t.notMatch(made.output + made.errors, /PRIVATE/)
  const before = readFileSync(at('key'), 'utf8')
  t.equal((await sluice('bundle', 'key', '--output', at('key'))).code, 1)
  t.equal(readFileSync(at('key'), 'utf8'), before)
})

t.test('create, verify, and install without a gateway', async t => {
  const made = await sluice(
    'bundle',
    'create',
    '--key',
    at('key'),
    '--output',
    at('a.bundle'),
    '--sequence',
    '7',
    at('rules'),
  )
  t.equal(made.code, 0, made.errors)
  t.match(made.output, /bundle 7 of rules, 1 files/)
  const verified = await sluice('bundle', 'verify', '--json', '--key', at('key.pub'), at('a.bundle'))
  t.equal(verified.code, 0)
  t.match(JSON.parse(verified.output), { valid: true, sequence: 7, files: [{ name: 'fraud.yaml' }] })
  const config = at('sluice.yaml')
  writeFileSync(config, JSON.stringify({ data: at('data') }))
  const update = (...args: string[]) => sluice('update', '--config', config, ...args)
  t.match(await update(at('a.bundle')), { code: 1, errors: /no key is trusted: name one in updates\.keys/ })
  const key = readFileSync(at('key.pub'), 'utf8').trim()
  writeFileSync(config, JSON.stringify({ data: at('data'), updates: { keys: [key] } }))
  t.match(await update(), { code: 1, errors: /Name a file or a URL, or set updates\.url/ })
  t.match(await update(at('a.bundle')), { code: 0, output: /Bundle 7 of rules is in force; no gateway runs/ })
  t.match(await update('--status'), { code: 0, output: /in force +bundle 7 of rules, 1 files/ })
  t.match(await update('--rollback'), { code: 1, errors: /there is no bundle before this one/ })
  t.equal((await update('--status', '--rollback')).code, 2)
})

t.test('what nobody could use is not signed', async t => {
  const rows: readonly [string[], RegExp][] = [
    [[at('failing')], /"fraud" does not match this sample/],
    [[at('rules'), at('twice')], /have the same name/],
    [[at('capital')], /names have small letters/],
    [[at('empty')], /nothing in these folders/],
  ]
  for (const [paths, reason] of rows) {
    const made = await sluice('bundle', 'create', '--key', at('key'), '--output', at('b.bundle'), ...paths)
    t.match(made, { code: 1, errors: reason })
  }
  t.notOk(existsSync(at('b.bundle')))
})
