/**
 * Promise 1, as a whole process: for every end-of-data trick the next hop stores exactly the messages that we acknowledged.
 *
 * The next hop is a real Postfix that has us in mynetworks and so, even with `smtpd_forbid_bare_newline = reject`, accepts bare
 * newlines from us. The control shows that the tricks work: sent straight to it, they do become second messages.
 */
import t, { type Test } from 'tap'
import { maildirFiles, maildirMessages } from '../peers/maildir.ts'
import { type Postfix, postfixMissing, startPostfix } from '../peers/postfix.ts'
import { freePort, until } from '../peers/ready.ts'
import { startSluice } from '../peers/sluice.ts'
import { type Outcome, smuggle } from './smuggle.ts'
import { smugglingAttempts } from './smuggling.ts'

const recipient = 'jo@example.test'
const skip = (await postfixMissing()) ?? false

const startTrustingPostfix = (t: Test) =>
  startPostfix(t, {
    role: 'maildir',
    settings: { smtpd_forbid_bare_newline: 'reject', smtpd_forbid_unauth_pipelining: 'no' },
  })

t.test('sent straight to Postfix, tricks become second messages', { skip }, async t => {
  const postfix = await startTrustingPostfix(t)
  const outcomes = await smuggle(
    { port: postfix.port, recipient, last: { command: 'QUIT', code: 221 } },
    smugglingAttempts(recipient, ['.']),
  )
  const smuggled = outcomes.filter(({ attempt, acknowledged }) => !attempt.clean && acknowledged.length > 1)
  t.comment(`${smuggled.length} of ${outcomes.length} tricks smuggle a message into a Postfix that trusts us`)
  t.ok(smuggled.length >= 2, 'the control finds the known tricks')
})

t.test('behind Sluice, Postfix stores exactly the messages that we acknowledged', { skip }, async t => {
  const postfix = await startTrustingPostfix(t)
  const inside = await freePort()
  const sluice = await startSluice(t, {
    zones: {
      outside: { lineEndings: 'refuse' },
      inside: { lineEndings: 'normalise', listen: [`127.0.0.1:${inside}`] },
    },
    nextHop: `127.0.0.1:${postfix.port}`,
    // A trick that ends the message turns its rest into commands that are errors.
    limits: { errorsPerSession: 1_000_000, tarpitAfterErrors: 1_000_000 },
  })
  const acknowledged: string[] = []
  for (const [lineEndings, port, attempts] of [
    ['refuse', sluice.port, smugglingAttempts(recipient)],
    // Each of these is delivered, which takes Postfix a while; what is only beside a dot adds nothing here.
    ['normalise', inside, smugglingAttempts(recipient, ['.', '..', '.\0', '.\r'])],
  ] as const) {
    const outcomes = await smuggle({ port, recipient, last: { command: 'HELP', code: 214 } }, attempts)
    t.same(
      outcomes.flatMap(outcome => wrong(outcome, lineEndings)),
      [],
      `lineEndings ${lineEndings}: each attempt is answered as it must be`,
    )
    acknowledged.push(...outcomes.flatMap(outcome => outcome.acknowledged.map(idOf)))
  }
  await allDelivered(postfix, acknowledged.length)
  const stored = await maildirMessages(postfix.maildir)
  t.comment(`${acknowledged.length} messages acknowledged`)
  t.same(stored.map(receivedId).sort(), acknowledged.sort(), 'the same messages, each once')
  t.notOk(
    stored.some(message => message.includes('\r') || message.includes('\0')),
    'no bare CR and no NUL arrived',
  )
})

/** The id at the end of the acknowledgement is that of the Received field that we write. */
const idOf = (text: string): string => /queued as (\S+)/.exec(text)![1]!

const receivedId = (message: Buffer): string => {
  const fields = message
    .toString('latin1')
    .split('\n\n', 1)[0]!
    .replaceAll(/\n[ \t]+/g, ' ')
  // Ours is the last one: Postfix put its own on top.
  return (
    /\bid ([0-9a-z]+)/.exec(fields.split('\n').findLast(field => field.startsWith('Received:')) ?? '')?.[1] ??
    ''
  )
}

async function allDelivered(postfix: Postfix, count: number): Promise<void> {
  const enough = async () => (await maildirFiles(postfix.maildir)).length >= count
  // One too many would come as a separate message: wait until nothing is left under way.
  await until(`${count} messages in the Maildir`, enough, 60)
  await postfix.drained()
}

function wrong({ attempt, first, acknowledged }: Outcome, lineEndings: 'refuse' | 'normalise'): string[] {
  if (attempt.clean || lineEndings === 'normalise')
    return first === 250 ? [] : [`${attempt.name} is refused with ${first}`]
  if (first < 500) return [`${attempt.name} is answered ${first}, not refused`]
  return acknowledged.length > 1 ? [`${attempt.name} became ${acknowledged.length} messages`] : []
}
