/** The journal on disk: what a crash, damage, and a flood of reports leave of it. */
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { mostOfDay, oldest, openJournal } from '#content/spam/learning/journal.ts'
import { decodeReports, encodeReport } from '#content/spam/learning/record.ts'
import { administrator, type Report, reporterOf, reportOf } from '#content/spam/learning/report.ts'

const now = Date.UTC(2026, 4, 10)
const day = 86_400_000
const report = (user: string, number = 0, at = now): Report =>
  reportOf(
    reporterOf(user)!,
    number % 2 === 0,
    [Uint32Array.of(number, 5, 2 ** 24 - 1), new Uint32Array(0), Uint32Array.of(9), Uint32Array.of(1, 2)],
    at,
  )
const some = [report('one@example.org', 1), report('two@example.org', 2), report(administrator, 3)]
const fileIn = (folder: string) => join(folder, readdirSync(folder)[0]!)

t.test('what was appended is read again, by whoever opens the journal next', async t => {
  const folder = join(t.testdir(), 'reports')
  t.same(await openJournal(folder, () => now).read(), { reports: [], lost: 0 }, 'there is none yet')
  t.same(await openJournal(folder, () => now).append(some.slice(0, 2)), { kind: 'kept', reports: 2 })
  await openJournal(folder, () => now).append(some.slice(2))
  t.same(await openJournal(folder, () => now).read(), { reports: some, lost: 0 })
})

t.test(
  'a torn tail is a number and not a crash, wherever it was torn, and the next report is found',
  async t => {
    const folder = join(t.testdir(), 'reports')
    await openJournal(folder, () => now).append(some)
    const path = fileIn(folder)
    const whole = readFileSync(path)
    const last = encodeReport(some[2]!).length
    for (let torn = 1; torn < last; torn += 7) {
      writeFileSync(path, whole)
      truncateSync(path, whole.length - torn)
      const journal = openJournal(folder, () => now)
      t.same(await journal.read(), { reports: some.slice(0, 2), lost: last - torn })
      await journal.append([report('four@example.org', 4)])
      t.same((await journal.read()).reports.length, 3, `torn by ${torn}`)
    }
  },
)

t.test('damage costs the record that it is in', async () => {
  const octets = Buffer.concat(some.map(encodeReport))
  fc.assert(
    fc.property(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Buffer.from(octets)
      damaged[at] = damaged[at]! ^ change
      const { reports, lost } = decodeReports(damaged)
      return reports.length === 2 && lost > 0
    }),
  )
})

t.test('whatever octets stand there, reading ends without an exception', async () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.uint8Array(), fc.constant(encodeReport(some[0]!)))), pieces => {
      const { reports, lost } = decodeReports(Buffer.concat(pieces))
      return reports.length >= 0 && lost >= 0
    }),
  )
})

t.test('a user who reports by the hundreds is refused, and others are not', async t => {
  const folder = join(t.testdir(), 'reports')
  const journal = openJournal(folder, () => now)
  const many = (count: number) => Array.from({ length: count }, (_, each) => report('loud@example.org', each))
  t.match(await journal.append(many(mostOfDay)), { kind: 'kept' })
  t.same(await journal.append(many(1)), {
    kind: 'refused',
    reason: `loud@example.org has reported more than ${mostOfDay} messages within a day`,
  })
  t.match(await journal.append([report('quiet@example.org')]), { kind: 'kept' })
  t.match(await openJournal(folder, () => now + 2 * day).append(many(1)), { kind: 'kept' }, 'after a day')
  t.equal((await journal.read()).reports.length, mostOfDay + 2)
})

t.test('reports end after half a year, and their files with them', async t => {
  const folder = join(t.testdir(), 'reports')
  await openJournal(folder, () => now).append(some)
  const later = openJournal(folder, () => now + oldest + 1)
  t.same((await later.read()).reports, [])
  const last = openJournal(folder, () => now + oldest + 40 * day)
  await last.append([report('one@example.org', 0, now + oldest + 40 * day)])
  t.same(readdirSync(folder), ['2026-12.reports'])
})

t.test('another file beside the months is left alone', async t => {
  const folder = t.testdir({ 'notes.txt': 'mine' })
  const journal = openJournal(folder, () => now)
  await journal.append(some)
  appendFileSync(join(folder, 'notes.txt'), '!')
  t.same((await journal.read()).lost, 0)
})

t.test('a reporter is an address, whatever its capitals and its detail', async t => {
  t.equal(reporterOf('Jo+Spam@Example.ORG'), 'jo@example.org')
  t.equal(reporterOf('+odd@example.org'), '+odd@example.org')
  for (const wrong of [
    'jo',
    '@example.org',
    'jo@',
    'jo miller@example.org',
    'jo\n@example.org',
    `${'x'.repeat(400)}@a.b`,
  ])
    t.equal(reporterOf(wrong), undefined, JSON.stringify(wrong))
})
