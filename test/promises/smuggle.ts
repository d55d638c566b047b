/** Sends smuggling attempts to a server and reports what it acknowledged. */
import { rawClient } from '../peers/raw-client.ts'
import type { SmugglingAttempt } from './smuggling.ts'

export interface Outcome {
  readonly attempt: SmugglingAttempt
  /** Texts of the 250 replies that acknowledged a message, in order. */
  readonly acknowledged: readonly string[]
  /** Code of the first reply behind the message: what the server made of it. */
  readonly first: number
}

/**
 * One connection per attempt, `parallel` at once. Every other message is split in the middle of its trick.
 * `isAcknowledgement` tells a 250 for a message from one for a command.
 */
export async function smuggle(
  port: number,
  recipient: string,
  attempts: Iterable<SmugglingAttempt>,
  isAcknowledgement: (text: string) => boolean,
  parallel = 16,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const source = attempts[Symbol.iterator]()
  const worker = async () => {
    for (let next = source.next(); !next.done; next = source.next()) {
      const replies = await converse(port, recipient, next.value, outcomes.length % 2 === 0)
      outcomes.push({
        attempt: next.value,
        acknowledged: replies
          .filter(({ code, text }) => code === 250 && isAcknowledgement(text))
          .map(({ text }) => text),
        first: replies[0]?.code ?? 0,
      })
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return outcomes
}

async function converse(port: number, recipient: string, attempt: SmugglingAttempt, split: boolean) {
  const client = await rawClient(port)
  const opening = ['EHLO client.test', 'MAIL FROM:<first@client.test>', `RCPT TO:<${recipient}>`, 'DATA']
  try {
    await client.reply()
    for (const line of opening) {
      const { code, text } = await client.command(line)
      if (code >= 400) throw new Error(`${line}: ${code} ${text}`)
    }
    const { wire, splitAt } = attempt
    if (split) {
      client.send(wire.subarray(0, splitAt))
      // With noDelay set, the next turn of the loop is a segment of its own.
      await new Promise(setImmediate)
      client.send(wire.subarray(splitAt))
    } else client.send(wire)
    client.send('QUIT\r\n')
    return await client.rest()
  } finally {
    client.close()
  }
}
