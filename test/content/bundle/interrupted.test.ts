/**
 * Killed at every step of an installation: the old bundle is in force or the new one, whole, and the next update works.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { encodeBundle } from '../../../src/content/bundle/container.ts'
import { update } from '../../../src/content/bundle/update.ts'
import { run } from '../../peers/process.ts'
import { bundleOf, draft, inForce, lexicon, makePair, siteAt } from './rig.ts'

const pair = makePair()
const child = join(import.meta.dirname, 'interrupted-update.ts')

const words = (phrase: string) => ({ 'a.yaml': lexicon('a', phrase), 'b.yaml': lexicon('b', phrase) })

t.test('whatever step an update is killed at, one bundle is in force, all of it', async t => {
  const root = t.testdir()
  const file = (sequence: number, phrase: string) => {
    const path = join(root, `${sequence}.bundle`)
    writeFileSync(path, encodeBundle(draft(sequence, words(phrase)), pair.secret))
    return path
  }
  const start = join(root, 'start')
  for (const sequence of [1, 2])
    await update(siteAt(start, pair), {
      source: { kind: 'file', path: file(sequence, 'old') },
      force: false,
      patient: false,
    })
  const next = file(3, 'new')
  const seen = new Set<number>()
  let steps = Number.POSITIVE_INFINITY
  for (let deadly = 1; deadly <= steps; deadly++) {
    const directory = join(root, `killed-${deadly}`)
    cpSync(start, directory, { recursive: true })
    const args = [child, directory, next, pair.pem, pair.open.text, String(deadly)]
    const { code, output } = await run(process.execPath, args)
    if (code === 0) steps = Number(output)
    const bundle = await inForce(directory, pair)
    const phrase = bundle?.manifest.sequence === 3 ? 'new' : 'old'
    seen.add(bundle?.manifest.sequence ?? 0)
    for (const path of bundle?.lexicons ?? []) t.match(readFileSync(path, 'utf8'), phrase, `step ${deadly}`)
    t.equal(bundle?.lexicons.length, 2)
    const outcome = await update(siteAt(directory, pair), {
      source: { kind: 'file', path: file(4, 'newest') },
      force: false,
      patient: false,
    })
    t.match(outcome, { kind: 'switched', manifest: { sequence: 4 } }, `after step ${deadly}`)
    const left = readdirSync(directory).filter(
      name => name.startsWith('staged') || name.startsWith('in-force.json.'),
    )
    t.strictSame(left, [], `what step ${deadly} left is cleared up`)
  }
  t.ok(steps >= 7 && Number.isFinite(steps), `${steps} steps`)
  t.strictSame([...seen].sort(), [2, 3], 'both outcomes were seen')
})

t.test('a full directory leaves the old bundle', async t => {
  const directory = join(t.testdir(), 'bundles')
  const path = join(t.testdirName, 'x.bundle')
  writeFileSync(path, bundleOf(pair, 1, 'old'))
  const source = { kind: 'file', path } as const
  await update(siteAt(directory, pair), { source, force: false, patient: false })
  writeFileSync(path, bundleOf(pair, 2, 'new'))
  for (let failing = 1; failing <= 6; failing++) {
    let steps = 0
    const onStep = () => {
      if (++steps === failing) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    }
    const outcome = await update(siteAt(directory, pair, { onStep }), {
      source,
      force: false,
      patient: false,
    })
    t.match(outcome, { kind: 'refused', reason: 'storage', sentence: /no space/ }, `step ${failing}`)
    t.equal((await inForce(directory, pair))?.manifest.sequence, 1)
  }
})
