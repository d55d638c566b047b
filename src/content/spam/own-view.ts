/**
 * The tables of a scan, and which parts of the message it is judged by.
 *
 * What a message carries of others (attached messages, abuse reports, bounces) is left out (`features/view.ts`). A forwarded
 * message without a word of its own is judged by what it carries; a report never is.
 */
import { MessageView } from '#scanner/features/view.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export class OwnView extends MessageView {
  /** A report that says nothing itself (multipart/report, RFC 6522). */
  readonly bareReport: boolean

  constructor(output: ScanOutput) {
    super(output, false)
    this.bareReport = this.saysNothing && this.type(0) === 'multipart/report'
  }

  /** Whether the message is judged by what stands in this part. */
  judged(part: number): boolean {
    return this.says(part) && !(this.bareReport && part > 0)
  }
}
