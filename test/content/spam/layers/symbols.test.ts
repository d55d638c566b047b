/**
 * Every symbol of the table has a message that raises it, and a near miss that does not: what honest people write that looks
 * most like it.
 */
import t from 'tap'
import { symbols } from '#content/spam/layers/table.ts'
import type { Circumstances } from '#content/spam/message-facts.ts'
import { factsOf, html, type MailOf, mail } from '../mails.ts'

interface Case extends MailOf, Circumstances {}

/** Symbol → a message that raises it, one that nearly does. */
type Pair = readonly [hit: Case, miss: Case]

const from = (text: string): Case => ({ header: [`From: ${text}`] })
const subject = (text: string, ...more: readonly string[]): Case => ({
  header: [`Subject: ${text}`, ...more],
})
const field = (...header: readonly string[]): Case => ({ header })
const link = (url: string): Case => ({ body: [`Please look at ${url} when you have time for it today.`] })
const client = (connection: Circumstances['connection']): Case => ({ connection: connection! })
const words =
  'These are the words of a letter that somebody wrote to a friend about the weather and the garden at home.'

/** One part of text, and a file. */
const file = (name: string, content = 'x', type = 'application/octet-stream'): Case => ({
  header: ['Content-Type: multipart/mixed; boundary=cut'],
  body: [
    '--cut',
    'Content-Type: text/plain; charset=utf-8',
    '',
    words,
    '--cut',
    `Content-Type: ${type}`,
    `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}`,
    '',
    content,
    '--cut--',
  ],
})

const report = (type: string): Case => ({
  header: [`Content-Type: ${type}; boundary=cut`],
  body: [
    '--cut',
    'Content-Type: text/plain',
    '',
    'Your message could not be delivered.',
    '--cut',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    '',
    '--cut--',
  ],
})

const passedOn = (own: string): Case => ({
  header: ['Content-Type: multipart/mixed; boundary=cut'],
  body: ['--cut', '', own, '--cut', 'Content-Type: message/rfc822', '', 'Subject: x', '', 'Pay!', '--cut--'],
})

const received = Date.parse('2024-03-12T09:20:00Z')
const zeroWidth = '\u200b'

const cases: Readonly<Record<string, Pair>> = {
  CLIENT_HAS_NO_NAME: [client({ reverseName: null }), client({ reverseName: 'mx.sender.example' })],
  CLIENT_NAME_IS_DYNAMIC: [
    client({ reverseName: '192-0-2-7.pool.isp.example' }),
    client({ reverseName: 'mail-out7.pool.sender.example' }),
  ],
  HELO_IS_ADDRESS: [client({ helo: '192.0.2.7' }), client({ helo: '[192.0.2.7]' })],
  HELO_HAS_NO_DOT: [client({ helo: 'DESKTOP' }), client({ helo: 'mx.sender.example' })],
  HELO_IS_RECIPIENTS: [
    client({ helo: 'example.org', recipients: ['you@example.org'] }),
    client({ helo: 'notexample.org', recipients: ['you@example.org'] }),
  ],
  SPF_FAILS: [client({ authentication: { spf: 'fail' } }), client({ authentication: { spf: 'softfail' } })],
  DMARC_FAILS: [client({ authentication: { dmarc: 'fail' } }), client({ authentication: { dmarc: 'none' } })],
  DMARC_PASSES: [
    client({ authentication: { dmarc: 'pass' } }),
    client({ authentication: { dmarc: 'temperror' } }),
  ],
  DKIM_FAILS: [
    client({ authentication: { dkim: [{ result: 'fail', domain: 'a.example' }] } }),
    client({
      authentication: {
        dkim: [
          { result: 'fail', domain: 'a.example' },
          { result: 'pass', domain: 'b.example' },
        ],
      },
    }),
  ],
  FROM_NAME_IS_OTHER_BRAND: [
    from('"PayPal Service" <info@sender.example>'),
    from('"PayPal Service" <service@mail.paypal.de>'),
  ],
  FROM_DOMAIN_LOOKS_LIKE_BRAND: [from('Service <a@paypa1.com>'), from('Service <a@papaya.com>')],
  FROM_DOMAIN_NAMES_BRAND: [from('Service <a@paypal-secure.example>'), from('Service <a@paypal.com>')],
  FROM_NAME_IS_OTHER_ADDRESS: [
    from('"boss@firm.example" <x@elsewhere.example>'),
    from('"boss@firm.example" <boss@mail.firm.example>'),
  ],
  FROM_NAME_IN_DISGUISE: [
    from('Аmazоn Support <a@sender.example>'),
    from('Анна Amazonova <a@sender.example>'),
  ],
  FROM_MISSING: [field('-From'), {}],
  FROM_SEVERAL: [
    from('Jo <jo@sender.example>, Al <al@other.example>'),
    from('"Miller, Jo" <jo@sender.example>'),
  ],
  FROM_IS_NO_ADDRESS: [from('Customer Service'), from('jo@sender.example (Jo)')],
  FROM_LOCAL_IS_RANDOM: [from('Jo <x7k2m9q4@sender.example>'), from('Jo <jo.miller1984@sender.example>')],
  FROM_CHEAP_DOMAIN: [from('Jo <jo@sender.xyz>'), from('Jo <jo@xyz.example>')],
  FROM_FREE_HOSTING: [from('Jo <jo@shop.weebly.com>'), from('Jo <jo@weebly.example>')],
  FROM_ROLE_AT_FREE_MAIL: [from('Customer Support <a@gmail.com>'), from('Jo Miller <a@gmail.com>')],
  FROM_IS_RECIPIENT: [field('From: you@example.org'), field('From: You <me@example.org>')],
  REPLY_TO_FREE_MAIL: [
    field('Reply-To: someone@gmail.com'),
    field('From: Jo via List <list@lists.example>', 'Reply-To: Jo <someone@gmail.com>'),
  ],
  REPLY_TO_OTHER_PERSON: [
    field('From: Jo <jo@gmail.com>', 'Reply-To: Al <al@gmail.com>'),
    field('From: Jo <jo@gmail.com>', 'Reply-To: Jo <JO@gmail.com>'),
  ],
  REPLY_TO_LOOKS_LIKE_FROM: [
    field('From: Jo <jo@sender.com>', 'Reply-To: Jo <jo@sender.top>'),
    field('From: Jo <jo@sender.com>', 'Reply-To: Jo <jo@mail.sender.com>'),
  ],
  SUBJECT_IN_DISGUISE: [subject('Your рasswоrd expires'), subject('Пароль для Windows и Office')],
  SUBJECT_SPLIT_INVISIBLY: [
    subject(`In${zeroWidth}voice`),
    subject(`Invoice ${zeroWidth} 👨\u200d👩\u200d👧`),
  ],
  SUBJECT_REPLY_TO_NOTHING: [
    subject('Re: your order'),
    subject('Re: your order', '+References: <1@a.example>'),
  ],
  SUBJECT_IN_CAPITALS: [subject('VERY URGENT BUSINESS'), subject('NASA and ESA plan a mission')],
  SUBJECT_SHOUTS: [subject('Win a car!!!'), subject('Win a car!')],
  SUBJECT_HAS_GAP: [subject('Great offer           xkqwz'), subject('Great offer  today')],
  SUBJECT_NAMES_RECIPIENT: [
    subject('miller, your account', 'To: miller@example.org'),
    subject('Jo, your account', 'To: miller@example.org'),
  ],
  SUBJECT_EMPTY: [subject(''), subject('.')],
  TEMPLATE_UNFILLED: [subject('Hello {{first_name}}'), subject('How {{ and [[ nest in templates')],
  ANSWERS_IN_THREAD: [
    subject('Re: lunch', '+In-Reply-To: <1@a.example>', '+References: <1@a.example>'),
    subject('lunch', '+In-Reply-To: <1@a.example>', '+References: <1@a.example>'),
  ],
  DATE_MISSING: [field('-Date'), {}],
  DATE_BROKEN: [field('Date: yesterday at noon'), field('Date: 12 Mar 24 10:11 GMT')],
  DATE_ZONE_IMPOSSIBLE: [
    field('Date: Tue, 12 Mar 2024 10:11:12 -1700'),
    field('Date: Tue, 12 Mar 2024 10:11:12 +0545'),
  ],
  DATE_IN_FUTURE: [
    { header: ['Date: Thu, 14 Mar 2024 10:11:12 +0100'], receivedAt: received },
    { header: ['Date: Tue, 12 Mar 2024 22:11:12 +0100'], receivedAt: received },
  ],
  DATE_LONG_AGO: [
    { header: ['Date: Fri, 01 Mar 2024 10:11:12 +0100'], receivedAt: received },
    { header: ['Date: Fri, 08 Mar 2024 10:11:12 +0100'], receivedAt: received },
  ],
  MESSAGE_ID_MISSING: [field('-Message-ID'), {}],
  MESSAGE_ID_BROKEN: [field('Message-ID: 12345'), field('Message-ID: <a!b=c@[192.0.2.7]>')],
  MAILER_IS_FOR_MASSES: [field('+X-Mailer: SendBlaster 4'), field('+X-Mailer: Apple Mail (2.3774)')],
  MAILER_IS_PRETENDED: [
    field('+X-Mailer: Microsoft Outlook Express 6.00.2600.0000'),
    field('+X-Mailer: Microsoft Outlook Express 6.00.2600.0000', '+X-MimeOLE: Produced By Microsoft MimeOLE'),
  ],
  SENT_BY_SCRIPT: [field('+X-PHP-Originating-Script: 33:post.php'), field('+X-Mailer: PHP/8.2')],
  PRIORITY_HIGH: [field('+X-Priority: 1 (Highest)'), field('+X-Priority: 3')],
  BULK_WITHOUT_WAY_OUT: [
    field('+Precedence: bulk'),
    field('+Precedence: bulk', '+List-Unsubscribe: <https://a.example/u>'),
  ],
  RECIPIENTS_UNDISCLOSED: [field('To: undisclosed-recipients:;'), field('To: Undine <undine@example.org>')],
  FILE_IS_PROGRAM: [file('photo.scr'), file('photo.screen')],
  FILE_IS_DISC: [file('scan.iso'), file('scan.isometric.png')],
  FILE_HAS_TWO_ENDINGS: [file('invoice.pdf.html'), file('report.2024.docx')],
  FILE_HAS_MACROS: [file('list.xlsm'), file('list.xlsx')],
  FILE_IS_PAGE: [file('login.htm', '<p>x</p>', 'text/html'), file('html.txt')],
  FILE_RUNS_SCRIPT: [
    file('page.html', '<script>go()</script>', 'text/html'),
    file('page.html', '<p>scripts are fun</p>', 'text/html'),
  ],
  FILE_NAME_TURNED: [file('bill\u202efdp.exe'), file('חשבון.pdf')],
  HTML_FORM: [html('<form action="/x"><input name="a"></form>', words), html('<form></form>', words)],
  HTML_ASKS_PASSWORD: [
    html(`<input type="password" name="p"> ${words}`),
    html(`<p>The input type is password.</p> ${words}`),
  ],
  IMAGE_ONLY: [
    html('<a href="https://a.example/x"><img src="https://a.example/offer.png"></a>'),
    html('<img src="https://a.example/logo.png">', words),
  ],
  LINK_ONLY: [{ body: ['See https://a.example/x'] }, { body: [`See https://a.example/x ${words}`] }],
  TEXT_EMPTY: [{ body: [''] }, { body: ['.'] }],
  TEXT_HIDDEN: [
    html(`<div style="display:none">${words.repeat(10)}</div><p>Hello</p>`),
    html(`<div style="display:none">A preview of what follows</div><p>${words}</p>`),
  ],
  HTML_ALONE: [html(`<p>${words}</p>`), { body: [words] }],
  MIME_NEVER_HONEST: [
    { header: ['+Content-Transfer-Encoding: 12bit'] },
    { header: ['+Content-Transfer-Encoding: 7bit'] },
  ],
  MIME_CARELESS: [
    { header: ['+Content-Transfer-Encoding: base64'], body: ['aGVs!bG8='] },
    { header: ['+Content-Transfer-Encoding: base64'], body: ['aGVsbG8='] },
  ],
  IS_REPORT: [report('multipart/report; report-type=delivery-status'), report('multipart/mixed')],
  PASSES_ON_MESSAGE: [passedOn('Is this genuine? Thanks, Jo'), passedOn('Is https://a.example/x genuine?')],
  LINK_LOOKS_LIKE_BRAND: [link('https://www.arnazon.com/x'), link('https://www.amazonas.example/x')],
  LINK_NAMES_BRAND: [link('https://paypal-login.example/x'), link('https://paypal.service.example/x')],
  LINK_MIXED_SCRIPTS: [link('https://раypal.example/x'), link('https://почта.example/x')],
  LINK_PUNYCODE: [link('https://xn--80a1acny.example/x'), link('https://xn.example/x')],
  LINK_IS_ADDRESS: [link('http://192.0.2.7/x'), link('http://192.168.0.1/x')],
  LINK_ODD_PORT: [link('http://a.example:2095/x'), link('http://a.example:8080/x')],
  LINK_HAS_USER: [link('https://www.bank.example@evil.example/x'), link('https://a.example/@user')],
  LINK_WRITTEN_ODDLY: [link('http://www.%61.example/x'), link('http://www.a.example/%61')],
  LINK_SHOWS_OTHER_HOST: [
    html(`<a href="https://evil.example/x">https://bank.example/login</a> ${words}`),
    html(`<a href="https://bank.example/x">https://www.bank.example/login</a> ${words}`),
  ],
  LINK_SHORTENER: [link('https://bit.ly/3x'), link('https://rabbit.ly/3x')],
  LINK_REDIRECTOR: [
    link('https://www.google.com/url?q=https://evil.example/'),
    link('https://www.google.com/maps?q=Paris'),
  ],
  LINK_FREE_HOSTING: [link('https://login-x.web.app/'), link('https://web.example/app')],
  LINK_CHEAP_DOMAIN: [
    link('https://offer.top/x'),
    { header: ['From: Jo <jo@offer.top>'], body: ['See https://www.offer.top/x for more of it.'] },
  ],
  LINK_RANDOM_HOST: [link('https://x7k2m9q4z1.example/x'), link('https://straightforward4you.example/x')],
  LINK_CARRIES_RECIPIENT: [
    link('https://a.example/x#you@example.org'),
    link('https://a.example/x#section-2'),
  ],
  LINK_TO_PROGRAM: [link('https://a.example/f/setup.exe'), link('https://a.example/exe')],
  TEXT_IN_DISGUISE: [
    { body: ['Your рassword and your аccount expire.'] },
    { body: ['Наш сайт на Windows и Linux, а µm и Ωmega не шутка.'] },
  ],
  TEXT_IN_COSTUME: [{ body: ['Get 𝐫𝐢𝐜𝐡 and 𝐟𝐚𝐦𝐨𝐮𝐬 now'] }, { body: ['Let 𝑥 and 𝑦 be numbers ①'] }],
  TEXT_SPLIT_INVISIBLY: [
    html('<p>Y&#8203;o&#8203;u&#8203;r a&zwnj;c&zwnj;c&zwnj;o&zwnj;unt</p>', words),
    html(`<p>Preview ${'&zwnj; &nbsp;'.repeat(40)}</p>`, words),
  ],
}

const found = (name: string, { receivedAt, connection, ...message }: Case) =>
  symbols
    .find(symbol => symbol.name === name)!
    .find(
      factsOf(mail(message), {
        ...(receivedAt !== undefined && { receivedAt }),
        ...(connection !== undefined && { connection }),
      }),
    )

t.test('every symbol is raised by its message, with evidence of it, and not by the near miss', async t => {
  for (const { name } of symbols) {
    const pair = cases[name]
    if (pair === undefined) {
      t.fail(`${name} has no message that raises it`)
      continue
    }
    const [hit, miss] = pair
    t.ok(found(name, hit), `${name} hits`)
    t.equal(found(name, miss), undefined, `${name} misses`)
  }
})

t.test('an ordinary message raises nothing', async t => {
  t.same(
    symbols.filter(({ find }) => find(factsOf(mail({}))) !== undefined).map(({ name }) => name),
    [],
  )
})

t.test('names are unique, sentences are ends of none, and no symbol alone turns a verdict', async t => {
  t.equal(new Set(symbols.map(({ name }) => name)).size, symbols.length)
  for (const { name, weight, sentence } of symbols) {
    t.match(name, /^[A-Z]+(?:_[A-Z]+)+$/)
    t.match(sentence, /^[A-Z].*[^.]$/)
    t.ok(Math.abs(weight) >= 0.2 && weight <= 3 && weight >= -1, name)
  }
})
