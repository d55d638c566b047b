/**
 * Files as they are met on a disk, and the machine that they are loaded on.
 */
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findConfigurationFile, loadConfiguration, loadText } from '../../src/config/load.ts'
import { inspect } from '../../src/config/rules/machine.ts'
import { schema } from '../../src/config/schema.ts'
import { on } from './machine.ts'

t.test('no file at all is a valid configuration', async t => {
  const result = await loadConfiguration(on())
  t.equal(result.kind, 'ok')
  t.strictSame(result.kind === 'ok' && result.configuration, schema.parse({}))
  t.strictSame(result.kind === 'ok' && result.warnings, [])
})

t.test('a configuration survives the way to a thread', async t => {
  const result = await loadText('domains: {example.org: {nextHop: 10.0.0.2}}', on())
  t.strictSame(
    result.kind === 'ok' && structuredClone(result.configuration),
    result.kind === 'ok' && result.configuration,
  )
})

t.test('a file that cannot be read is one problem with one sentence', async t => {
  const folder = t.testdir({})
  const path = (name: string) => join(folder, name)
  await mkdir(path('folder'))
  await writeFile(path('large'), '#'.repeat(2 ** 20 + 1))
  await writeFile(path('latin1'), Buffer.from('# ok\n# caf\xe9\n', 'latin1'))
  await symlink(path('circle'), path('circle'))
  execFileSync('mkfifo', [path('pipe')])
  for (const [name, line, reason] of [
    ['absent', 1, 'the file does not exist'],
    ['folder', 1, 'the file is a directory'],
    ['large', 1, 'the file is larger than 1 MiB'],
    ['latin1', 2, 'the file is not UTF-8'],
    ['circle', 1, 'the file is a symbolic link to itself'],
    // Would wait for a writer for ever.
    ['pipe', 1, 'the file is not a regular file'],
  ] as const) {
    const result = await loadConfiguration({ file: path(name), ...on() })
    t.equal(result.kind, 'invalid', name)
    t.match(result.kind === 'invalid' && result.problems, [{ file: path(name), line, reason }], name)
  }
  const device = await loadConfiguration({ file: '/dev/zero', ...on() })
  t.match(device, { kind: 'invalid', problems: [{ reason: 'the file is not a regular file' }] })
})

t.test('a byte order mark is no part of the first key', async t => {
  const file = join(t.testdir({}), 'sluice.yaml')
  await writeFile(file, '\ufeffthreads: 3\n')
  t.match(await loadConfiguration({ file, ...on() }), { kind: 'ok', configuration: { threads: 3 } })
})

t.test('relative paths in a file begin at its folder, the default at the working directory', async t => {
  const folder = t.testdir({ 'a.yaml': 'data: mail\nusers: {file: ./users}\n', 'b.yaml': 'threads: 1\n' })
  t.match(await loadConfiguration({ file: join(folder, 'a.yaml'), ...on() }), {
    configuration: { data: join(folder, 'mail'), users: { file: join(folder, 'users') } },
  })
  t.match(await loadConfiguration({ file: join(folder, 'b.yaml'), ...on() }), {
    configuration: { data: './data' },
  })
  t.match(await loadConfiguration({ file: join(folder, 'a.yaml'), overrides: { data: 'here' }, ...on() }), {
    configuration: { data: 'here' },
  })
})

t.test('the first candidate that exists is the file', async t => {
  const folder = t.testdir({ two: '', three: '' })
  const candidates = ['one', 'two', 'three'].map(name => join(folder, name))
  t.equal(findConfigurationFile(candidates), join(folder, 'two'))
  t.equal(findConfigurationFile([join(folder, 'one')]), undefined)
})

/** A key and its certificate, valid until a day of our choice. */
function makeCertificate(folder: string, name: string, days: number): void {
  const subject = ['-subj', '/CN=mx1.example.org', '-days', String(days), '-nodes']
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-keyout',
    join(folder, `${name}.key`),
  ]
  execFileSync('openssl', ['req', '-x509', ...key, ...subject, '-out', join(folder, `${name}.pem`)], {
    stdio: 'ignore',
  })
}

t.test('certificate and key are tried on each other before a client does', async t => {
  const folder = t.testdir({ empty: '' })
  makeCertificate(folder, 'good', 365)
  makeCertificate(folder, 'other', 365)
  makeCertificate(folder, 'short', 5)
  await chmod(join(folder, 'other.key'), 0o644)
  await chmod(join(folder, 'good.key'), 0o600)
  const judge = async (certificate: string, key: string) => {
    const text = `data: ${folder}\nspool: {minimumFree: 0}\ntls:\n  certificate: ${certificate}\n  key: ${key}\n`
    const result = await loadText(text, { file: join(folder, 'sluice.yaml') })
    const problems = result.kind === 'ok' ? result.warnings : result.problems
    return problems.map(({ line, reason }) => `${line} ${reason.replaceAll(folder, '')}`)
  }
  t.strictSame(await judge('good.pem', 'good.key'), [])
  t.strictSame(await judge('good.pem', 'other.key'), [
    '5 the key does not belong to the certificate',
    '5 every user of the machine may read /other.key',
  ])
  t.strictSame(await judge('empty', 'good.key'), ['4 the file holds no certificate in PEM form'])
  t.match(await judge('good.pem', 'empty'), ['5 the file holds no private key in PEM form', /every user/])
  t.match(await judge('short.pem', 'short.key'), [/^4 the certificate expires in [45] days$/])
  t.strictSame(await judge('absent.pem', 'good.key'), ['4 the file /absent.pem does not exist'])
  t.strictSame(await judge('good.pem', '.'), ['5 the file  is not a file'])
})

t.test('the data folder is looked at, or the one above it', async t => {
  const folder = t.testdir({ file: '' })
  const look = async (data: string) => (await inspect({ ...schema.parse({}), data })).data
  t.match(await look(folder), { kind: 'usable' })
  t.match(await look(join(folder, 'not', 'yet')), { kind: 'usable' })
  t.match(await look(join(folder, 'file')), { kind: 'unusable', why: 'is not a directory' })
  t.match(await look(join(folder, 'file', 'below')), { kind: 'unusable', why: 'is not a directory' })
})
