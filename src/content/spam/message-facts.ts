/**
 * A message as the symbols ask about it: its own header, links, texts and form, each read once and only when it is asked for.
 *
 * It is judged by what it says itself, not by what it carries of others (`own-view.ts`).
 * Promises: whatever stands in the tables, never an exception; bounded by the limits here; costs nothing for what no symbol
 * asks. Leaves out: what any of it means (`layers/`).
 */
import type { ConnectionFacts } from '#content/spam/connection-facts.ts'
import { type AllLinks, type HostFacts, type LinkFacts, linksOf } from '#content/spam/link-facts.ts'
import { OwnHeader } from '#content/spam/own-header.ts'
import { OwnView } from '#content/spam/own-view.ts'
import { type PartFacts, partsOf } from '#content/spam/part-facts.ts'
import { type TextFacts, textOf } from '#content/spam/text-facts.ts'
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
  readonly view: OwnView
  readonly header: OwnHeader
  #flags: ReadonlySet<FlagName> | undefined
  #links: AllLinks | undefined
  #parts: readonly PartFacts[] | undefined
  #text: TextFacts | undefined

  constructor(output: ScanOutput, { connection, receivedAt }: Circumstances = {}) {
    this.output = output
    this.connection = connection
    this.receivedAt = receivedAt
    this.view = new OwnView(output)
    this.header = new OwnHeader(this.view)
  }

  /** Raised in a part that the message is judged by. */
  get flags(): ReadonlySet<FlagName> {
    this.#flags ??= this.#readFlags()
    return this.#flags
  }

  /** The first ones, when there are many. */
  get links(): readonly LinkFacts[] {
    return this.#allLinks().links
  }

  /** To which they lead, each once. */
  get hosts(): readonly HostFacts[] {
    return this.#allLinks().hosts
  }

  get parts(): readonly PartFacts[] {
    this.#parts ??= partsOf(this.view)
    return this.#parts
  }

  get text(): TextFacts {
    this.#text ??= textOf(this.view)
    return this.#text
  }

  #allLinks(): AllLinks {
    this.#links ??= linksOf(this.view)
    return this.#links
  }

  #readFlags(): ReadonlySet<FlagName> {
    const { flags } = this.output
    const raised = new Set<FlagName>()
    for (let row = 0; row + flagColumns.length <= flags.length; row += flagColumns.length) {
      const name = flagNames[flags[row]!]
      if (name !== undefined && this.view.judged(flags[row + 1]!)) raised.add(name)
    }
    return raised
  }
}
