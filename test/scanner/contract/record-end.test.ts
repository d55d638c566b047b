/**
 * Words at the very end of a message, where the octets behind them begin a character that never ends.
 *
 * The native scanner once looked for that character before the beginning of its window, which ended the process.
 */
import t from 'tap'
import { matchesOf } from '#scanner/output.ts'
import type { Pattern } from '#scanner/pattern.ts'
import { preparePatterns } from '#scanner/patterns/prepare.ts'
import { scan } from '../difference.ts'
import { availableEngines } from '../engines.ts'

const patterns = ['whole', 'end', 'none'].map(
  word =>
    ({
      kind: 'literal',
      text: 'stop',
      caseless: true,
      word,
      zones: ['wire', 'attachment', 'source'],
    }) as Pattern,
)
const header = 'MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n\r\n'

for (const engine of availableEngines().engines)
  t.test(`${engine.name}: a word before an unfinished character at the end is found`, async t => {
    const prepared = await preparePatterns(patterns, { engine: engine.name })
    if (prepared.kind === 'failed') throw new Error(prepared.reason)
    const scanner = engine.open({ patterns: prepared.set })
    for (const tail of ['', '\xc3', '\xe2\x82', '\xf0\x9f\x98', '\xc3\xa9', '.', '\xff'])
      for (const before of ['', 'x'.repeat(5), 'x '.repeat(40_000)]) {
        const mail = Buffer.from(`${header}${before} stop${tail}`, 'latin1')
        for (const cut of [mail.length, mail.length - 1, mail.length - tail.length, 1_000]) {
          const found = matchesOf(scan(scanner, mail, [Math.max(0, cut)])).map(
            ({ pattern, zone }) => `${zone} ${pattern}`,
          )
          const whole = tail === '\xc3\xa9' ? [2] : [0, 1, 2]
          const expected = whole.flatMap(pattern => [`attachment ${pattern}`, `wire ${pattern}`]).sort()
          t.strictSame(
            found.sort(),
            expected,
            `${JSON.stringify(tail)} behind ${before.length}, cut at ${cut}`,
          )
        }
      }
    prepared.set.release()
  })
