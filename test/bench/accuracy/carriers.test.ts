/** Honest mail that carries spam: well formed, with the spam inside, and nothing of it in the header. */
import t from 'tap'
import { carrierKinds, carrierOf } from '../../../bench/accuracy/carriers.ts'
import { MessageView } from '../../../src/scanner/features/view.ts'
import { typescriptEngine } from '../../../src/scanner/typescript-scanner.ts'

function typesOf(mail: string): readonly string[] {
  const scanner = typescriptEngine.open({})
  scanner.write(Buffer.from(mail.replaceAll('\n', '\r\n'), 'latin1'))
  const view = new MessageView(scanner.end(), true)
  return Array.from({ length: view.parts }, (_, part) => view.type(part))
}

const spam = 'From: x@bad.example\nSubject: WIN\nContent-Type: text/html\n\n<p>Win a <b>prize</b></p>\n'

t.test('the spam is a part of its own, or quoted in the text', async t => {
  for (const kind of carrierKinds) {
    const mail = carrierOf(kind, spam, 3)
    t.notMatch(mail.slice(0, mail.indexOf('\n\n')), /bad\.example|WIN/, `${kind}: a header of its own`)
    const types = typesOf(mail)
    if (kind === 'quoted') t.match(mail, /Forwarded message -+\n\s*Win a\s+prize/)
    else t.ok(types.includes('message/rfc822'), `${kind}: ${types}`)
    if (kind === 'report') t.ok(types.includes('message/feedback-report'))
    if (kind === 'bounce') t.ok(types.includes('message/delivery-status'))
  }
})
