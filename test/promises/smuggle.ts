/** Sends smuggling attempts to a server and reports what it acknowledged. */
import { type RawClient, type RawReply, rawClient } from '../peers/raw-client.ts'
import type { SmugglingAttempt } from './smuggling.ts'

export interface Target {
  readonly port: number
  readonly recipient: string
  /**
   * Command behind each attempt whose reply nothing else has, and its code: with it all attempts of a worker share a connection.
   * `QUIT` 221 costs a connection for each, and serves everywhere.
   */
  readonly last: { readonly command: string; readonly code: number }
}

export interface Outcome {
  readonly attempt: SmugglingAttempt
  /** Texts of the 250 replies that acknowledged a message, in order. */
  readonly acknowledged: readonly string[]
  /** Code of the first reply behind the message: what the server made of it. */
  readonly first: number
}

const parallel = 16

/** Every other message is split in the middle of its trick. */
export async function smuggle(target: Target, attempts: Iterable<SmugglingAttempt>): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const source = attempts[Symbol.iterator]()
  const worker = async () => {
    let client: RawClient | undefined
    for (let next = source.next(); !next.done; next = source.next()) {
      if (client === undefined || client.socket.destroyed) client = await greeted(target.port)
      const replies = await converse(client, target, next.value, outcomes.length % 2 === 0)
      outcomes.push({
        attempt: next.value,
        acknowledged: replies
          .filter(({ code, text }) => code === 250 && /queued as /.test(text))
          .map(({ text }) => text),
        first: replies[0]?.code ?? 0,
      })
      if (target.last.command === 'QUIT') client.close()
    }
    client?.close()
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return outcomes
}

async function greeted(port: number): Promise<RawClient> {
  const client = await rawClient(port)
  await client.reply()
  await client.command('EHLO client.test')
  return client
}

/** The replies to everything behind the 354, up to that of the last command or the end of the connection. */
async function converse(
  client: RawClient,
  { recipient, last }: Target,
  { wire, splitAt }: SmugglingAttempt,
  split: boolean,
): Promise<RawReply[]> {
  for (const line of ['RSET', 'MAIL FROM:<first@client.test>', `RCPT TO:<${recipient}>`, 'DATA']) {
    const { code, text } = await client.command(line)
    if (code >= 400) throw new Error(`${line}: ${code} ${text}`)
  }
  if (split) {
    client.send(wire.subarray(0, splitAt))
    // With noDelay set, the next turn of the loop is a segment of its own.
    await new Promise(setImmediate)
    client.send(wire.subarray(splitAt))
  } else client.send(wire)
  client.send(`${last.command}\r\n`)
  const replies: RawReply[] = []
  for (;;) {
    const reply = await client.reply().catch(() => undefined)
    if (reply === undefined || reply.code === last.code) return replies
    replies.push(reply)
  }
}
