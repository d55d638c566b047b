/**
 * Updates on a directory of their own: what is installed, what is refused, and what is in force afterwards.
 */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readAttempt } from '../../../src/content/bundle/attempt.ts'
import { readPointer } from '../../../src/content/bundle/pointer.ts'
import { refusalReasons } from '../../../src/content/bundle/refusal.ts'
import { rollBack, type UpdateOptions, update } from '../../../src/content/bundle/update.ts'
import { bundleOf, inForce, january, makePair, siteAt } from './rig.ts'

const pair = makePair()

type Changes = { readonly force?: boolean; readonly site?: Partial<UpdateOptions> }

/** A bundle from a file; the outcome in a word. */
async function bring(directory: string, octets: Buffer, { force = false, site = {} }: Changes = {}) {
  const path = `${directory}.bundle`
  writeFileSync(path, octets)
  const options = { ...siteAt(directory, pair), ...site }
  const outcome = await update(options, { source: { kind: 'file', path }, force, patient: false })
  return outcome.kind === 'refused' ? outcome.reason : outcome.kind
}

const sequenceIn = async (directory: string) => (await inForce(directory, pair))?.manifest.sequence
const foldersIn = (directory: string) =>
  readdirSync(directory)
    .filter(name => /^(\d|staged)/.test(name))
    .sort()
const fresh = (t: Test) => join(t.testdir(), 'bundles')

t.test('a bundle is installed, the next takes its place, and the one before the last is removed', async t => {
  const directory = fresh(t)
  for (const sequence of [1, 2, 3])
    t.equal(await bring(directory, bundleOf(pair, sequence, 'purple')), 'switched')
  t.equal(await sequenceIn(directory), 3)
  t.strictSame(foldersIn(directory), ['2', '3'])
  t.equal(statSync(join(directory, '3')).mode & 0o077, 0)
  t.equal(statSync(join(directory, '3', 'words.yaml')).mode & 0o077, 0)
})

t.test('the same bundle again is nothing new', async t => {
  const directory = fresh(t)
  await bring(directory, bundleOf(pair, 1, 'purple'))
  t.equal(await bring(directory, bundleOf(pair, 1, 'purple')), 'unchanged')
})

t.test(
  'an older bundle is refused, also one of the present number with other rules, unless it is forced',
  async t => {
    const directory = fresh(t)
    await bring(directory, bundleOf(pair, 5, 'purple'))
    t.equal(await bring(directory, bundleOf(pair, 4, 'yellow')), 'replayed')
    t.equal(await bring(directory, bundleOf(pair, 5, 'yellow')), 'replayed')
    t.equal(await sequenceIn(directory), 5)
    t.equal(await bring(directory, bundleOf(pair, 4, 'yellow'), { force: true }), 'switched')
    t.equal(await sequenceIn(directory), 4)
    // What was forced out stays out: a mirror that still has it does not bring it back.
    t.equal(await bring(directory, bundleOf(pair, 5, 'purple')), 'replayed')
    t.equal(await bring(directory, bundleOf(pair, 6, 'green')), 'switched')
  },
)

t.test(
  'the bundle in force can be forced once more, without touching its folder before the switch',
  async t => {
    const directory = fresh(t)
    await bring(directory, bundleOf(pair, 5, 'purple'))
    t.equal(await bring(directory, bundleOf(pair, 5, 'purple'), { force: true }), 'switched')
    t.strictSame(foldersIn(directory), ['5', '5.1'])
    t.equal(await sequenceIn(directory), 5)
  },
)

t.test('expired, of another series, or for a newer program: each is refused with its reason', async t => {
  const directory = fresh(t)
  await bring(directory, bundleOf(pair, 1, 'purple'))
  const rows = [
    { more: { expires: january + 1_000 }, reason: 'expired' },
    { more: { name: 'others' }, reason: 'series' },
  ]
  for (const { more, reason } of rows) {
    t.equal(await bring(directory, bundleOf(pair, 2, 'purple', more)), reason)
    t.equal(await sequenceIn(directory), 1)
  }
  const newer = bundleOf(pair, 2, 'purple', { minimumVersion: '0.2.0' })
  for (const force of [false, true]) t.equal(await bring(directory, newer, { force }), 'version')
  t.equal(await bring(directory, newer, { site: { version: '1.0.0' } }), 'switched')
  t.equal(
    await bring(directory, bundleOf(pair, 1, 'purple', { name: 'others' }), { force: true }),
    'switched',
  )
  t.equal(await bring(directory, bundleOf(pair, 2, 'purple', { name: 'others' })), 'switched')
})

t.test('force does not make up for a wrong signature, and nothing of such a bundle is written', async t => {
  const directory = fresh(t)
  const octets = bundleOf(makePair(), 1, 'purple')
  t.equal(await bring(directory, octets, { force: true }), 'untrusted')
  t.strictSame(readdirSync(directory).sort(), ['last-attempt.json', 'lock'])
})

t.test(
  'a bundle that cannot be used, or is not taken over, leaves the one before it, and says why',
  async t => {
    const directory = fresh(t)
    await bring(directory, bundleOf(pair, 1, 'purple'))
    const check = async () => 'words.yaml, line 3: no'
    t.equal(await bring(directory, bundleOf(pair, 2, 'purple'), { site: { check } }), 'unusable')
    t.match(await readAttempt(directory), { outcome: 'refused', reason: 'unusable', sentence: /line 3/ })
    const takeOver = async () => ({ kind: 'refused', sentence: 'a thread has gone' }) as const
    t.equal(await bring(directory, bundleOf(pair, 2, 'purple'), { site: { takeOver } }), 'not-taken')
    t.match(await readAttempt(directory), { reason: 'not-taken', sentence: 'a thread has gone' })
    t.equal(await sequenceIn(directory), 1)
    t.strictSame(foldersIn(directory), ['1'])
    // It may come again once the reason is gone.
    t.equal(await bring(directory, bundleOf(pair, 2, 'purple')), 'switched')
  },
)

t.test('the first bundle, not taken over, leaves none', async t => {
  const directory = fresh(t)
  const takeOver = async (): Promise<never> => {
    throw new Error('the connection broke')
  }
  t.equal(await bring(directory, bundleOf(pair, 1, 'purple'), { site: { takeOver } }), 'not-taken')
  t.equal(await sequenceIn(directory), undefined)
})

t.test('rolled back, the bundle before is in force, and the other does not come back by itself', async t => {
  const directory = fresh(t)
  t.match(await rollBack(siteAt(directory, pair)), { kind: 'refused', reason: 'none' })
  for (const sequence of [1, 2]) await bring(directory, bundleOf(pair, sequence, 'purple'))
  t.match(await rollBack(siteAt(directory, pair)), { kind: 'switched', manifest: { sequence: 1 } })
  t.equal(await sequenceIn(directory), 1)
  t.match(await rollBack(siteAt(directory, pair)), { kind: 'refused', reason: 'none' })
  t.equal(await bring(directory, bundleOf(pair, 2, 'purple')), 'replayed')
  t.equal(await bring(directory, bundleOf(pair, 3, 'purple')), 'switched')
})

t.test('a second update at the same time is refused', async t => {
  const directory = fresh(t)
  await bring(directory, bundleOf(pair, 1, 'purple'))
  const during = Promise.withResolvers<string>()
  const check = async () => {
    during.resolve(await bring(directory, bundleOf(pair, 3, 'purple')))
    return undefined
  }
  t.equal(await bring(directory, bundleOf(pair, 2, 'purple'), { site: { check } }), 'switched')
  t.equal(await during.promise, 'busy')
})

t.test('a damaged pointer keeps bundles out until somebody forces one in', async t => {
  const directory = fresh(t)
  await bring(directory, bundleOf(pair, 5, 'purple'))
  writeFileSync(join(directory, 'in-force.json'), '{"current":"../../etc","name":"rules","highest":5}')
  t.strictSame(await readPointer(directory), { kind: 'damaged' })
  t.equal(await bring(directory, bundleOf(pair, 4, 'purple')), 'storage')
  t.equal(await bring(directory, bundleOf(pair, 6, 'purple'), { force: true }), 'switched')
  t.equal(await sequenceIn(directory), 6)
})

t.test('a bundle whose files were changed on disk is not opened', async t => {
  const directory = fresh(t)
  await bring(directory, bundleOf(pair, 1, 'purple'))
  writeFileSync(join(directory, '1', 'words.yaml'), 'rules: {}')
  await t.rejects(inForce(directory, pair), /was changed/)
  rmSync(join(directory, '1'), { recursive: true })
  await t.rejects(inForce(directory, pair), /cannot be read/)
  // The same bundle mends it.
  t.equal(await bring(directory, bundleOf(pair, 1, 'purple'), { force: true }), 'switched')
  t.equal(await sequenceIn(directory), 1)
})

t.test('each reason is explained in the manual, and no stranger is', async t => {
  const page = readFileSync(join(import.meta.dirname, '../../../appliance/manual/updates.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, name, sentence]) => [
    name,
    sentence,
  ])
  t.strictSame(
    rows.map(([name]) => name),
    Object.keys(refusalReasons),
  )
})
