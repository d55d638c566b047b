/**
 * `sluice send`: one mail over SMTP, to try a gateway.
 *
 * Promises: ends with one sentence and a status that says what became of the mail; --verbose shows the dialogue, never a
 * password; nothing from the command line can add a command to it.
 */
import { readFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { Command } from 'commander'
import { type Trial, type TrialResult, tryMail } from '#commands/send-dialogue.ts'
import { readEndpoint } from '#config/grammar/address.ts'
import { isFlaw } from '#config/grammar/reading.ts'
import { isAddressError, parsePath } from '#mail/address.ts'

interface Options {
  readonly server: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly body?: string
  readonly file?: string
  readonly tls?: true
  readonly auth?: string
  readonly helo: string
  readonly verbose?: true
}

const exit = { lost: 1, usage: 2, permanent: 3, temporary: 4 } as const

/** Does not accumulate on the default. */
const collect = (value: string, values: readonly string[] | undefined): readonly string[] => [
  ...(values ?? []),
  value,
]

export const sendCommand = (): Command =>
  new Command('send')
    .description('Send one mail over SMTP, to try a gateway.')
    .option('-s, --server <address:port>', 'where to', '127.0.0.1:2525')
    .option('-f, --from <address>', 'sender; empty for the null sender', `${safeUser()}@example.org`)
    .requiredOption('-t, --to <address>', 'recipient; may be given several times', collect)
    .option('--subject <text>', 'subject', 'A trial of Sluice')
    .option('--body <text>', 'text of the mail')
    .option('--file <path>', 'a whole message, header and body; - is standard input')
    .option('--tls', 'insist on STARTTLS (the certificate is not verified)')
    .option('--auth <user>', 'sign in; the password is taken from SLUICE_PASSWORD')
    .option('--helo <name>', 'name in EHLO', hostname())
    .option('-v, --verbose', 'show the dialogue')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `
Exit status: 0 accepted for every recipient, 1 no connection or no reply, 2 wrong command line, 3 refused for good (5xx)
or for some recipients, 4 refused for now (4xx).`,
    )
    .action(send)

const safeUser = (): string => userInfo().username.replace(/[^a-z0-9._-]/gi, '') || 'you'

async function send(options: Options, command: Command): Promise<void> {
  const usage = (sentence: string): never => command.error(`error: ${sentence}`, { exitCode: exit.usage })
  const endpoint = readEndpoint(options.server)
  if (isFlaw(endpoint)) return usage(`--server ${endpoint.reason}`)
  const path = (text: string): string => {
    const read = parsePath(text, { smtputf8: true })
    return isAddressError(read)
      ? usage(`${JSON.stringify(text)} is not a mail address: ${read.reason}`)
      : read
  }
  if (!/^[!-~]+$/.test(options.helo)) usage('--helo is a name without spaces')
  const result = await tryMail({
    ...endpoint,
    hostname: options.helo,
    from: path(options.from),
    to: options.to.map(path),
    content: contentOf(options),
    tls: options.tls === true,
    ...(options.auth !== undefined && { user: { name: options.auth, password: passwordOrEnd(usage) } }),
    tell: (direction, line) => {
      if (options.verbose) process.stderr.write(`${direction} ${line}\n`)
    },
  } satisfies Trial)
  conclude(result)
}

function passwordOrEnd(usage: (sentence: string) => never): string {
  return process.env.SLUICE_PASSWORD ?? usage('--auth needs the password in the environment: SLUICE_PASSWORD')
}

function conclude(result: TrialResult): void {
  if (result.kind === 'accepted') {
    process.stdout.write(`Accepted: ${result.reply}\n`)
    for (const refusal of result.refused) process.stdout.write(`Refused for ${refusal}\n`)
    if (result.refused.length > 0) process.exitCode = exit.permanent
    return
  }
  const how = { permanent: 'Refused', temporary: 'Refused for now', lost: 'Failed' }[result.kind]
  process.stdout.write(`${how} at ${result.step}: ${result.reply}\n`)
  process.exitCode = exit[result.kind]
}

/** Wire form: whatever line ends the text has, CRLF goes out. */
function contentOf({ file, from, to, subject, body }: Options): Uint8Array {
  if (file === undefined) return Buffer.from(compose(from, to, subject, body ?? defaultBody))
  const octets = readFileSync(file === '-' ? 0 : file)
  // latin1 maps each octet to one character and back: only line ends change.
  const text = octets.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n')
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1')
}

const defaultBody = 'If you can read this, the gateway took the mail and delivered it.'

/** RFC 5322 §3.6. The arguments of an operator may hold what a header may not. */
function compose(from: string, to: readonly string[], subject: string, body: string): string {
  const line = (text: string) => text.replace(/[\p{Cc}]/gu, ' ')
  const encoded = /^[\x20-\x7e]*$/.test(subject)
    ? subject
    : `=?utf-8?B?${Buffer.from(line(subject)).toString('base64')}?=` // RFC 2047 §4.1
  const header = [
    `From: <${line(from === '' ? `postmaster@${hostname()}` : from)}>`,
    `To: ${to.map(address => `<${line(address)}>`).join(', ')}`,
    `Subject: ${encoded}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${Date.now().toString(36)}.${process.pid}@${hostname()}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]
  return `${header.join('\r\n')}\r\n\r\n${body.replace(/\r\n|\r|\n/g, '\r\n')}\r\n`
}
