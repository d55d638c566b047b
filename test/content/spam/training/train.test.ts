/** A training from end to end: mail in whatever form, on however many threads, gives the same model, and one that works. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findFiles } from '#content/spam/training/find-files.ts'
import { gather, type MailFile } from '#content/spam/training/gather.ts'
import { defaultRecipe } from '#content/spam/training/recipe.ts'
import { train } from '#content/spam/training/train.ts'
import { chooseEngine } from '#scanner/engine.ts'
import { extractFeatures } from '#scanner/features/features.ts'
import { modelOf } from '#scanner/features/model.ts'
import { decodeModel, encodeModel } from '#scanner/features/model-file.ts'
import { madeUpMail, writeMails } from './made-up.ts'

const each = 60
const recipe = {
  ...defaultRecipe,
  options: { ...defaultRecipe.options, bits: [14, 12, 12, 10] as const },
  leastMails: 2,
  folds: 2,
}

function filesOf(folder: string, spam: boolean): readonly MailFile[] {
  const found = findFiles(folder)
  if ('refusal' in found) throw new Error(found.refusal)
  return found.files.map(path => ({ path, spam }))
}

async function trained(ham: string, spam: string, threads: number) {
  const gathered = await gather([...filesOf(ham, false), ...filesOf(spam, true)], {
    options: recipe.options,
    threads,
  })
  const { model, heldOut } = await train(gathered, { name: 'made up', threads, recipe })
  return { gathered, heldOut, file: encodeModel(model, 'float16') }
}

t.test(
  'the same mails give the same file: from single files, Maildir with CRLF, or mbox; on 1 or 3 threads',
  async t => {
    const folder = t.testdir()
    const ham = writeMails(join(folder, 'ham'), false, each)
    const spam = writeMails(join(folder, 'spam'), true, each)
    const first = await trained(ham, spam, 1)

    const maildir = join(folder, 'Maildir')
    for (const name of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, '.Sent', name), { recursive: true })
    for (const name of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, name))
    const places = ['cur', 'new', '.Sent/cur']
    for (let seed = 0; seed < each; seed++)
      writeFileSync(
        join(maildir, places[seed % 3]!, `${each - seed}:2,S`),
        madeUpMail(false, seed).replaceAll('\n', '\r\n'),
      )
    writeFileSync(join(maildir, 'tmp', 'half'), madeUpMail(false, each + 1))
    writeFileSync(join(maildir, 'index.cache'), 'not: mail\n\nat all\n')
    const mbox = join(folder, 'spam.mbox')
    const messages = Array.from({ length: each }, (_, seed) => madeUpMail(true, each - 1 - seed))
    writeFileSync(
      mbox,
      messages.map(text => `From x@example.org Tue Mar  5 10:11:12 2024\n${text}\n`).join(''),
    )
    const other = await trained(maildir, mbox, 3)
    t.ok(first.file.equals(other.file))
    t.equal(other.gathered.skipped.length, 0)
  },
)

t.test('a mail that comes twice counts once, and one that is both is told by its names', async t => {
  const folder = t.testdir()
  const ham = writeMails(join(folder, 'ham'), false, 10)
  const spam = writeMails(join(folder, 'spam'), true, 10)
  const gathered = (threads: number) =>
    gather([...filesOf(ham, false), ...filesOf(spam, true)], { options: recipe.options, threads })
  const first = await gathered(2)
  writeFileSync(join(ham, 'again.eml'), madeUpMail(false, 7).replaceAll('\n', '\r\n'))
  const again = await gathered(1)
  t.same([first.duplicates, again.duplicates], [0, 1])
  t.same(again.hashes, first.hashes)
  writeFileSync(join(spam, 'both.eml'), madeUpMail(false, 7))
  const { conflicts } = await gathered(1)
  t.same(conflicts, [[join(ham, '7.eml'), join(spam, 'both.eml')]])
})

t.test('what cannot be used is told by name and left out', async t => {
  const folder = t.testdir({
    'empty.eml': '',
    'picture.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]),
    '.hidden': 'A: b\n\n',
    sub: { 'mail.eml': 'A: b\n\nc\n', 'page.html': '<html>\n' },
  })
  const gathered = await gather(filesOf(folder, false), { options: recipe.options, threads: 2 })
  t.equal(gathered.store.label.length, 1)
  t.same(
    gathered.skipped.map(({ name }) => name),
    ['empty.eml', 'picture.png', 'sub/page.html'].map(name => join(folder, name)),
  )
})

t.test('the model tells apart what it has not seen, and said before how well', async t => {
  const folder = t.testdir()
  const { file, heldOut } = await trained(
    writeMails(join(folder, 'ham'), false, 120),
    writeMails(join(folder, 'spam'), true, 120),
    2,
  )
  t.equal(heldOut.mails.length, 240)
  t.ok(heldOut.measured.points[1]!.recall > 0.7)
  const read = decodeModel(file)
  if (!('content' in read)) throw new Error(read.refusal)
  const model = modelOf(read.content)
  const choice = chooseEngine()
  if (choice.kind === 'refused') throw new Error(choice.reason)
  const scanner = choice.engine.open({})
  const wrong = Array.from({ length: 200 }, (_, index) => index % 2 === 1).filter((spam, index) => {
    scanner.write(Buffer.from(madeUpMail(spam, 10_000 + index).replaceAll('\n', '\r\n')))
    const { probability } = model.score(extractFeatures(scanner.end(), recipe.options))
    return probability > 0.5 !== spam
  })
  t.ok(wrong.length <= 10, `${wrong.length} of 200 wrong`)
})
