/** Brands: who claims to be one, and who is. */
import { domainToASCII } from 'node:url'
import t from 'tap'
import { chosenLabel, organisationOf } from '#content/spam/domain.ts'
import { hostingOf, isAbused, isFreeMail, isShortener } from '#content/spam/layers/abuse.ts'
import {
  belongsTo,
  brandInHost,
  brandInName,
  brandLookedLike,
  differsByOne,
} from '#content/spam/layers/brand.ts'
import { brands } from '#content/spam/layers/brands.ts'
import { costumedWords, disguisedWords, skeleton } from '#content/spam/layers/confusables.ts'

t.test('a name claims a brand by its words, in whatever letters they are written', async t => {
  const claims: Readonly<Record<string, string | undefined>> = {
    'PayPal Service': 'PayPal',
    'РауРаl Ѕесurіtу': 'PayPal',
    𝐀𝐦𝐚𝐳𝐨𝐧: 'Amazon',
    'American Express': 'American Express',
    'Ámazon.de': 'Amazon',
    アマゾン: 'Amazon',
    // Names that are also words or families count only among words of a brand.
    'Chase Bank': 'Chase',
    'Chase Miller': undefined,
    'Apple Support': 'Apple',
    'Fiona Apple': undefined,
    'Express American': undefined,
    'Paypalmer Ltd': undefined,
    '': undefined,
  }
  for (const [name, brand] of Object.entries(claims)) t.equal(brandInName(name)?.name, brand, name)
})

t.test('a brand writes from its own domains, below any country, and nowhere else', async t => {
  const paypal = brands.find(({ name }) => name === 'PayPal')!
  for (const own of ['paypal.com', 'mail.paypal.co.uk', 'e.paypal.de', 'paypal-communication.com'])
    t.ok(belongsTo(own, paypal), own)
  for (const other of [
    'paypal.top',
    'paypal.com.example',
    'notpaypal.com',
    'paypal.example.com',
    'paypal.tk',
  ])
    t.notOk(belongsTo(other, paypal), other)
})

t.test(
  'a host names a brand in what was registered, or in front of it where it poses as a domain',
  async t => {
    const named = (host: string) => brandInHost(host)?.name
    for (const host of [
      'paypal-login.example',
      'www.paypal.com.id7.example',
      'paypal.offer.top',
      domainToASCII('раураl.example'),
    ])
      t.ok(named(host) ?? brandLookedLike(host), host)
    for (const host of ['www.paypal.com', 'paypal.service.example', 'chase-miller.example', 'orange.example'])
      t.equal(named(host), undefined, host)
  },
)

t.test('a domain looks like a brand by letters that look alike, or by one letter', async t => {
  for (const host of [
    'paypa1.com',
    'arnazon.com',
    'rnicrosoft.com',
    'rnicrosoft-com.example',
    'linkedln.com',
    'nettflix.com',
    'fаcebook.com',
  ])
    t.ok(brandLookedLike(host) ?? brandInHost(host), host)
  for (const host of [
    'paypal.com',
    'finance.com',
    'horizon.net',
    'horton.com',
    'cloud.com',
    'amazonas.com',
    'ups.com',
    'grange.com',
  ])
    t.equal(brandLookedLike(host), undefined, host)
})

t.test(
  'two words differ by one where a letter is more, less, other or exchanged with its neighbour',
  async t => {
    for (const [one, other] of [
      ['amazon', 'amzon'],
      ['amazon', 'amazoon'],
      ['amazon', 'amozon'],
      ['amazon', 'amaozn'],
    ] as const)
      t.ok(differsByOne(one, other) && differsByOne(other, one), other)
    for (const [one, other] of [
      ['amazon', 'amazon'],
      ['amazon', 'amazing'],
      ['amazon', 'amzn'],
      ['ab', 'ba c'],
    ] as const)
      t.notOk(differsByOne(one, other), other)
  },
)

t.test('letters in disguise are told from those of a language', async t => {
  t.equal(skeleton('Раураl'), 'paypal')
  t.same(disguisedWords('Your рassword for сайт and Müller', 9), ['рassword'])
  t.same(disguisedWords('IT-компания, 3D-модель, наш Windows', 9), [])
  t.same(costumedWords('𝐫𝐢𝐜𝐡 𝑥 ＡＢＣ'), ['𝐫𝐢𝐜𝐡'])
})

t.test('domains are told as they were registered, and by what they are used for', async t => {
  t.equal(organisationOf('a.b.example.co.uk'), 'example.co.uk')
  t.equal(organisationOf('mail.example.com'), 'example.com')
  t.equal(organisationOf('localhost'), 'localhost')
  t.equal(chosenLabel('www.example.com.au'), 'example')
  t.same(['gmail.com', 'yahoo.co.uk', 'gmx.de', 'gmail.example.com', 'mygmail.com'].map(isFreeMail), [
    true,
    true,
    true,
    false,
    false,
  ])
  t.same(['bit.ly', 'www.bit.ly', 'rabbit.ly'].map(isShortener), [true, true, false])
  t.same(['a.b.pages.dev', 'pages.dev', 'mypages.dev', ''].map(hostingOf), [
    'pages.dev',
    'pages.dev',
    undefined,
    undefined,
  ])
  t.same(['a.top', 'a.za.com', 'top', 'a.com', ''].map(isAbused), [true, true, true, false, false])
})
