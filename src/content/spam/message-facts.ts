/**
 * A message as the symbols ask about it: its own header, links, texts and form, each read once and only when it is asked for.
 *
 * What a message carries of others (attached messages, abuse reports, bounces) is left out: it is judged by what it says
 * itself (`features/view.ts`). A forwarded message without a word of its own is judged by what it carries; a report
 * (multipart/report, RFC 6522) never is.
 * Promises: whatever stands in the tables, never an exception; bounded by the limits here; costs nothing for what no symbol
 * asks. Leaves out: what any of it means (`layers/`).
 */
import type { ConnectionFacts } from '#content/spam/connection-facts.ts'
import { type LinkFacts, linksOf } from '#content/spam/link-facts.ts'
import { OwnHeader } from '#content/spam/own-header.ts'
import { type PartFacts, partsOf } from '#content/spam/part-facts.ts'
import { type TextFacts, textOf } from '#content/spam/text-facts.ts'
import { MessageView } from '#scanner/features/view.ts'
import { type FlagName, flagNames } from '#scanner/flag.ts'
import { flagColumns } from '#scanner/layout.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface Circumstances {
  readonly connection?: ConnectionFacts
  /** Milliseconds since 1970; undefined for mail of an archive, whose Date is then not compared with anything. */
  readonly receivedAt?: number
}

export class MessageFacts {
  readonly output: ScanOutput
  readonly connection: ConnectionFacts | undefined
  readonly receivedAt: number | undefined
  readonly view: MessageView
  readonly header: OwnHeader
  readonly #nothingOwn: boolean
  #flags: ReadonlySet<FlagName> | undefined
  #links: readonly LinkFacts[] | undefined
  #parts: readonly PartFacts[] | undefined
  #text: TextFacts | undefined

  constructor(output: ScanOutput, { connection, receivedAt }: Circumstances = {}) {
    this.output = output
    this.connection = connection
    this.receivedAt = receivedAt
    this.view = new MessageView(output, false)
    this.header = new OwnHeader(this.view)
    this.#nothingOwn =
      this.view.saysNothing && this.view.parts > 0 && this.view.type(0) === 'multipart/report'
  }

  /** Whether the message is judged by what stands in this part. */
  judged(part: number): boolean {
    return this.view.says(part) && !(this.#nothingOwn && part > 0)
  }

  /** Raised in a part that the message is judged by. */
  get flags(): ReadonlySet<FlagName> {
    this.#flags ??= this.#readFlags()
    return this.#flags
  }

  /** The first ones, when there are many. */
  get links(): readonly LinkFacts[] {
    this.#links ??= linksOf(this)
    return this.#links
  }

  get parts(): readonly PartFacts[] {
    this.#parts ??= partsOf(this)
    return this.#parts
  }

  get text(): TextFacts {
    this.#text ??= textOf(this)
    return this.#text
  }

  #readFlags(): ReadonlySet<FlagName> {
    const { flags } = this.output
    const raised = new Set<FlagName>()
    for (let row = 0; row + flagColumns.length <= flags.length; row += flagColumns.length) {
      const name = flagNames[flags[row]!]
      if (name !== undefined && this.judged(flags[row + 1]!)) raised.add(name)
    }
    return raised
  }
}
