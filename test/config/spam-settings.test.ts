import t from 'tap'
import { schema } from '../../src/config/schema.ts'
import { spamSettings } from '../../src/config/spam-settings.ts'

const { spam } = schema.parse({
  spam: {
    subject: 'general',
    redirectTo: 'general@example.org',
    zones: { outside: { subject: 'zone', unscanned: 'hold' } },
    domains: { 'example.org': { subject: 'domain', headers: [] } },
    recipients: { 'jo@example.org': { subject: 'recipient' } },
  },
})

t.test('the nearest setting counts, key by key', async t => {
  t.equal(spamSettings(spam, 'inside').subject, 'general')
  t.equal(spamSettings(spam, 'outside').subject, 'zone')
  t.equal(spamSettings(spam, 'outside', 'example.org', 'al@example.org').subject, 'domain')
  const nearest = spamSettings(spam, 'outside', 'example.org', 'jo@example.org')
  t.match(nearest, {
    subject: 'recipient',
    headers: [],
    unscanned: 'hold',
    redirectTo: 'general@example.org',
  })
})

t.test('a name from outside is looked up among the names of the file and nowhere else', async t => {
  for (const name of ['__proto__', 'constructor', 'toString'])
    t.strictSame(spamSettings(spam, 'inside', name, name), spamSettings(spam, 'inside'))
})
