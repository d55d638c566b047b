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
import type { InstalledBundle } from '#content/bundle/installed.ts'
import type { PreparedContent } from '#content/prepare.ts'
import type { EngineStatus } from '#control/protocol.ts'
import { chooseContent, type Wish } from '#engine/bundle-choice.ts'
import { slowerScanner } from '#engine/health.ts'
import type { Log } from '#observe/log.ts'

/** Milliseconds. */
const noticed = 500

type Ready = Extract<PreparedContent, { kind: 'ready' }>

export interface NextContent {
  readonly kind: 'ready'
  readonly content: Ready
  /** The bundle whose rules are among them. */
  readonly bundle?: InstalledBundle
  readonly warnings: readonly string[]
}

/** Directories. */
export interface ContentPlaces {
  readonly patterns: string
  readonly bundles: string
}

export class ContentInForce {
  readonly #places: ContentPlaces
  readonly #log: Log
  readonly #closing = new AbortController()
  #current: Ready | undefined
  #bundle: InstalledBundle | undefined

  constructor(places: ContentPlaces, log: Log) {
    this.#places = places
    this.#log = log
  }

  get scanner(): EngineStatus['scanner'] {
    return this.#current?.scanner
  }

  /** The folder of the bundle in use. */
  get bundle(): string | undefined {
    return this.#bundle?.folder
  }

  /** What is prepared is either used or released by the caller. May compile for a while; `close` ends that. */
  async prepare(
    configuration: Configuration,
    wish: Wish = 'keep',
  ): Promise<NextContent | { readonly kind: 'invalid'; readonly problems: readonly string[] }> {
    // What the cache has takes milliseconds; who waits for more should know why.
    const slow = setTimeout(() => this.#log.info('The content rules are being compiled.'), noticed)
    const { content, bundle, warnings } = await chooseContent(configuration, this.#places.bundles, wish, {
      cache: this.#places.patterns,
      signal: this.#closing.signal,
      onTrouble: sentence => this.#log.warn(sentence),
    }).finally(() => clearTimeout(slow))
    if (content.kind === 'invalid') return { kind: 'invalid', problems: content.problems.map(explain) }
    return {
      kind: 'ready',
      content,
      ...(bundle !== undefined && { bundle }),
      warnings: [...warnings, ...warningsOf(content.warnings)],
    }
  }

  /** The threads have them. */
  use({ content, bundle }: NextContent): void {
    const before = this.#current
    this.#current = content
    if (bundle !== undefined && bundle.folder !== this.#bundle?.folder)
      this.#log.info(`The rules of bundle ${bundle.manifest.sequence} (${bundle.manifest.name}) are in use.`)
    if (bundle === undefined && this.#bundle !== undefined) this.#log.warn('No bundle is in use any more.')
    this.#bundle = bundle
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
