/**
 * The content rules in force, as the main thread holds them for all threads: prepared beside the running ones, and then in
 * their place.
 *
 * Promises: what cannot be prepared changes nothing; the patterns in force stay loaded here, so that a thread that starts
 * shares them; which scanner serves is logged once, and again when that changes.
 */
import { explainProblem } from '#config/explain.ts'
import type { Problem } from '#config/problem.ts'
import type { Configuration } from '#config/schema.ts'
import { type PreparedContent, prepareContent } from '#content/prepare.ts'
import type { EngineStatus } from '#control/protocol.ts'
import { slowerScanner } from '#engine/health.ts'
import type { Log } from '#observe/log.ts'

/** Milliseconds. */
const noticed = 500

type Ready = Extract<PreparedContent, { kind: 'ready' }>

export interface NextContent {
  readonly kind: 'ready'
  readonly content: Ready
  readonly warnings: readonly string[]
}

export class ContentInForce {
  readonly #cache: string
  readonly #log: Log
  readonly #closing = new AbortController()
  #current: Ready | undefined

  /** `cache`: directory of compiled patterns. */
  constructor(cache: string, log: Log) {
    this.#cache = cache
    this.#log = log
  }

  get scanner(): EngineStatus['scanner'] {
    return this.#current?.scanner
  }

  /** What is prepared is either used or released by the caller. May compile for a while; `close` ends that. */
  async prepare({
    content,
  }: Configuration): Promise<
    NextContent | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  > {
    // What the cache has takes milliseconds; who waits for more should know why.
    const slow = setTimeout(() => this.#log.info('The content rules are being compiled.'), noticed)
    const prepared = await prepareContent(content, {
      cache: this.#cache,
      signal: this.#closing.signal,
      onTrouble: sentence => this.#log.warn(sentence),
    }).finally(() => clearTimeout(slow))
    return prepared.kind === 'invalid'
      ? { kind: 'invalid', problems: prepared.problems.map(explain) }
      : { kind: 'ready', content: prepared, warnings: warningsOf(prepared.warnings) }
  }

  /** The threads have them. */
  use({ content }: NextContent): void {
    const before = this.#current
    this.#current = content
    before?.release()
    if (before === undefined || before.scanner?.name !== content.scanner?.name) this.#tellScanner(content)
    const { rules, report } = content
    if (report === undefined || rules.kind === 'off') return
    const { patterns, source, milliseconds } = report
    const count = rules.lexicons.reduce((sum, { program }) => sum + program.rules.length, 0)
    this.#log.info({ rules: count, patterns, source, milliseconds }, 'The content rules are in force.')
  }

  close(): void {
    this.#closing.abort()
    this.#current?.release()
    this.#current = undefined
  }

  #tellScanner({ scanner }: Ready): void {
    if (scanner === undefined) this.#log.info('Content is not scanned.')
    else if (scanner.reason === undefined) this.#log.info('Content is scanned by the native scanner.')
    else this.#log.warn(`${slowerScanner(scanner.reason)}.`)
  }
}

const mostWarnings = 5

/** A lexicon may have one for each of its thousand rules. */
function warningsOf(problems: readonly Problem[]): readonly string[] {
  const more = problems.length - mostWarnings
  const shown = problems.slice(0, mostWarnings).map(explain)
  return more > 0 ? [...shown, `${more} more warnings about lexicons: "sluice check" shows them.`] : shown
}

const explain = (problem: Problem): string => explainProblem(problem).trimEnd()
