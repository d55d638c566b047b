import t from 'tap'
import { requireFqdn } from '../../src/admission/sender.ts'
import { parsePath, type ReversePath } from '../../src/mail/address.ts'
import { client } from './configuration.ts'

const judge = (path: string, address?: string) =>
  requireFqdn(client(address === undefined ? {} : { address }), parsePath(path) as ReversePath)

t.test('a sender that a notification can reach is taken', async t => {
  for (const [path, why] of [
    ['', 'the null path of notifications (RFC 5321 §4.5.5)'],
    ['jo@example.org', 'a domain'],
    ['jo@a.b.c.example.org', 'a host'],
    ['jo@xn--bcher-kva.example', 'an A-label'],
    ['jo@[192.0.2.66]', 'the literal of the client'],
  ] as const)
    t.equal(judge(path), undefined, why)
  t.equal(judge('jo@[IPv6:2001:db8:0::1]', '2001:db8::1'), undefined, 'the literal of an IPv6 client')
  t.equal(judge('jo@[IPv6:::ffff:192.0.2.66]'), undefined, 'the literal of the client, mapped')
})

t.test('a sender that only its own machine knows is refused', async t => {
  for (const [path, why] of [
    ['jo@localhost', 'localhost'],
    ['jo@server1', 'one label'],
    ['jo@pc.localdomain', 'the name of a machine that nobody named'],
    ['jo@mail.localhost', 'RFC 6761 §6.3'],
    ['jo@mail.invalid', 'RFC 6761 §6.4'],
    ['jo@[203.0.113.25]', 'the literal of somebody else, such as us'],
    ['jo@[127.0.0.1]', 'of nobody'],
  ] as const)
    t.match(judge(path), { reason: 'sender-not-fqdn', reply: { code: 550, enhanced: '5.1.8' } }, why)
})
