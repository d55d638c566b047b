/**
 * What spammers do to be read by people and not by filters, and what they send to make a filter stumble: an opinion comes of
 * everything, a sane one, and at a bounded cost.
 */
import t from 'tap'
import { createFilter, type Opinion, withoutModel } from '#content/spam/filter.ts'
import { MessageFacts } from '#content/spam/message-facts.ts'
import { engines, html, type MailOf, mail, scan } from './mails.ts'

t.setTimeout(120_000)

const filter = createFilter()
const engine = engines[0]!
const opinionOf = (message: MailOf): Opinion => filter.opinion(new MessageFacts(scan(engine, mail(message))))
const namesOf = ({ hits }: Opinion): readonly string[] => hits.map(({ name }) => name)

const letter = 'We met the builders on Monday and agreed about the roof, the windows and what it costs. '

t.test('homoglyphs are found in name, subject, link and text, and quoted as they stand', async t => {
  const opinion = opinionOf({
    header: ['From: РауРаl Ѕесurіtу <a@sender.example>', 'Subject: Your ассount іs limitеd'],
    body: ['Your аccount was limіted. Sign in at https://www.раypal.example/x'],
  })
  for (const name of [
    'FROM_NAME_IS_OTHER_BRAND',
    'FROM_NAME_IN_DISGUISE',
    'SUBJECT_IN_DISGUISE',
    'LINK_MIXED_SCRIPTS',
    'TEXT_IN_DISGUISE',
  ])
    t.ok(namesOf(opinion).includes(name), name)
  t.ok(opinion.score > 0.9, 'symbols alone are enough then')
  const subject = opinion.hits.find(({ name }) => name === 'SUBJECT_IN_DISGUISE')
  t.equal(subject!.evidence[0]!.text, 'ассount')
})

t.test('words split by characters without width are found, written as octets or as entities', async t => {
  const split = (mark: string) => [...'account password verify'].join(mark)
  for (const mark of ['&#8203;', '&zwnj;', '&shy;', '\u200b', '\u2060'])
    t.ok(namesOf(opinionOf(html(`<p>${split(mark)} ${letter}</p>`))).includes('TEXT_SPLIT_INVISIBLY'), mark)
})

t.test('good words that nobody sees speak against a message, not for it', async t => {
  const shown = '<p>Pay at <a href="https://pay.example/x">this page</a> at once to keep your account.</p>'
  const stuffing = `<div style="display:none">${letter.repeat(20)}</div>`
  const [plain, stuffed] = [opinionOf(html(shown)), opinionOf(html(shown, stuffing))]
  t.ok(stuffed.score > plain.score)
  t.ok(namesOf(stuffed).includes('TEXT_HIDDEN'))
})

t.test('an image with hardly a word, a lone link and nothing at all are each told', async t => {
  const image = { header: ['Content-Type: image/png', '+Content-Transfer-Encoding: base64'] }
  const octets = Buffer.alloc(6_000, 'image')
    .toString('base64')
    .match(/.{1,76}/g)!
  t.ok(namesOf(opinionOf({ ...image, body: octets })).includes('IMAGE_ONLY'))
  t.ok(namesOf(opinionOf({ body: ['http://a.example/x'] })).includes('LINK_ONLY'))
  t.ok(namesOf(opinionOf({ body: [''] })).includes('TEXT_EMPTY'))
})

t.test('a message of no octet, of no header and of octets alone has an opinion', async t => {
  for (const octets of ['', '\r\n', 'x', 'From', ':', '\r\n\r\n\r\n', '\0\0\0', '\xff'.repeat(99)]) {
    const { score, hits } = filter.opinion(new MessageFacts(scan(engine, Buffer.from(octets, 'latin1'))))
    t.ok(score > 0 && score < 1, JSON.stringify(octets))
    t.ok(hits.some(({ name }) => name === 'FROM_MISSING'))
  }
})

t.test('what a message carries of others is not what it is judged by', async t => {
  const spam = [
    'From: "PayPal" <a@elsewhere.example>',
    'Reply-To: someone@gmail.com',
    'Subject: YOUR PAYPAL ACCOUNT IS CLOSED!!!',
    'Content-Type: text/html',
    '',
    '<a href="http://192.0.2.7/paypal.exe">http://paypal.com</a>',
  ]
  const around = (type: string, carried: string) => ({
    header: [`Content-Type: ${type}; boundary=cut`],
    body: [
      '--cut',
      '',
      'Here is what your customer sent to us.',
      '--cut',
      `Content-Type: ${carried}`,
      '',
      ...spam,
      '--cut--',
    ],
  })
  for (const [type, carried] of [
    ['multipart/mixed', 'message/rfc822'],
    ['multipart/report; report-type=feedback-report', 'message/rfc822'],
    ['multipart/report; report-type=delivery-status', 'text/rfc822-headers'],
  ] as const)
    t.ok(opinionOf(around(type, carried)).logOdds <= withoutModel, `${type}, ${carried}`)
  const bare = around('multipart/report; report-type=delivery-status', 'message/rfc822')
  t.ok(
    opinionOf({ ...bare, body: bare.body.slice(3) }).logOdds <= withoutModel,
    'nor when a report says nothing else',
  )
})

/** Microseconds on the processor, the best of several. */
function costOf(message: Uint8Array): number {
  const output = scan(engine, message)
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 8; run++) {
    const before = process.cpuUsage()
    filter.opinion(new MessageFacts(output))
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, user + system)
  }
  return best
}

t.test(
  'nothing costs more than ten times an ordinary mail of its size, nor more than a fixed amount',
  async t => {
    const size = 5_000_000
    const filled = (piece: string) => piece.repeat(Math.ceil(size / piece.length))
    const page = (content: string) => mail(html(content))
    const ordinary = costOf(mail({ body: [filled(`${letter}\r\n`)] }))
    const hostile: Readonly<Record<string, Uint8Array>> = {
      'links without end': mail({
        body: [filled('http://a.b.c.d.example/x?http://e.example/#y@z.example \r\n')],
      }),
      'different hosts': mail({
        body: Array.from({ length: 100_000 }, (_, index) => `http://paypal${index}.amazon.top/${index}.exe`),
      }),
      'words in disguise': mail({ body: [filled('pаsswоrd ассоunt \r\n')] }),
      'letters of mathematics': mail({ body: [filled('𝐫𝐢𝐜𝐡 ')] }),
      'splits in markup': page(filled('a&#8203;')),
      'forms without fields': page(filled('<form ')),
      'fields without end': page(`<form>${filled('<input ')}`),
      'a file for each line': mail({
        header: ['Content-Type: multipart/mixed; boundary=cut'],
        body: Array.from(
          { length: 20_000 },
          (_, index) => `--cut\r\nContent-Type: text/html; name="${index}.pdf.html"\r\n\r\n<script>`,
        ),
      }),
      'a wide subject': mail({ header: [`Subject: ${'a\r\n '.repeat(20_000)}`] }),
      'spaces in a subject': mail({ header: [`Subject: =?utf-8?Q?${'_'.repeat(50_000)}?=`] }),
      'addresses without end': mail({ header: [`From: ${'"a@b.example" <c@d.example>, '.repeat(5_000)}`] }),
      'a name without end': mail({ header: [`From: ${'PayPal '.repeat(20_000)} <a@b.example>`] }),
    }
    for (const [what, message] of Object.entries(hostile)) {
      const cost = costOf(message)
      t.ok(cost <= Math.max(ordinary * 10, 20_000), `${what}: ${cost} µs, ordinary ${ordinary} µs`)
    }
  },
)
