import t from 'tap'
import { schema } from '#config/schema.ts'
import { sessionSettings } from '#session/settings.ts'

const facts = { hostname: 'mx.example.org', users: false }

t.test('postmaster without a domain is the one of the first domain that we receive for', async t => {
  for (const [domains, expected, why] of [
    [{}, 'mx.example.org', 'no domain is named: we are the only one we know of'],
    [{ '*': {} }, 'mx.example.org', 'every domain is none in particular'],
    [
      { '*': {}, 'example.test': {}, 'example.com': {} },
      'example.test',
      'RFC 5321 §4.5.1: it must not be refused as relaying',
    ],
  ] as const)
    t.equal(sessionSettings(schema.parse({ domains }), 'outside', facts).postmasterDomain, expected, why)
})

t.test('settings of a zone cannot be changed behind the back of its sessions', async t => {
  t.ok(Object.isFrozen(sessionSettings(schema.parse({}), 'inside', facts)))
})
