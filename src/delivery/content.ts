/**
 * The content of a message on its way to the socket, with DATA's transparency or in BDAT's chunks.
 *
 * Promises: memory is bounded by the socket's buffer and one chunk; stops when the server has answered or is gone.
 */
import type { Channel } from '#delivery/channel.ts'
import * as commands from '#delivery/command.ts'
import { DotStuffing } from '#delivery/dot-stuffing.ts'
import type { Mail } from '#delivery/mail.ts'

type Content = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

const isSync = (content: Content): content is Iterable<Uint8Array> => Symbol.iterator in content

/** Small content as one buffer; without a copy when it is one already. */
export async function collect(content: Content): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  if (isSync(content)) chunks.push(...content)
  else for await (const chunk of content) chunks.push(chunk)
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

/**
 * DATA (RFC 5321 §4.1.1.4). False when the server answered before the end. `behind` gives commands to send in the same
 * packet as the end of data.
 */
export async function sendStuffed(
  channel: Channel,
  content: Content,
  answered: () => boolean,
  behind: () => string | undefined,
): Promise<boolean> {
  const stuffing = new DotStuffing()
  let held: Uint8Array | undefined
  // One chunk is held back so that the last one leaves together with the end of data.
  const push = (chunk: Uint8Array): Promise<void> | undefined => {
    const previous = held
    held = stuffing.stuff(chunk)
    return previous === undefined || channel.write([previous]) ? undefined : channel.drain()
  }
  if (isSync(content)) {
    for (const chunk of content) {
      const wait = push(chunk)
      if (wait !== undefined) await wait
      if (answered()) return false
    }
  } else
    for await (const chunk of content) {
      await push(chunk)
      if (answered()) return false
    }
  const pieces: (string | Uint8Array)[] = held === undefined ? [stuffing.end()] : [held, stuffing.end()]
  const next = behind()
  channel.write(next === undefined ? pieces : [...pieces, next])
  return true
}

/** One BDAT for all (RFC 3030 §2): its length is known, and it needs no transparency. */
export async function sendInChunks(channel: Channel, mail: Mail, answered: () => boolean): Promise<boolean> {
  let left = mail.size
  let head: string | undefined = commands.bdat(mail.size)
  for await (const chunk of mail.content()) {
    if (chunk.length > left) throw new RangeError('content is longer than its size')
    left -= chunk.length
    const room = channel.write(head === undefined ? [chunk] : [head, chunk])
    head = undefined
    if (!room) await channel.drain()
    if (answered()) return false
  }
  if (left > 0) throw new RangeError('content is shorter than its size')
  if (head !== undefined) channel.write([head])
  return true
}
