/**
 * Scanning as a stage of one engine thread: each message on its way to the spool is looked at while it passes.
 *
 * Promises: an exception of the scanner costs one report and never a message; rules are replaced between two messages, and
 * one that is under way ends with those it began with; memory is bounded, whoever stops in the middle of how many messages.
 * Leaves out: verdicts.
 *
 * A scanner is taken when the first octets come, which for most mails is when all of them are there: thousands of slow
 * clients cost none, and a busy thread has one or two.
 */
import { type OpenedRules, openRules, type UsableEngine } from '#content/opened-rules.ts'
import type { ContentRules } from '#content/rules.ts'
import type { BulkWatch } from '#content/spam/bulk/memory.ts'
import type { ContentScan, ContentScanning, NotScannedReason, ScanResult } from '#mail/content.ts'
import type { Envelope } from '#mail/envelope.ts'
import type { Scanner } from '#scanner/scanner.ts'

/**
 * What an open scan keeps of its message grows with it, up to some 3 MB at 1 MiB of hostile text; beyond it keeps nothing
 * more. So many octets may be under way at a time, each message counted up to `mostCounted`: 128 large ones, or more small
 * ones, and some 350 MB at the worst.
 */
const mostUnderWay = 128 * 2 ** 20
const mostCounted = 2 ** 20

export interface ScanningOptions {
  /** undefined where none can be used: then no rules can be, either. */
  readonly engine: UsableEngine | undefined
  /** Told of each exception; the message that had it is named in the tracking. */
  readonly complain: (error: unknown) => void
  /** Where messages are counted that are like others. */
  readonly bulk?: BulkWatch
  /** Octets; for tests. */
  readonly mostUnderWay?: number
}

export interface Scanning extends ContentScanning {
  /** From the next message on. Rejects with `RulesUnusable`, and then nothing has changed. */
  use(rules: ContentRules): Promise<void>
  /** Scanners that are out with a message, and those that wait for one. */
  scanners(): { readonly out: number; readonly idle: number }
}

/** Scans nothing before the first `use`. */
export const createScanning = (options: ScanningOptions): Scanning => new ThreadScanning(options)

/** What the scans of a thread share. */
interface Ledger {
  readonly mostUnderWay: number
  readonly complain: (error: unknown) => void
  underWay: number
  out: number
}

class ThreadScanning implements Scanning {
  readonly #engine: UsableEngine | undefined
  readonly #bulk: BulkWatch | undefined
  readonly #ledger: Ledger
  #rules: OpenedRules | undefined

  constructor({ engine, complain, bulk, mostUnderWay: most = mostUnderWay }: ScanningOptions) {
    this.#engine = engine
    this.#bulk = bulk
    this.#ledger = { mostUnderWay: most, complain, underWay: 0, out: 0 }
  }

  open(envelope?: Envelope): ContentScan {
    return new Scan(() => this.#rules, this.#ledger, envelope)
  }

  async use(rules: ContentRules): Promise<void> {
    const opened = rules.kind === 'off' ? undefined : await openRules(this.#engine, rules, this.#bulk)
    this.#rules?.retire()
    this.#rules = opened
  }

  scanners() {
    return { out: this.#ledger.out, idle: this.#rules?.idle ?? 0 }
  }
}

/** A scanner that is out with a message, and the rules that it came from. */
interface Loan {
  readonly rules: OpenedRules
  readonly scanner: Scanner
}

/** `off`: nothing is scanned, as the rules said when the first octets came. */
type Outcome = 'off' | NotScannedReason

class Scan implements ContentScan {
  readonly #inForce: () => OpenedRules | undefined
  readonly #ledger: Ledger
  readonly #envelope: Envelope | undefined
  #loan: Loan | undefined
  /** Octets that stand in the ledger for this message. */
  #counted = 0
  #milliseconds = 0
  /** Set when the scan ends before the message does. */
  #ended: Outcome | undefined

  constructor(inForce: () => OpenedRules | undefined, ledger: Ledger, envelope: Envelope | undefined) {
    this.#inForce = inForce
    this.#ledger = ledger
    this.#envelope = envelope
  }

  take(piece: Uint8Array): void {
    this.#work(({ scanner }) => {
      if (this.#count(piece.length)) scanner.write(piece)
      else this.#end('too-many-scans')
    })
  }

  finish(): ScanResult | undefined {
    const found = this.#work(({ rules, scanner }) => rules.end(scanner, this.#envelope))
    const ended = this.#ended
    if (ended !== undefined) return ended === 'off' ? undefined : { kind: 'not-scanned', reason: ended }
    this.#ended = 'off'
    this.#handBack()
    return found && { kind: 'scanned', ...found, microseconds: Math.round(this.#milliseconds * 1_000) }
  }

  abandon(): void {
    this.#end('off')
  }

  /** The message goes on without a scan, or not at all. */
  #end(outcome: Outcome): void {
    if (this.#ended !== undefined) return
    this.#ended = outcome
    try {
      this.#loan?.scanner.abandon()
      this.#handBack()
    } catch (error) {
      this.#lose(error)
    }
  }

  /** Does something with the scanner of this message, by the clock; undefined when there is none, or none any more. */
  #work<Result>(work: (loan: Loan) => Result): Result | undefined {
    if (this.#ended !== undefined) return undefined
    const begun = performance.now()
    try {
      const loan = this.#loan ?? this.#borrow()
      return loan && work(loan)
    } catch (error) {
      this.#ended = 'scanner-failed'
      this.#lose(error)
      return undefined
    } finally {
      this.#milliseconds += performance.now() - begun
    }
  }

  #borrow(): Loan | undefined {
    const rules = this.#inForce()
    if (rules === undefined) {
      this.#ended = 'off'
      return undefined
    }
    this.#loan = { rules, scanner: rules.takeScanner() }
    this.#ledger.out++
    return this.#loan
  }

  /** False when there is no room for more. */
  #count(octets: number): boolean {
    const more = Math.min(octets, mostCounted - this.#counted)
    if (this.#ledger.underWay + more > this.#ledger.mostUnderWay) return false
    this.#ledger.underWay += more
    this.#counted += more
    return true
  }

  #handBack(): void {
    const loan = this.#release()
    loan?.rules.giveBack(loan.scanner)
  }

  /** The scanner is in an unknown state: nobody gets it again. */
  #lose(error: unknown): void {
    this.#release()
    this.#ledger.complain(error)
  }

  #release(): Loan | undefined {
    const loan = this.#loan
    if (loan === undefined) return undefined
    this.#loan = undefined
    this.#ledger.out--
    this.#ledger.underWay -= this.#counted
    this.#counted = 0
    return loan
  }
}
