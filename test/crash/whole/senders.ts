/**
 * Clients in a hurry: several connections, each sends one mail after the other, the commands of the next behind the
 * content of the last (RFC 2920), and writes down what was acknowledged.
 */
import { type RawClient, type RawReply, rawClient } from '../../peers/raw-client.ts'
import type { Ledger } from './ledger.ts'
import type { Mail } from './mail.ts'

export interface SendersOptions {
  readonly port: number
  readonly connections: number
  readonly next: () => Mail
  readonly ledger: Ledger
  /** Each final reply that is not 250, refusals of MAIL and RCPT included. */
  readonly onRefusal?: (reply: RawReply) => void
  /** Connect again after the connection was lost. Default: that connection has ended. */
  readonly again?: boolean
}

export interface Senders {
  /** Resolves when all connections have ended, after what is under way is finished or was lost. */
  stop(): Promise<void>
  readonly ended: Promise<void>
}

export function startSenders(options: SendersOptions): Senders {
  const state = { running: true }
  const one = async () => {
    do {
      try {
        await converse(options, state)
      } catch {
        // Lost with the gateway: what was acknowledged by then is in the books. A moment for it to come back.
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    } while (options.again && state.running)
  }
  const ended = Promise.all(Array.from({ length: options.connections }, one)).then(() => undefined)
  return {
    ended,
    stop: () => {
      state.running = false
      return ended
    },
  }
}

async function converse(options: SendersOptions, state: { readonly running: boolean }): Promise<void> {
  const client = await rawClient(options.port)
  try {
    await client.reply()
    await client.command('EHLO client.test')
    let mail: Mail | undefined = begin(client, options)
    while (mail !== undefined) mail = await finish(client, mail, options, state)
  } finally {
    client.close()
  }
}

/** Sends everything of a mail that needs no answer first. */
function begin(client: RawClient, { next, ledger }: SendersOptions): Mail {
  const mail = next()
  ledger.sending(mail)
  client.send(openingOf(mail))
  return mail
}

function openingOf(mail: Mail): Buffer {
  const commands = [
    'MAIL FROM:<sender@example.org>\r\n',
    ...mail.recipients.map(address => `RCPT TO:<${address}>\r\n`),
  ]
  if (mail.how !== 'bdat') return Buffer.from(`${commands.join('')}DATA\r\n`)
  const parts: Uint8Array[] = [Buffer.from(commands.join(''))]
  let at = 0
  for (const [index, size] of mail.chunks.entries()) {
    const last = index === mail.chunks.length - 1 ? ' LAST' : ''
    parts.push(Buffer.from(`BDAT ${size}${last}\r\n`), mail.content.subarray(at, at + size))
    at += size
  }
  return Buffer.concat(parts)
}

/** Brings the mail to its last reply; resolves with the one that was begun behind it. */
async function finish(
  client: RawClient,
  mail: Mail,
  options: SendersOptions,
  state: { readonly running: boolean },
): Promise<Mail | undefined> {
  const follow = () => (state.running ? begin(client, options) : undefined)
  const replies = [await client.reply()]
  for (const _ of mail.recipients) replies.push(await client.reply())
  const accepted = mail.recipients.filter((_, index) => replies[index + 1]!.code === 250)
  let following: Mail | undefined
  let end: RawReply
  if (mail.how === 'bdat') {
    following = follow()
    end = await client.reply()
    for (const _ of mail.chunks.slice(1)) end = await client.reply()
  } else {
    end = await client.reply()
    if (end.code === 354 && mail.how === 'broken') {
      client.send(mail.content.subarray(0, mail.content.length / 2))
      client.socket.end()
      return undefined
    }
    if (end.code === 354) client.send(Buffer.concat([dotted(mail.content), endOfData]))
    following = follow()
    if (end.code === 354) end = await client.reply()
  }
  if (end.code === 250) options.ledger.acknowledge(mail.id, accepted)
  else options.onRefusal?.(replies.find(reply => reply.code >= 400) ?? end)
  return following
}

const endOfData = Buffer.from('.\r\n')

/** RFC 5321 §4.5.2. */
function dotted(octets: Buffer): Buffer {
  if (!octets.includes('\n.')) return octets
  return Buffer.from(octets.toString('latin1').replace(/\r\n\./g, '\r\n..'), 'latin1')
}
