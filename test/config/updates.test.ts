/**
 * Whom updates are taken from: keys and the place to ask.
 */
import t from 'tap'
import { loadText } from '../../src/config/load.ts'
import { createKeyPair } from '../../src/content/bundle/keys.ts'
import { on } from './machine.ts'

async function reasonFor(updates: unknown): Promise<string> {
  const result = await loadText(JSON.stringify({ updates }), on())
  return result.kind === 'ok' ? 'right' : result.problems.map(({ reason }) => reason).join('\n')
}

t.test('a key as `sluice bundle key` makes it is right', async t => {
  const { text, secret } = createKeyPair()
  t.equal(await reasonFor({ keys: [text] }), 'right')
  t.match(await reasonFor({ keys: [secret.replaceAll('\n', '')] }), /is a private key/)
  t.match(await reasonFor({ keys: [text.slice(1)] }), /44 characters/)
  t.match(await reasonFor({ keys: [text.replace('=', '')] }), /44 characters/)
})

t.test('a key with which everybody can sign is refused, zeros among them', async t => {
  for (const start of ['00', '01']) {
    const key = Buffer.from(start.padEnd(64, '0'), 'hex').toString('base64')
    t.match(await reasonFor({ keys: [key] }), /everybody can sign/)
  }
})

t.test('a mirror is a URL of HTTPS or HTTP, without a password', async t => {
  for (const url of ['https://updates.example.org/rules.bundle', 'http://10.0.0.1:8080/x?y'])
    t.equal(await reasonFor({ url }), 'right')
  for (const url of ['ftp://example.org/x', 'file:///etc/passwd', 'rules.bundle', '//example.org/x', ''])
    t.match(await reasonFor({ url }), /URL/, url)
  t.match(await reasonFor({ url: 'https://me:secret@example.org/x' }), /password/)
})
