/** What a pattern costs is told alone of others, and told about right whatever else the machine does. */
import t from 'tap'
import { createProbe } from '#scanner/patterns/probe.ts'
import { core, needsNative, regex } from './patterns.ts'

t.test(
  'an expression that has to look at each octet costs more than one that a rare word tells',
  needsNative,
  async t => {
    if (core === undefined) return
    const probe = createProbe(core, 2_000)
    const costOf = (source: string) => {
      const { image, refusal } = core!.compilePatterns([regex(source)])
      if (image === undefined) throw new Error(refusal)
      const database = core!.loadPatterns(image)
      if (typeof database === 'string') throw new Error(database)
      const cost = probe(database)
      database.release()
      return cost
    }
    const [rare, everywhere] = [costOf('zqxjkvbw'), costOf('[a-z]{2}.{3,40}[aeiou]{2}x')]
    t.ok(rare.ordinary >= 0 && rare.hostile >= 0, 'no price is negative')
    t.ok(everywhere.ordinary > 4 * rare.ordinary + 100, `${everywhere.ordinary} against ${rare.ordinary}`)
    t.not(everywhere.slowest, '', 'the text that is slowest has a name')
  },
)
