/**
 * Promise 22: what was accepted is what is delivered, byte for byte, behind the trace field that we add in front. Here to
 * the capture mailbox; `test/interop/next-hops.test.ts` proves it over SMTP and LMTP.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { rawClient } from '../peers/raw-client.ts'
import { until } from '../peers/ready.ts'
import { startSluice } from '../peers/sluice.ts'

/** Lines of any octets but CR, LF and NUL, with the dots and the lengths that go wrong most easily. */
const line = fc
  .oneof(
    fc.constantFrom('', '.', '..', '...', '.x', ' ', '\t', '--', 'From x', 'x'.repeat(997)),
    fc.string({
      unit: fc.integer({ min: 1, max: 255 }).map(octet => String.fromCharCode(octet)),
      maxLength: 80,
    }),
  )
  .map(text => text.replace(/[\r\n]/g, '?'))

const stuffed = (content: string) => content.replace(/^\./gm, '..')

t.test('any content arrives byte for byte, by DATA and by BDAT', async t => {
  const sluice = await startSluice(t)
  const client = await rawClient(sluice.port)
  await client.reply()
  await client.command('EHLO client.test')
  const sent = new Map<string, string>()

  const deliver = async (content: string, chunk: number | undefined) => {
    await client.command('MAIL FROM:<a@example.org> BODY=8BITMIME')
    await client.command('RCPT TO:<b@example.com>')
    if (chunk === undefined) {
      await client.command('DATA')
      client.send(`${stuffed(content)}.\r\n`)
    } else {
      for (let at = 0; at < content.length; at += chunk) {
        client.send(`BDAT ${Math.min(chunk, content.length - at)}\r\n${content.slice(at, at + chunk)}`)
        if ((await client.reply()).code !== 250) throw new Error('a chunk was refused')
      }
      client.send('BDAT 0 LAST\r\n')
    }
    const { code, text } = await client.reply()
    if (code !== 250) throw new Error(text)
    sent.set(/queued as (\S+)/.exec(text)![1]!, content)
  }

  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
      async (lines, chunk) => {
        await deliver(`Subject: any\r\n\r\n${lines.map(each => `${each}\r\n`).join('')}`, chunk)
      },
    ),
    { numRuns: 60, endOnFailure: true },
  )
  client.close()

  const capture = join(sluice.data, 'capture', 'new')
  const names = await until('every message', async () => {
    const found = await readdir(capture).catch(() => [])
    return found.length === sent.size && found
  })
  for (const name of names) {
    const stored = await readFile(join(capture, name), 'latin1')
    const [, id] = /\bid (\S+?)[\s;]/.exec(stored) ?? []
    const content = sent.get(id!)!
    t.ok(isContent(stored, content), `${id}, ${content.length} octets`)
  }
})

/** A Maildir has LF as line end, as every program that reads one expects. */
function isContent(stored: string, content: string): boolean {
  return stored.endsWith(content) || stored.endsWith(content.replaceAll('\r\n', '\n'))
}
