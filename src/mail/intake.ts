/**
 * The door to the spool, as the session and the notifier of delivery see it: write the content while it arrives, then
 * ask for a Receipt. Implemented by `spool/`, composed by `mailstream/`.
 */
import type { Envelope } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { Receipt } from '#mail/receipt.ts'
import type { Refusal } from '#mail/refusal.ts'

/** Takes the content in wire form: CRLF line ends, no dot-stuffing, no terminating dot, trace field first. */
export interface ContentWriter {
  readonly id: MessageId
  /** Octets written so far. */
  readonly size: number
  /**
   * Keeps the chunk (the caller must not reuse its memory). A promise means: wait for it before the next write.
   * A failed disk shows at `accept`, not here.
   */
  write(chunk: Uint8Array): Promise<void> | undefined
  /** Forgets the content; safe to call at any time before `accept`, and more than once. */
  abandon(): void
}

export interface Intake {
  /** Opens the content of a message. Never throws. */
  open(id: MessageId): ContentWriter
  /**
   * Resolves with a Receipt once envelope and content are on disk, or with a refusal (`storage-full` 452,
   * `storage-failed` 451) when they are not. Never rejects. The writer is used up either way.
   */
  accept(envelope: Envelope, content: ContentWriter): Promise<Receipt | Refusal>
}
