/**
 * Directives that have an effect and are not rules: a row each.
 */
import type { Scores } from './definition.ts'
import { type Line, splitWord } from './lines.ts'
import { readName } from './rule-line.ts'
import type { SourceDraft } from './source-draft.ts'

/** Takes effect, or says in a sentence why it cannot. */
type Apply = (draft: SourceDraft, value: string) => string | undefined

const directives = new Map<string, Apply>([
  ['score', applyScore],
  [
    'describe',
    (draft, value) => withName(value, (name, rest) => draft.descriptions.set(name, decoded(rest))),
  ],
  [
    'tflags',
    (draft, value) => withName(value, (name, rest) => draft.flags.set(name, new Set(rest.split(/\s+/)))),
  ],
  ['required_score', applyRequired],
  ['replace_tag', (draft, value) => setTag(draft.tags.tag, value)],
  ['replace_pre', (draft, value) => setTag(draft.tags.pre, value)],
  ['replace_inter', (draft, value) => setTag(draft.tags.inter, value)],
  ['replace_post', (draft, value) => setTag(draft.tags.post, value)],
  ['replace_start', (draft, value) => setMark(draft, 'start', value)],
  ['replace_end', (draft, value) => setMark(draft, 'end', value)],
  ['replace_rules', applyReplaced],
  ...['freemail_domains', 'freemail_whitelist', 'freemail_welcomelist'].map(listRow),
])

/** True: done. A sentence: it cannot be done. Undefined: no directive of this table. */
export function applyDirective(draft: SourceDraft, { key, value }: Line): true | string | undefined {
  const apply = directives.get(key)
  return apply === undefined ? undefined : (apply(draft, value) ?? true)
}

function listRow(name: string): [string, Apply] {
  return [
    name,
    ({ lists }, value) => {
      lists.set(name, [...(lists.get(name) ?? []), ...value.split(/\s+/)])
      return undefined
    },
  ]
}

function withName(value: string, effect: (name: string, rest: string) => unknown): string | undefined {
  const named = readName(value)
  if (typeof named === 'string') return named
  effect(named[0], named[1])
  return undefined
}

/** Descriptions are text for people: UTF-8 where they are valid UTF-8. */
const decoded = (text: string): string => {
  const utf8 = Buffer.from(text, 'latin1').toString('utf8')
  return utf8.includes('\ufffd') ? text : utf8
}

function applyScore(draft: SourceDraft, value: string): string | undefined {
  const named = readName(value)
  if (typeof named === 'string') return named
  const [name, rest] = named
  const words = rest.split(/\s+/)
  if (words.length !== 1 && words.length !== 4) return `${words.length} scores: there must be one or four`
  const before = draft.scores.get(name) ?? [1, 1, 1, 1]
  const relative = words.some(word => word.startsWith('('))
  const numbers = words.map(word => Number(word.replace(/^\((.*)\)$/, '$1')))
  if (numbers.some(number => !Number.isFinite(number)) || words.includes('')) return `${rest} is not a score`
  const [a, b = a, c = a, d = a] = numbers as [number, number?, number?, number?]
  const scores: Scores = [a, b, c, d]
  draft.scores.set(name, relative ? add(before, scores) : scores)
  return undefined
}

const add = (one: Scores, other: Scores): Scores => [
  one[0] + other[0],
  one[1] + other[1],
  one[2] + other[2],
  one[3] + other[3],
]

function applyRequired(draft: SourceDraft, value: string): string | undefined {
  const number = Number(value)
  if (value === '' || !Number.isFinite(number)) return `${value} is not a score`
  draft.required = number
  return undefined
}

function setTag(table: Map<string, string>, value: string): string | undefined {
  const [name, rest] = splitWord(value)
  if (rest === '') return 'a tag needs a name and an expression'
  table.set(name, rest)
  return undefined
}

function setMark({ tags }: SourceDraft, mark: 'start' | 'end', value: string): string | undefined {
  if (value === '') return 'a mark needs at least one character'
  tags[mark] = value
  return undefined
}

function applyReplaced({ replaced }: SourceDraft, value: string): string | undefined {
  for (const name of value.split(/\s+/)) replaced.add(name)
  return undefined
}
