/** `sluice send` against a server that follows a script: every outcome has its sentence and its status. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import t from 'tap'
import type { Owner } from '../peers/process.ts'
import { sluiceCommand } from '../peers/sluice.ts'

/** Answers each line by its verb, content with the answer to `.`; keeps what was said. */
async function server(t: Owner, answers: Readonly<Record<string, string>>) {
  const said: string[] = []
  const listening = createServer(socket => {
    let inData = false
    let rest = ''
    socket.on('error', () => undefined)
    socket.write(`${answers.greeting ?? '220 here'}\r\n`)
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n')
      rest = lines.pop()!
      for (const line of lines) {
        said.push(line)
        if (inData && line !== '.') continue
        const verb = inData ? '.' : line.split(/[ :]/)[0]!
        const answer =
          answers[verb] ?? { EHLO: '250-here\r\n250 SIZE 1000', DATA: '354 go', QUIT: '221 bye' }[verb]
        inData = verb === 'DATA' && (answer ?? '').startsWith('354')
        socket.write(`${answer ?? '250 2.0.0 ok'}\r\n`)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  t.teardown(() => listening.close())
  const { port } = listening.address() as AddressInfo
  const send = (...args: string[]) =>
    sluiceCommand('send', '--server', `127.0.0.1:${port}`, '--from', 'a@example.org', ...args)
  return { said, send }
}

t.test('what is sent is what was asked for, with dots kept and line ends made right', async t => {
  const { said, send } = await server(t, {})
  const sent = await send(
    '--to',
    'b@example.com',
    '--subject',
    'x\r\nBcc: evil@example.com',
    '--body',
    'one\n.two',
  )
  t.match(sent, { code: 0, output: 'Accepted: 250 2.0.0 ok\n' })
  t.match(said, ['EHLO', /^MAIL FROM:<a@example.org> SIZE=\d+$/, 'RCPT TO:<b@example.com>', 'DATA'])
  t.ok(said.includes('..two'))
  t.notOk(
    said.some(line => line.startsWith('Bcc:')),
    'an argument adds no header',
  )
})

const outcomes: readonly (readonly [
  what: string,
  answers: Record<string, string>,
  code: number,
  output: RegExp,
])[] = [
  ['a refusal for good', { RCPT: '550 5.7.1 no' }, 3, /^Refused at RCPT TO:<b@example.com>: 550 5.7.1 no/],
  ['a refusal for now', { '.': '451 4.3.0 later' }, 4, /^Refused for now at end of data: 451/],
  ['a greeting that is none', { greeting: '554 no mail here' }, 3, /^Refused at greeting: 554/],
  ['a server that speaks something else', { greeting: 'SSH-2.0' }, 1, /^Failed at greeting/],
]
for (const [what, answers, code, output] of outcomes)
  t.test(`${what} ends with ${code}`, async t => {
    const { send } = await server(t, answers)
    t.match(await send('--to', 'b@example.com'), { code, output })
  })

t.test('nothing is sent for a command line that would add a command', async t => {
  const { said, send } = await server(t, {})
  t.match(await send('--to', 'b@example.com>\r\nRSET'), { code: 2, errors: /not a mail address/ })
  t.match(await send('--to', 'b@example.com', '--helo', 'x\r\nRSET'), { code: 2 })
  t.same(said, [])
})

t.test('no server is a sentence', async t => {
  const sent = await sluiceCommand('send', '--server', '127.0.0.1:1', '--to', 'b@example.com')
  t.match(sent, { code: 1, output: /^Failed at connect: .*ECONNREFUSED/ })
})
