/**
 * The tables that C++ was compiled with are those of TypeScript: names, numbers, order.
 */
import t from 'tap'
import { flagNames } from '#scanner/flag.ts'
import * as layout from '#scanner/layout.ts'
import { layoutDifference, loadNative } from '#scanner/native.ts'

const native = loadNative()

t.test('the addon has the zones, columns and flags that we have', async t => {
  t.notOk('reason' in native && native.reason)
  if ('reason' in native) return
  const theirs = native.core.layout
  for (const [name, ours] of Object.entries({ ...layout, flags: flagNames }))
    t.strictSame(theirs[name], ours, name)
})

t.test('an addon with one name more, one less, or two exchanged is noticed', async t => {
  const ours = { ...layout, flags: flagNames }
  t.equal(layoutDifference(ours), undefined)
  t.equal(layoutDifference({ ...ours, flags: [...flagNames, 'another'] }), 'flags')
  t.equal(layoutDifference({ ...ours, partColumns: layout.partColumns.slice(1) }), 'partColumns')
  t.equal(layoutDifference({ ...ours, zones: [...layout.zones].reverse() }), 'zones')
  t.equal(layoutDifference({ ...ours, none: 0 }), 'none')
  t.equal(layoutDifference(undefined), 'zones')
})
