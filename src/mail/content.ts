/**
 * The door to the content stage, as the session sees it: give it the content while it passes, and hear in the end what is
 * in it. Implemented by `content/`, composed by `mailstream/`.
 *
 * Promises: looking at content never costs a message: nothing here throws or waits, and a scan that fails says so in its
 * result. It is a report and no verdict.
 */
import type { Envelope } from '#mail/envelope.ts'
import type { Opinion } from '#mail/opinion.ts'

/** One message on its way to the spool. */
export interface ContentScan {
  /**
   * The next octets, exactly as they go to the spool: trace field first, wire form. They are read before this returns and
   * not kept; nobody copies for it.
   */
  take(piece: Uint8Array): void
  /** The content is complete. Called once, and nothing after it. undefined where content is not looked at. */
  finish(): ScanResult | undefined
  /** Forgets the message; safe to call at any time before `finish`, and more than once. */
  abandon(): void
}

export interface ContentScanning {
  /** The content of a message begins. `envelope`: what is known of it beside its content. */
  open(envelope?: Envelope): ContentScan
}

export type ScanResult = ScanSummary | NotScanned

export interface ScanSummary {
  readonly kind: 'scanned'
  /** MIME parts, the message itself included. */
  readonly parts: number
  /** Octets, as they go to the spool. */
  readonly size: number
  /** Names of what is ambiguous, broken or suspicious in the form of the message, each once; `scanner/flag.ts` explains them. */
  readonly flags: readonly string[]
  /** Points of all rules that hit. */
  readonly score: number
  /** In the order of the lexicons; the first ones, when there are many. */
  readonly rules: readonly RuleHit[]
  /** Rules that hit and are not among `rules`. */
  readonly moreRules: number
  /** Rules of which it is not known whether they hit; the first ones, when there are many. */
  readonly undecided: readonly UndecidedRule[]
  /** How likely the message is spam; absent where nothing has an opinion. */
  readonly opinion?: Opinion
  /** Time on the clock of the thread that the scan took, over all pieces. */
  readonly microseconds: number
}

export interface RuleHit {
  readonly rule: string
  readonly score: number
}

export interface UndecidedRule {
  readonly rule: string
  /** `time`: the budget of the message was spent. `cut`: the text is longer than what is kept of it. */
  readonly reason: 'time' | 'cut'
}

/** `scanner-failed`: an exception; the log has it. `too-many-scans`: no memory is left for one more at the same time. */
export type NotScannedReason = 'scanner-failed' | 'too-many-scans'

export interface NotScanned {
  readonly kind: 'not-scanned'
  readonly reason: NotScannedReason
}

/** Each as the end of the sentence "not scanned: …". */
export const notScannedReasons: Readonly<Record<NotScannedReason, string>> = {
  'scanner-failed': 'the scanner failed, and the log says how',
  'too-many-scans': 'too many large messages came in at the same time',
}
