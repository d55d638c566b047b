/**
 * What `.cf` files say, as values: rules with their attributes, and the settings that rules need.
 */
import type { Place } from './lines.ts'

/** Which string of the header a rule looks at. */
export interface Selector {
  /** As written, without modifiers: `Subject`, `ALL`, `X-Spam-Relays-External`. */
  readonly name: string
  readonly modifiers: readonly Modifier[]
}

export const modifiers = ['raw', 'addr', 'name', 'host', 'domain', 'ip', 'revip', 'first', 'last'] as const
export type Modifier = (typeof modifiers)[number]

export type RuleBody =
  | {
      readonly kind: 'header'
      readonly selector: Selector
      readonly negated: boolean
      readonly pattern: string
      /** `[if-unset: …]` */
      readonly unset?: string
    }
  | { readonly kind: 'exists'; readonly selector: Selector }
  | { readonly kind: 'body' | 'rawbody' | 'full' | 'uri'; readonly pattern: string }
  | {
      readonly kind: 'mimeheader'
      readonly selector: Selector
      readonly negated: boolean
      readonly pattern: string
      readonly unset?: string
    }
  | { readonly kind: 'meta'; readonly expression: string }
  | { readonly kind: 'eval'; readonly name: string; readonly arguments: readonly string[] }

export interface Definition {
  readonly name: string
  readonly place: Place
  readonly body: RuleBody
}

/** A rule in lines that are not in force, and why they are not. */
export interface Skipped {
  readonly place: Place
  readonly reason: string
}

export interface Problem {
  readonly place: Place
  readonly message: string
}

/** Four scores: without and with network tests, then the same with Bayes. */
export type Scores = readonly [number, number, number, number]

export interface TagTables {
  readonly tag: ReadonlyMap<string, string>
  readonly pre: ReadonlyMap<string, string>
  readonly inter: ReadonlyMap<string, string>
  readonly post: ReadonlyMap<string, string>
  readonly start: string
  readonly end: string
}

/** Everything that was read. Keys are names of rules, unless it says otherwise. */
export interface RuleSource {
  readonly definitions: ReadonlyMap<string, Definition>
  readonly skipped: ReadonlyMap<string, Skipped>
  /** Rules whose line could not be read. */
  readonly broken: ReadonlyMap<string, Problem>
  readonly scores: ReadonlyMap<string, Scores>
  readonly descriptions: ReadonlyMap<string, string>
  readonly flags: ReadonlyMap<string, ReadonlySet<string>>
  /** Rules in which tags are replaced. */
  readonly replaced: ReadonlySet<string>
  readonly tags: TagTables
  /** Name of a setting → the words that all its lines give, in order. For functions that need lists. */
  readonly lists: ReadonlyMap<string, readonly string[]>
  /** Points from which a message counts as spam. */
  readonly required: number
  /** Directives that were read and have no effect here: class → how many lines. */
  readonly ignored: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
  readonly files: number
  readonly lines: number
}
