/**
 * Promise 4: no open relay. The sixteen tricks of nmap's smtp-open-relay, and others from the history of relays: from an
 * address on the internet 0 of them get a recipient accepted.
 *
 * What is tested is the reading of the path and the decision, as a session asks for them: a recipient counts as accepted
 * when its path can be read, the sender was let in, and admission has nothing against it.
 */
import t from 'tap'
import { attachAdmission, createAdmissionMemory } from '../../src/admission/admission.ts'
import { isAddressError, parseDomain, parsePath } from '../../src/mail/address.ts'
import { systemClock } from '../../src/mail/clock.ts'
import { client, configure, site } from '../admission/configuration.ts'

const server = 'example.org'
const ip = '203.0.113.25'
const domain = 'nmap.scanme.org'
const literal = `antispam@[${ip}]`

/** As nmap's script makes them, from its domain, our name and our address. */
const nmap: readonly (readonly [from: string, to: string])[] = [
  ['', `relaytest@${domain}`],
  [`antispam@${domain}`, `relaytest@${domain}`],
  [`antispam@${server}`, `relaytest@${domain}`],
  [literal, `relaytest@${domain}`],
  [literal, `relaytest%${domain}@[${ip}]`],
  [literal, `relaytest%${domain}@${server}`],
  [literal, `"relaytest@${domain}"`],
  [literal, `"relaytest%${domain}"`],
  [literal, `relaytest@${domain}@[${ip}]`],
  [literal, `"relaytest@${domain}"@[${ip}]`],
  [literal, `relaytest@${domain}@${server}`],
  [literal, `@[${ip}]:relaytest@${domain}`],
  [literal, `@${server}:relaytest@${domain}`],
  [literal, `${domain}!relaytest`],
  [literal, `${domain}!relaytest@[${ip}]`],
  [literal, `${domain}!relaytest@${server}`],
]

/** Each with why it once worked somewhere. */
const others: readonly (readonly [to: string, why: string])[] = [
  [`"relaytest@${domain}"@${server}`, 'a quoted route that a relay unquotes'],
  [`"relaytest%${domain}"@${server}`, 'the same with percent'],
  [`"${domain}!relaytest"@${server}`, 'the same with a bang'],
  [`"relaytest\\@${domain}"@${server}`, 'an escaped at sign'],
  [`"relaytest\\%${domain}"@${server}`, 'an escaped percent sign'],
  [`relaytest%${domain}%${server}@${server}`, 'two percent hops'],
  [`${server}!${domain}!relaytest@${server}`, 'two bang hops'],
  [`${server}!${domain}!relaytest`, 'without a domain'],
  [`relaytest%${domain}`, 'percent without a domain'],
  [`@${server},@${domain}:relaytest@${domain}`, 'a source route of two hops'],
  [`"@${server}:relaytest@${domain}"@${server}`, 'a quoted source route'],
  [`<relaytest@${domain}>@${server}`, 'brackets inside'],
  [`relaytest@${domain}.@${server}`, 'a dot behind the first domain'],
  [`relaytest@${server}.${domain}`, 'our name in front of theirs'],
  [`relaytest@${domain}.`, 'a dot at the end'],
  [`relaytest@${server}@${domain}`, 'our name in the middle'],
  [`relaytest@[IPv6:::ffff:${ip}]`, 'our address as IPv6'],
  [`relaytest@[127.0.0.1]`, 'loopback'],
  [`relaytest@localhost`, 'this machine'],
  [`relaytest@${ip}`, 'our address without brackets'],
  [`relaytest@${domain} ${server}`, 'a blank'],
  [`relaytest@${domain},jo@${server}`, 'a list'],
  [`relaytest@${domain}\0@${server}`, 'a NUL that ends a string in C'],
  [`relaytest@${domain}\n@${server}`, 'a line feed'],
  [`relaytest@ＮＭＡＰ.scanme.org`, 'full-width letters'],
  [`relaytest@*`, 'the wildcard of the configuration'],
  [`relaytest@${'a'.repeat(300)}.${server}`, 'a name too long to compare'],
  [`"relaytest@${domain}>" <jo@${server}`, 'a header address'],
]

const configuration = configure(site)
const admission = attachAdmission(createAdmissionMemory(configuration, 1), configuration, 0, systemClock)

function isAccepted(from: string, to: string, options = {}): boolean {
  const sender = parsePath(from, options)
  const recipient = parsePath(to, { ...options, postmasterDomain: parseDomain('mx.example.org')! })
  if (isAddressError(sender) || isAddressError(recipient) || recipient === '') return false
  return (
    admission.sender(client(), sender) === undefined && admission.recipient(client(), recipient) === undefined
  )
}

t.test('nmap’s sixteen tricks: 0 accepted', async t => {
  t.equal(nmap.length, 16)
  t.strictSame(
    nmap.filter(([from, to]) => isAccepted(from, to)),
    [],
  )
})

t.test('nor are the recipients of the sixteen with a sender that is let in', async t => {
  t.strictSame(
    nmap.filter(([, to]) => isAccepted('', to)),
    [],
  )
})

for (const [to, why] of others)
  for (const smtputf8 of [false, true])
    t.notOk(isAccepted('', to, { smtputf8 }), `${JSON.stringify(to.slice(0, 70))}: ${why}`)

t.test('the door is not simply shut: mail for our domain is accepted', async t => {
  t.ok(isAccepted('', `jo@${server}`))
  t.ok(isAccepted('ann@other.example', `"jo b"@${server}`))
})

t.test('a gateway that nobody configured relays for nobody but its own machine', async t => {
  const trial = configure()
  const fresh = attachAdmission(createAdmissionMemory(trial, 1), trial, 0, systemClock)
  const recipient = parsePath(`relaytest@${domain}`)
  t.ok(typeof recipient === 'string' && recipient !== '')
  if (isAddressError(recipient) || recipient === '') return
  for (const address of ['192.0.2.66', '10.0.0.5', '::2', 'fe80::1'])
    t.match(fresh.recipient(client({ address }), recipient), { reason: 'relay-denied' }, address)
  t.equal(fresh.recipient(client({ address: '127.0.0.1' }), recipient), undefined)
})
