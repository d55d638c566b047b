/** The split of the corpus: no source, and no text, is on both sides, and what may only be measured is not learned from. */
import t from 'tap'
import type { Mail } from '../../../bench/accuracy/mail.ts'
import { isModern } from '../../../bench/accuracy/mail.ts'
import { folds, split } from '../../../bench/accuracy/split.ts'

let count = 0
const mail = (fields: Partial<Mail>): Mail => {
  count++
  return {
    path: `${count}.eml`,
    label: 'ham',
    subset: 'markup-optin',
    year: 2019,
    measureOnly: false,
    sender: `${count % 40}.example`,
    text: `text ${count}`,
    ...fields,
  }
}
const several = (number: number, fields: Partial<Mail> = {}) =>
  Array.from({ length: number }, () => mail(fields))

const mails = [
  ...several(200),
  ...several(60, { subset: 'SA-spam_2', label: 'spam', year: 2002 }),
  ...several(30, { subset: 'SA-easy_ham', year: 2002 }),
  ...several(30, { subset: 'listham-train-linux-man' }),
  ...several(30, { subset: 'listspam-linux-man', label: 'spam' }),
  ...several(30, { subset: 'listspam-relabelled-linux-man', label: 'spam' }),
  ...several(100, { subset: 'honeypot', label: 'spam', measureOnly: true }),
]

t.test('every mail is measured once, and learned in the other folds', async t => {
  const all = split(mails)
  t.equal(all.length, folds)
  t.equal(all.flatMap(({ measured }) => measured).length, mails.length)
  t.equal(new Set(all.flatMap(({ measured }) => measured)).size, mails.length)
  for (const { learned, measured } of all) {
    t.strictSame(
      learned.filter(one => measured.includes(one)),
      [],
    )
    t.equal(
      learned.length + measured.length,
      mails.length - 100 + measured.filter(one => one.measureOnly).length,
    )
  }
})

t.test('a list, its spam too, an archive and a sender are held back as a whole', async t => {
  for (const { learned, measured } of split(mails)) {
    const both = (key: (mail: Mail) => string) =>
      learned.map(key).filter(text => text !== '' && measured.map(key).includes(text))
    t.strictSame(
      both(({ subset }) => (subset.endsWith('linux-man') ? 'linux-man' : '')),
      [],
    )
    t.strictSame(
      both(({ subset }) => (subset === 'SA-easy_ham' ? subset : '')),
      [],
    )
    t.strictSame(
      both(({ subset, sender }) => (subset === 'markup-optin' ? sender : '')),
      [],
    )
  }
})

t.test('mails that say the same stay together, wherever they come from', async t => {
  const copies = ['SA-easy_ham', 'SA-easy_ham_2', 'listham-train-usrp-users', 'markup-optin'].map(subset =>
    mail({ subset, text: 'the same' }),
  )
  const holding = split([...mails, ...copies]).filter(({ measured }) =>
    measured.some(one => copies.includes(one)),
  )
  t.equal(holding.length, 1)
  t.notOk(holding[0]!.learned.some(one => copies.includes(one)))
})

t.test('nothing that may only be measured is learned, nor what says the same', async t => {
  const copy = mail({ text: mails.at(-1)!.text, label: 'spam' })
  const all = split([...mails, copy])
  t.notOk(all.some(({ learned }) => learned.some(one => one.measureOnly || one === copy)))
  t.equal(all.filter(({ measured }) => measured.includes(copy)).length, 1)
})

t.test('the folds do not depend on the order of the mails', async t => {
  const names = (list: readonly Mail[]) => list.map(({ path }) => path).sort()
  const backwards = split([...mails].reverse())
  for (const [index, { measured }] of split(mails).entries())
    t.strictSame(names(backwards[index]!.measured), names(measured))
})

t.test('a year in an archive of 2002 is forged; an archive without years is of our time', async t => {
  t.notOk(isModern({ subset: 'SA-spam_2', year: 2020 }))
  t.ok(isModern({ subset: 'cw-l', year: 0 }))
  t.ok(isModern({ subset: 'listspam-linux-man', year: 2019 }))
})
