/**
 * One message on its way from the wire into the spool: Received field first, then the content, checked and scanned as it
 * passes.
 *
 * Promises: content that is at fault is forgotten at once and the rest of it only counted, so that the fault costs no
 * storage; an exception of the writer is a fault of this message and of nothing else.
 * Leaves out: finding the end of the content (`data-reader.ts`, BDAT), and the reply.
 */
import type { ContentScan, ScanResult } from '#mail/content.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { ContentWriter } from '#mail/intake.ts'
import type { MessageId } from '#mail/message-id.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { ContentChecker, type ContentFault } from '#session/content-checker.ts'
import type { PieceSink } from '#session/data-reader.ts'
import { envelopeOf } from '#session/envelope-of.ts'
import type { SessionFacts, TransactionFacts } from '#session/facts.ts'
import { LineNormaliser } from '#session/line-normaliser.ts'
import { traceField } from '#session/trace-field.ts'

const lineEnd = Buffer.from('\r\n')

/** What is kept of a message grows by these: one for most mails, few for large ones, little for a client that stalls. */
const firstGathering = 8_192
const laterGathering = 65_536
const noOctets = Buffer.alloc(0)

export class Reception implements PieceSink {
  readonly id: MessageId
  readonly envelope: Envelope
  readonly #conversation: SessionFacts
  readonly #writer: ContentWriter
  readonly #scan: ContentScan
  readonly #checker: ContentChecker
  readonly #normaliser: LineNormaliser | undefined
  /** Pieces that came while the writer was not ready. */
  readonly #waiting: Uint8Array[] = []
  /** The end of what was kept, not yet with the writer; `#passed` once it is. */
  #gathering: Buffer = noOctets
  #gathered = 0
  #passed: Buffer = noOctets
  #broken: Refusal | undefined
  #abandoned = false
  /** Present while the writer asks to wait: nothing more should be taken until it resolves. Never rejects. */
  busy: Promise<void> | undefined

  constructor(conversation: SessionFacts, transaction: TransactionFacts) {
    const { host } = conversation
    this.#conversation = conversation
    this.id = host.nextId()
    this.envelope = envelopeOf(conversation, transaction, this.id, host.clock.now())
    this.#checker = new ContentChecker(transaction.settings, { take: piece => this.#store(piece) })
    if (transaction.settings.lineEndings === 'normalise') this.#normaliser = new LineNormaliser(this.#checker)
    this.#writer = host.intake.open(this.id)
    this.#scan = host.content.open(this.envelope)
    this.#store(traceField(this.envelope, transaction.settings.hostname, conversation.tls))
  }

  /** Octets of content so far, without the Received field. */
  get size(): number {
    return this.#checker.size
  }

  take(piece: Buffer): void {
    ;(this.#normaliser ?? this.#checker).take(piece)
    if (this.#checker.fault !== undefined) this.abandon()
  }

  /** The content is complete: the writer to hand to the intake, or what was wrong. */
  finish(): ContentWriter | Refusal {
    this.#normaliser?.finish()
    this.#checker.finish()
    // BDAT may end within a line; DATA, with which the message goes on, cannot (RFC 5321 §4.1.1.4).
    if (this.fault === undefined && this.#checker.lineOpen) this.#store(lineEnd)
    this.#passOn()
    const { fault } = this
    if (fault !== undefined) this.abandon()
    return fault ?? this.#writer
  }

  /** What was seen in the content; once, and only after `finish` has given the writer away. */
  scanned(): ScanResult | undefined {
    return this.#scan.finish()
  }

  get fault(): Refusal | undefined {
    const { fault } = this.#checker
    return this.#broken ?? (fault && refusalOf(fault.name, fault.offset))
  }

  /** Safe to call more than once; not after `finish` has given the writer away. */
  abandon(): void {
    if (this.#abandoned) return
    this.#abandoned = true
    this.#waiting.length = 0
    this.#gathering = noOctets
    this.#gathered = 0
    this.#scan.abandon()
    this.#writer.abandon()
  }

  /** Keeps a copy: the octets are in a read buffer that the next read overwrites. Clients send content in small pieces. */
  #store(octets: Uint8Array): void {
    let from = 0
    while (from < octets.length && !this.#abandoned) {
      if (this.#gathered === this.#gathering.length) this.#gatherAnew()
      const part = octets.subarray(from, from + this.#gathering.length - this.#gathered)
      this.#gathering.set(part, this.#gathered)
      this.#gathered += part.length
      from += part.length
      if (this.#gathered === this.#gathering.length) this.#passOn()
    }
  }

  #gatherAnew(): void {
    this.#gathering = Buffer.allocUnsafeSlow(this.#gathering === noOctets ? firstGathering : laterGathering)
    this.#gathered = 0
  }

  /** To the writer. */
  #passOn(): void {
    if (this.#abandoned || this.#passed === this.#gathering || this.#gathered === 0) return
    this.#passed = this.#gathering
    const piece = this.#gathering.subarray(0, this.#gathered)
    this.#scan.take(piece)
    if (this.busy !== undefined) {
      this.#waiting.push(piece)
      return
    }
    try {
      const ready = this.#writer.write(piece)
      if (ready !== undefined) this.busy = this.#whenReady(ready)
    } catch (error) {
      this.#break(error)
    }
  }

  async #whenReady(ready: Promise<void>): Promise<void> {
    try {
      await ready
      while (this.#waiting.length > 0) await this.#writer.write(this.#waiting.shift()!)
    } catch (error) {
      this.#break(error)
    }
    this.busy = undefined
  }

  #break(error: unknown): void {
    this.#conversation.host.complain(error, this.#conversation.peer.session)
    this.#broken = refuse('internal-error', replies.internalError, 'the content could not be written')
    this.abandon()
  }
}

function refusalOf(name: ContentFault, offset: number): Refusal {
  const detail = `${name} at octet ${offset} of the content`
  switch (name) {
    case 'bare-cr':
    case 'bare-lf':
      return refuse('bare-line-ending', replies.bareLineEnding, detail)
    case 'nul-octet':
      return refuse('nul-octet', replies.nulOctet, detail)
    case 'message-too-large':
      return refuse('message-too-large', replies.messageTooLarge, detail)
    case 'header-too-large':
      return refuse('header-too-large', replies.headerTooLarge, detail)
    case 'line-too-long':
      return refuse('line-too-long', replies.lineTooLong, detail)
    case 'hops-exceeded':
      return refuse('hops-exceeded', replies.hopsExceeded, detail)
  }
}
