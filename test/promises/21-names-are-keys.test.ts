/**
 * Promise 21, the session's half: names that come from outside are keys of a Map, never properties of an object (Haraka
 * CVE-2026-34752: a header called `__proto__` killed the worker).
 */
import t from 'tap'
import { bodyOf, settingsOf, talk, world } from '../session/fakes.ts'

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
]

t.test('as verbs, parameters and header fields they are nothing special', async t => {
  const it = talk(world(settingsOf({ limits: { tarpitAfterErrors: 1_000, errorsPerSession: 1_000 } })))
  await it.say('EHLO client.example\r\n')
  for (const name of names) {
    t.match(await it.say(`${name}\r\n`), /^500 5\.5\.2 /, name)
    t.match(await it.say(`MAIL FROM:<ann@client.example> ${name}=1\r\n`), /^5(?:01|55) 5\.5\.4 /, name)
    t.match(await it.say(`MAIL FROM:<${name}@client.example>\r\n`), /^250 /, name)
    t.match(await it.say(`RCPT TO:<bob@example.test> ${name}\r\n`), /^5(?:01|55) 5\.5\.4 /, name)
    t.match(await it.say(`RCPT TO:<${name}@example.test>\r\n`), /^250 /, name)
    await it.say('DATA\r\n')
    const content = `${name}: {"x": 1}\r\nSubject: x\r\n\r\nhello\r\n`
    t.match(await it.say(`${content}.\r\n`), /^250 2\.0\.0 /, name)
    t.equal(bodyOf(it.intake.stored.at(-1)!), content, 'byte for byte')
    t.match(it.intake.stored.at(-1)!.envelope.recipients, [{ address: `${name}@example.test` }])
  }
  t.equal(it.complaints.length, 0)
})
