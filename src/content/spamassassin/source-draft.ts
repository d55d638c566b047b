/** A `RuleSource` while it is being read. */
import type { Definition, Problem, RuleSource, Scores, Skipped } from './definition.ts'

export interface SourceDraft extends RuleSource {
  readonly definitions: Map<string, Definition>
  readonly skipped: Map<string, Skipped>
  readonly broken: Map<string, Problem>
  readonly scores: Map<string, Scores>
  readonly descriptions: Map<string, string>
  readonly flags: Map<string, ReadonlySet<string>>
  readonly replaced: Set<string>
  readonly tags: {
    readonly tag: Map<string, string>
    readonly pre: Map<string, string>
    readonly inter: Map<string, string>
    readonly post: Map<string, string>
    start: string
    end: string
  }
  readonly lists: Map<string, string[]>
  required: number
  readonly ignored: Map<string, number>
  readonly problems: Problem[]
  files: number
  lines: number
}

export const draftSource = (): SourceDraft => ({
  definitions: new Map(),
  skipped: new Map(),
  broken: new Map(),
  scores: new Map(),
  descriptions: new Map(),
  flags: new Map(),
  replaced: new Set(),
  tags: { tag: new Map(), pre: new Map(), inter: new Map(), post: new Map(), start: '<', end: '>' },
  lists: new Map(),
  required: 5,
  ignored: new Map(),
  problems: [],
  files: 0,
  lines: 0,
})
