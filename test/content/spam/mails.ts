/** Mails for the tests of the filter, scanned by the engines of this machine. */
import { type Circumstances, MessageFacts } from '#content/spam/message-facts.ts'
import type { ScanEngine } from '#scanner/scanner.ts'
import { availableEngines } from '../../scanner/engines.ts'

export const { engines } = availableEngines()

export interface MailOf {
  readonly header?: readonly string[]
  readonly body?: readonly string[]
}

/** What a person's mail program writes, so that nothing but what a test adds is striking. */
const ordinary = {
  from: 'From: Jo Miller <jo@sender.example>',
  to: 'To: you@example.org',
  subject: 'Subject: Lunch on Tuesday',
  date: 'Date: Tue, 12 Mar 2024 10:11:12 +0100',
  'message-id': 'Message-ID: <a1b2c3@sender.example>',
  'mime-version': 'MIME-Version: 1.0',
  'content-type': 'Content-Type: text/plain; charset=utf-8',
}

/** A field replaces the ordinary one of its name; `-name` removes it; one more of a name begins with `+`. */
export function mail({ header = [], body = ['Shall we meet at noon? Jo'] }: MailOf): Buffer {
  const fields = new Map<string, string>(Object.entries(ordinary))
  const more: string[] = []
  for (const field of header) {
    const name = field.replace(/^[-+]/, '').split(':', 1)[0]!.toLowerCase()
    if (field.startsWith('-')) fields.delete(name)
    else if (field.startsWith('+')) more.push(field.slice(1))
    else fields.set(name, field)
  }
  return Buffer.from([...fields.values(), ...more, '', ...body, ''].join('\r\n'))
}

export const html = (...lines: readonly string[]): MailOf => ({
  header: ['Content-Type: text/html; charset=utf-8'],
  body: lines,
})

export function scan(engine: ScanEngine, message: Uint8Array) {
  const scanner = engine.open({})
  scanner.write(message)
  return scanner.end()
}

export const factsOf = (
  message: Uint8Array,
  circumstances: Circumstances = {},
  engine = engines[0]!,
): MessageFacts => new MessageFacts(scan(engine, message), circumstances)
