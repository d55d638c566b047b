/**
 * Rules proposed from samples of made-up campaigns: they hit the samples, leave ordinary mail alone, and pass their own tests.
 */
import t from 'tap'
import { checkLexicon } from '../../../../src/content/lexicon/check.ts'
import { readLexicon } from '../../../../src/content/lexicon/read.ts'
import { type ProposeOptions, propose } from '../../../../src/content/spam/proposals/propose.ts'
import { type Mail, tryRules } from '../../../../src/content/spam/proposals/trial.ts'
import { usableEngines } from '../../rig.ts'
import { each, lottery, mailOf, ordinaryMail } from './campaigns.ts'

// Compiling for the native scanner takes a second a time; one of the tests does.
const { engine } = usableEngines().at(-1)!

const against = (mails: readonly Mail[], more: Partial<ProposeOptions> = {}): ProposeOptions => ({
  engine,
  background: () => each(mails),
  share: 0.001,
  mostRules: 5,
  ...more,
})

/** As `sluice lexicon check` reads it. */
async function checked(text: string) {
  const read = readLexicon('proposal', text)
  if (read.kind === 'invalid') throw new Error(JSON.stringify(read.problems))
  const { problems, tests } = await checkLexicon(read.lexicon, read.locate, engine)
  return { lexicon: read.lexicon, problems, tests }
}

const ordinary = ordinaryMail(200)

t.test('the phrase that a campaign shares is found, and hits its next mails', async t => {
  const mails = lottery(20)
  const proposal = await propose(mails.slice(0, 6), against(ordinary))
  t.equal(proposal.rules.length, 1)
  t.match(proposal.rules[0], { name: /^proposed-/, background: { count: 0 } })
  t.strictSame(proposal.uncovered, [])
  t.match(proposal.lexicon, /golden heron/)
  const { lexicon, problems, tests } = await checked(proposal.lexicon)
  t.strictSame(problems, [])
  t.equal(tests, 2)
  const caught = await tryRules(lexicon, engine, mails, () => each(ordinary))
  t.equal(caught(proposal.rules[0]!.name).hits.length, 20)
  const native = await propose(mails.slice(0, 6), against(ordinary, { engine: usableEngines()[0]!.engine }))
  t.strictSame(native, proposal, 'whichever scanner serves')
})

t.test('the same messages give the same proposal', async t => {
  const proposals = [
    await propose(lottery(5), against(ordinary)),
    await propose(lottery(5), against(ordinary)),
  ]
  t.strictSame(proposals[0], proposals[1])
})

t.test('two campaigns give two rules', async t => {
  const parcels = Array.from({ length: 4 }, (_, index) =>
    mailOf(`parcel-${index}`, {
      from: `depot@m${index}.example`,
      subject: `Parcel ${index}`,
      text: `Your parcel waits.\r\nhttps://track${index}.quick-depot.example/${index * 977}\r\nKind regards`,
    }),
  )
  const proposal = await propose([...lottery(4), ...parcels], against(ordinary))
  t.equal(proposal.rules.length, 2)
  t.strictSame(proposal.uncovered, [])
  t.match(proposal.lexicon, /where: "urls"\n +phrase: "quick-depot\.example"|your parcel waits/)
  t.strictSame((await checked(proposal.lexicon)).problems, [])
})

t.test('a host, a file name, a mailer or a name of a sender that they share is enough', async t => {
  const letter = (index: number) => ({ subject: `x${index}`, text: `${index} ${'abcdefgh'[index]}` })
  const rows = [
    { what: 'file', more: { file: 'contract_scan.pdf.exe' }, expected: /"attachment-names"\n +phrase: "contract_scan\.pdf\.exe"/ },
    { what: 'host', more: (index: number) => ({ text: `see http://login.bank-check.example/${index}` }), expected: /"urls"\n +phrase: ".*bank-check\.example"/ },
    { what: 'mailer', more: { fields: ['X-Mailer: TurboBlast * 3.1'] }, expected: /"header x-mailer"\n +phrase: "turboblast \\\\\* 3\.1"/ },
    { what: 'name', more: { from: '"Support Desk Central" <x@example.net>' }, expected: /"from"\n +phrase: "(support desk central|@example\.net)"/ },
  ] // biome-ignore format: a table
  for (const { what, more, expected } of rows) {
    const samples = [0, 1, 2].map(index =>
      mailOf(`${what}-${index}`, {
        from: `a@m${index}.example`,
        ...letter(index),
        ...(typeof more === 'function' ? more(index) : more),
      }),
    )
    const proposal = await propose(samples, against(ordinary))
    t.match(proposal.lexicon, expected, what)
    t.equal(proposal.rules[0]?.samples.length, 3, what)
    t.strictSame((await checked(proposal.lexicon)).problems, [], what)
  }
})

t.test('what ordinary mail says too is never proposed', async t => {
  const samples = [0, 1, 2].map(index =>
    mailOf(`plain-${index}`, {
      from: 'ann@example.org',
      subject: 'Re: news',
      text: 'Your account statement is ready.',
    }),
  )
  const proposal = await propose(samples, against(ordinary))
  t.strictSame([proposal.rules, proposal.lexicon], [[], ''])
  t.equal(proposal.uncovered.length, 3)
})

t.test(
  'a phrase that is in some ordinary mail is proposed only when so large a share may be hit',
  async t => {
    const words = 'the golden heron sweepstake of the year'
    const few = [...ordinary, mailOf('news', { subject: 'A report on fraud', text: `Beware: ${words}` })]
    const samples = [0, 1, 2].map(index =>
      mailOf(`s${index}`, { from: `a@m${index}.example`, subject: `${index}`, text: words }),
    )
    const strict = await propose(samples, against(few))
    for (const { background } of strict.rules) t.equal(background.count, 0)
    t.notMatch(strict.lexicon, /sweepstake/)
    const loose = await propose(samples, against(few, { share: 0.05 }))
    t.match(loose.rules, [{ background: { count: 1, subjects: ['A report on fraud'] } }])
  },
)

t.test('samples that lie in the folder of ordinary mail do not stand in their own way', async t => {
  const samples = lottery(3)
  const proposal = await propose(samples, against([...ordinary, ...samples]))
  t.equal(proposal.rules.length, 1)
  t.equal(proposal.background, ordinary.length)
})

t.test('whom the mail was for is no part of a rule', async t => {
  const samples = [0, 1, 2].map(index =>
    mailOf(`s${index}`, {
      from: `a@m${index}.example`,
      to: 'Quentin Ferryman <quentin.ferryman@example.com>',
      subject: `${index}`,
      text: 'Hello Quentin Ferryman quentin ferryman quentin ferryman, write soon',
    }),
  )
  const proposal = await propose(samples, against(ordinary))
  t.notMatch(proposal.lexicon, /quentin|ferryman/i)
})

t.test('one sample is enough, also without any ordinary mail, and other scripts too', async t => {
  const rows = [
    'Your mailbox was drawn in the golden heron sweepstake of our foundation.',
    'Ваш почтовый ящик выбран золотой цаплей нашего большого фонда сегодня',
    '您的邮箱已被金鹭基金会抽中请立即联系我们领取奖金',
  ]
  for (const text of rows) {
    const proposal = await propose([mailOf('one', { subject: 'x', text })], against([]))
    t.equal(proposal.rules.length, 1, text)
    t.strictSame((await checked(proposal.lexicon)).problems, [])
  }
})

t.test('hostile samples are bounded, and their text cannot leave its quotes', async t => {
  const nasty = '"]}\\\u0000\u202e: - *&!%@`' + " 'x' # |\r\n---\r\nrules: {evil: 1}"
  const long = 'word '.repeat(200_000) + Array.from({ length: 20_000 }, (_, index) => `w${index}`).join(' ')
  const samples = [0, 1, 2].map(index =>
    mailOf(`s${index}`, {
      subject: nasty.replaceAll('\r\n', ' '),
      text: `${nasty}\r\n${long}`,
      file: 'a{b}[c]\u2028d: e.exe',
    }),
  )
  const began = process.cpuUsage()
  const proposal = await propose(samples, against(ordinary))
  const { user, system } = process.cpuUsage(began)
  t.ok(user + system < 20e6, 'no more than some seconds on the processor')
  if (proposal.rules.length > 0) {
    const { lexicon, problems } = await checked(proposal.lexicon)
    t.strictSame(problems, [])
    t.strictSame(
      lexicon.rules.map(({ name }) => name),
      proposal.rules.map(({ name }) => name),
    )
  } else t.equal(proposal.lexicon, '')
})
