/**
 * The part of a session in which octets are content: DATA up to its end, BDAT up to its size. Gives them to the
 * `Reception`, and works out the answer.
 *
 * Promises: the octets of a chunk are consumed whatever becomes of them; the 250 of a message waits for its Receipt.
 */
import type { Envelope } from '#mail/envelope.ts'
import type { ContentWriter } from '#mail/intake.ts'
import { Receipt } from '#mail/receipt.ts'
import { isRefusal, type Refusal } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { type Answer, type Conversation, command, messageOver, type Next } from '#session/conversation.ts'
import { DataReader } from '#session/data-reader.ts'
import { decisionOn } from '#session/decision.ts'
import type { Reception } from '#session/reception.ts'
import type { SessionStory } from '#session/session-story.ts'

type Chunk = Extract<Next, { kind: 'chunk' }>

export class ContentInput {
  readonly #conversation: Conversation
  readonly #story: SessionStory
  readonly #data = new DataReader()
  /** Undefined while it is DATA. */
  #chunk: Chunk | undefined
  #octetsLeft = 0
  /** All octets have been read: `answer` is due. */
  complete = false

  constructor(conversation: Conversation, story: SessionStory) {
    this.#conversation = conversation
    this.#story = story
  }

  beginData(): void {
    this.#chunk = undefined
    this.complete = false
    this.#data.begin()
  }

  beginChunk(chunk: Chunk): void {
    this.#chunk = chunk
    this.#octetsLeft = chunk.octets
    this.complete = chunk.octets === 0
  }

  /** Present while the spool asks to wait before more is read. */
  get busy(): Promise<void> | undefined {
    return this.#reception?.busy
  }

  /** Returns the offset behind what was read. */
  read(octets: Buffer, from: number): number {
    if (this.#chunk !== undefined) return this.#readChunk(octets, from)
    const end = this.#data.read(octets, from, this.#reception!)
    this.complete = end >= 0
    return this.complete ? end : octets.length
  }

  /** The answer to DATA or BDAT. */
  answer(): Answer | Promise<Answer> {
    this.#conversation.next = command
    if (this.#chunk === undefined || (this.#chunk.last && this.#chunk.refusal === undefined))
      return this.#finish()
    const fault = this.#chunk.refusal ?? this.#reception?.fault
    if (fault !== undefined) return this.#fail(fault, this.#chunk.last)
    const { busy } = this
    return busy === undefined ? replies.chunkAccepted : busy.then(() => replies.chunkAccepted)
  }

  get #reception(): Reception | undefined {
    return this.#conversation.transaction?.reception
  }

  #readChunk(octets: Buffer, from: number): number {
    const end = from + Math.min(this.#octetsLeft, octets.length - from)
    if (this.#chunk!.refusal === undefined) this.#reception?.take(octets.subarray(from, end))
    this.#octetsLeft -= end - from
    this.complete = this.#octetsLeft === 0
    return end
  }

  /** RFC 3030 §2: after a failed chunk the message has failed, and further chunks of it are discarded. */
  #fail(fault: Refusal, last: boolean): Refusal {
    const { transaction } = this.#conversation
    if (transaction?.id !== undefined) {
      transaction.failed = true
      transaction.reception?.abandon()
      if (last) this.#conversation.next = messageOver
    }
    return fault
  }

  #finish(): Answer | Promise<Answer> {
    const reception = this.#reception!
    this.#conversation.next = messageOver
    if (reception.busy !== undefined) return reception.busy.then(() => this.#finish())
    const content = reception.finish()
    return isRefusal(content) ? content : this.#commit(reception, content)
  }

  /** What is refused is forgotten, and so is what an exception leaves undecided: it costs this message and no other. */
  #decide(reception: Reception, content: ContentWriter): Envelope | Refusal {
    const { host } = this.#conversation
    let decided: Envelope | Refusal | undefined
    try {
      const judgement = host.judging.judge(reception.envelope, this.#story.scanned(reception))
      if (judgement !== undefined) this.#story.judged(reception, judgement)
      decided = decisionOn(reception.envelope, judgement)
      return decided
    } finally {
      if (decided === undefined || isRefusal(decided)) content.abandon()
    }
  }

  async #commit(reception: Reception, content: ContentWriter): Promise<Answer> {
    const { host, transaction } = this.#conversation
    // The content is the spool's from here: a lost connection does not take it back.
    if (transaction !== undefined) transaction.reception = undefined
    const decided = this.#decide(reception, content)
    if (isRefusal(decided)) return decided
    const begun = host.timers.monotonic()
    const outcome = await host.intake.accept(decided, content)
    if (!(outcome instanceof Receipt)) return outcome
    this.#conversation.messages++
    this.#story.accepted(reception, host.timers.monotonic() - begun)
    return replies.acceptedReply(outcome)
  }
}
