/**
 * A job as it leaves: with the marks that its queue entry says, and without fields of strangers under our names.
 *
 * Promises: what is stored is not changed, so that every attempt begins from the same octets; the size is that of what is
 * sent, which SIZE and BDAT say. Cost for a message from outside: a look at its header; for any other that is not marked: none.
 * Content that is not in memory is opened once more for that.
 */
import type { Mail } from '#delivery/mail.ts'
import { type HeaderChange, markedHeader } from '#delivery/marked-header.ts'
import type { Job } from '#mail/queue.ts'
import type { Mark, Treatment } from '#mail/treatment.ts'

type Content = ReturnType<Job['content']>

/** What was worked out is kept as long as the job: each attempt and each look ahead speak of the same mail. */
export class Outgoing {
  readonly #mails = new WeakMap<Job, Mail>()

  /** A promise where the content must be read from disk for it; that may reject. */
  of(job: Job): Mail | Promise<Mail> {
    const known = this.#mails.get(job)
    if (known !== undefined) return known
    const change = { mark: markOf(job.treatment), fromStrangers: job.envelope.origin.zone === 'outside' }
    if (change.mark === undefined && !change.fromStrangers) return job
    const content = job.content()
    return isSync(content)
      ? this.#keep(job, change, headOf(content))
      : headFromDisk(content).then(head => this.#keep(job, change, head))
  }

  /** The same, as far as it is known. */
  known(job: Job): Mail {
    return this.#mails.get(job) ?? job
  }

  #keep(job: Job, change: HeaderChange, head: Buffer): Mail {
    const marked = markedHeader(head, change)
    const mail = marked === undefined ? job : withHead(job, head.length, marked)
    this.#mails.set(job, mail)
    return mail
  }
}

const markOf = (treatment: Treatment | undefined): Mark | undefined =>
  treatment !== undefined && 'mark' in treatment ? treatment.mark : undefined

const isSync = (content: Content): content is Iterable<Uint8Array> => Symbol.iterator in content

function withHead(job: Job, length: number, head: Buffer): Mail {
  const { envelope, recipients } = job
  return {
    envelope,
    recipients,
    size: job.size - length + head.length,
    content: () => {
      const content = job.content()
      return isSync(content) ? replaced(content, length, head) : replacedFromDisk(content, length, head)
    },
  }
}

const emptyLine = '\r\n\r\n'

/** Gathers chunks until the header has ended. */
class Head {
  bytes: Buffer = Buffer.alloc(0)
  #searched = 0

  /** True when this chunk completed it. */
  take(chunk: Uint8Array): boolean {
    const part = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.bytes = this.bytes.length === 0 ? part : Buffer.concat([this.bytes, part])
    const end = this.bytes.indexOf(emptyLine, Math.max(0, this.#searched - emptyLine.length))
    this.#searched = this.bytes.length
    if (end < 0) return false
    this.bytes = this.bytes.subarray(0, end + emptyLine.length)
    return true
  }
}

function headOf(content: Iterable<Uint8Array>): Buffer {
  const head = new Head()
  for (const chunk of content) if (head.take(chunk)) break
  return head.bytes
}

async function headFromDisk(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const head = new Head()
  for await (const chunk of content) if (head.take(chunk)) break
  return head.bytes
}

function* replaced(content: Iterable<Uint8Array>, length: number, head: Buffer): Generator<Uint8Array, void> {
  let left = length
  yield head
  for (const chunk of content) {
    const rest = chunk.subarray(Math.min(left, chunk.length))
    left -= chunk.length - rest.length
    if (rest.length > 0) yield rest
  }
}

async function* replacedFromDisk(
  content: AsyncIterable<Uint8Array>,
  length: number,
  head: Buffer,
): AsyncGenerator<Uint8Array, void> {
  let left = length
  yield head
  for await (const chunk of content) {
    const rest = chunk.subarray(Math.min(left, chunk.length))
    left -= chunk.length - rest.length
    if (rest.length > 0) yield rest
  }
}
