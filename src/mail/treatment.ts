/**
 * What a verdict has left to do once the message is accepted: it stands in the envelope, so that the queue entry says it,
 * and after a crash as before.
 *
 * Promises: pure. Recipients who are treated alike share one treatment; who gets the message as it is has none. An envelope
 * without treatments, as older versions wrote it, means just that.
 * Leaves out: how it comes about (`treated.ts`), keeping (`spool/`) and marking (`delivery/`).
 */
import type { Address } from '#mail/address.ts'

/** What is put into the header on the way out. What is stored stays as it came. */
export interface Mark {
  /** Whole fields, ASCII, folded with CRLF, without the CRLF at their end. They go before everything else. */
  readonly fields: readonly string[]
  /** Goes before the subject; printable, not always ASCII. */
  readonly subject?: string
}

export type Treatment =
  | { readonly kind: 'tag'; readonly mark: Mark }
  /** The recipient is the address that it is redirected to; `from`: for whom it came. */
  | { readonly kind: 'redirect'; readonly from: readonly Address[]; readonly mark: Mark }
  /** Waits for an operator, and goes out as it came. `why` is a sentence for him. */
  | { readonly kind: 'hold'; readonly why: string }
  /** Never goes out. */
  | { readonly kind: 'discard'; readonly why: string }
