/** Twice the text costs about twice as much, whatever the text: nothing in the readers is more than linear. */
import t from 'tap'
import { type Kind, readers } from '../../scanner/typescript/text/reading.ts'

const hard: readonly (readonly [what: string, kind: Kind, part: string])[] = [
  ['words', 'plain', 'some words and more '],
  ['one word without end', 'plain', 'x'],
  ['characters without width', 'plain', 'a\u200b'],
  ['beginnings of links', 'plain', 'http://'],
  ['at signs', 'plain', 'a@'],
  ['dots and slashes', 'plain', 'www./'],
  ['domains', 'plain', 'a.bc/'],
  ['brackets behind a link', 'plain', ')'],
  ['tags', 'html', '<p>x</p>'],
  ['elements without end', 'html', '<div>'],
  ['formatting without end', 'html', '<p><b>x'],
  ['formatting that ends across blocks', 'html', '<b><div></b>'],
  ['end tags of nothing', 'html', '</x></b></p>'],
  ['anchors in anchors', 'html', '<a href=http://x>'],
  ['cells without rows', 'html', '<td><table>'],
  ['attributes', 'html', '<a href=x '],
  ['one attribute without end', 'html', '<a href="x'],
  ['styles', 'html', '<p style="color:#fff;;(('],
  ['rules', 'html', '<style>a,b.c{color:#fff}</style><b class="a b c d e f">'],
  ['comments', 'html', '<!-- -- --!'],
  ['entities', 'html', '&notit&#1'],
  ['less-than signs', 'html', '<'],
  ['raw text', 'html', '<script></scrip'],
]

const cost = (run: () => void) => {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return user + system
}
const best = (times: number, run: () => void) => Math.min(...Array.from({ length: times }, () => cost(run)))

const size = 64 * 1_024

for (const [name, read] of readers) {
  t.test(`${name}: twice the text costs at most three times as much`, async t => {
    for (const [what, kind, part] of hard) {
      const text = part.repeat(size / part.length)
      const twice = text + text
      // A machine that others use may disturb any measurement: one good one of several is enough.
      let growth = Number.POSITIVE_INFINITY
      for (let i = 0; i < 5 && growth > 3; i++)
        growth =
          best(3, () => read(kind, twice)) /
          Math.max(
            1_000,
            best(3, () => read(kind, text)),
          )
      t.ok(growth <= 3, `${what}: ${growth.toFixed(1)} times`)
    }
  })
}
