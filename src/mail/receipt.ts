/**
 * Proof that a message is on disk; of one that was discarded for all of its recipients, that its envelope is, which says so.
 *
 * Only the spool's commit can make one, after the bytes and the directory entry are synced, and only a Receipt can
 * become the 250 after the end of data: "written to disk before acknowledged" is checked by the compiler.
 * `test/architecture.test.ts` proves that nothing but `src/spool/commit.ts` imports `issueReceipt`.
 */
import type { MessageId } from '#mail/message-id.ts'

let issue: (id: MessageId) => Receipt

export class Receipt {
  readonly #id: MessageId
  private constructor(id: MessageId) {
    this.#id = id
  }
  get id(): MessageId {
    return this.#id
  }
  static {
    issue = id => new Receipt(id)
  }
}

/** For `src/spool/commit.ts` alone. */
export const issueReceipt = (id: MessageId): Receipt => issue(id)
