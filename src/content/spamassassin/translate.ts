/**
 * From what a rule says to how it is tested: a pattern for the scanner, a RegExp on a value of the header, a look at the names
 * of fields, a function, an expression of other rules.
 *
 * Promises: a rule is translated, translated with its approximations named, or refused with a sentence.
 *
 * Where rules look, and what differs from SpamAssassin for all of them, is told in appliance/manual/spamassassin.md.
 */
import type { Zone } from '#scanner/layout.ts'
import type { RegexPattern } from '#scanner/pattern.ts'
import type { Definition, RuleBody, RuleSource, Selector } from './definition.ts'
import type { EvalFunction } from './evals/function.ts'
import { findEval } from './evals/table.ts'
import { parseDelimited } from './regex/delimited.ts'
import { printPcre, printScript } from './regex/print.ts'
import {
  beyondHyperscan,
  hasAnchor,
  isExponential,
  isNever,
  type Literals,
  namesLineFeed,
  requiredLiterals,
  requiredSequence,
  simplify,
} from './regex/properties.ts'
import { RegexProblem } from './regex/reader.ts'
import { minLength, type Node } from './regex/tree.ts'
import { stepTable } from './regex/work.ts'
import { replaceTags } from './tags.ts'
import { isPseudo, isServed, isUnknownPseudo, maximumLength } from './values.ts'

/** How many hits count. */
export interface Counting {
  readonly multiple: boolean
  /** `maxhits`, or no bound. */
  readonly most: number
}

export type Test =
  | {
      readonly kind: 'pattern'
      readonly pattern: RegexPattern
      /** Matches in zone `header` count in this field only (lower case). Others count anywhere. */
      readonly field?: string
      /** The field of any part, not of the message alone. */
      readonly anyPart: boolean
      readonly negated: boolean
    }
  | {
      readonly kind: 'value'
      readonly selector: Selector
      readonly expression: RegExp
      readonly negated: boolean
      /** For a message without such a value. */
      readonly unset: string
      /** Stand in every match, in this order. */
      readonly required: readonly Literals[]
      /** How many it takes at most for a value of so many octets. */
      readonly steps: (length: number) => number
    }
  | { readonly kind: 'exists'; readonly selector: Selector }
  | { readonly kind: 'function'; readonly run: EvalFunction; readonly arguments: readonly string[] }
  | { readonly kind: 'meta'; readonly expression: string }

export type Translation =
  | { readonly kind: 'test'; readonly test: Test; readonly approximations: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string }

const refused = (reason: string): Translation => ({ kind: 'refused', reason })
const tested = (test: Test, approximations: readonly string[] = []): Translation => ({
  kind: 'test',
  test,
  approximations,
})

export function countingOf(flags: ReadonlySet<string> | undefined): Counting {
  const limit = [...(flags ?? [])].flatMap(flag => /^maxhits=(\d+)$/.exec(flag)?.[1] ?? [])[0]
  const most = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
  return { multiple: flags?.has('multiple') ?? false, most }
}

export function translateRule({ name, body }: Definition, source: RuleSource): Translation {
  switch (body.kind) {
    case 'meta':
      return tested({ kind: 'meta', expression: body.expression })
    case 'eval':
      return translateEval(body, source)
    case 'exists':
      return translateExists(body.selector)
    default:
      return translatePattern(name, body, source)
  }
}

function translateEval(
  { name, arguments: given }: RuleBody & { kind: 'eval' },
  source: RuleSource,
): Translation {
  const found = findEval(name)
  if (found === undefined) return refused(`the function ${name} is not known`)
  if (found.kind === 'missing') return refused(`needs ${found.plugin}: ${name}`)
  const run = found.prepare(given, source.lists)
  if (typeof run === 'string') return refused(`cannot be answered from the tables of a scan: ${name}: ${run}`)
  return tested({ kind: 'function', run, arguments: given }, found.approximation)
}

function translateExists(selector: Selector): Translation {
  return isUnknownPseudo(selector.name)
    ? refused(`needs relays of our own network: ${selector.name}`)
    : tested({ kind: 'exists', selector })
}

type PatternBody = Exclude<RuleBody, { kind: 'meta' | 'eval' | 'exists' }>

function translatePattern(name: string, body: PatternBody, source: RuleSource): Translation {
  const text = source.replaced.has(name) ? replaceTags(body.pattern, source.tags) : { text: body.pattern }
  if (typeof text === 'string') return refused(text)
  const parsed = parseDelimited(text.text)
  if (parsed instanceof RegexProblem) return refused(`its expression has ${parsed.message}`)
  if (hasTemplate(text.text)) return refused('needs what another rule captured: %{…}')
  const root = simplify(parsed.root)
  if (isNever(root)) return refused('its expression can never match octets')
  const counting = countingOf(source.flags.get(name))
  if (body.kind === 'header') return translateHeader(body, root, counting)
  if (body.kind === 'mimeheader') return translateMimeHeader(body, root, counting, source.flags.get(name))
  return scanned(root, counting, zonesOf(body.kind, source.flags.get(name)))
}

const hasTemplate = (expression: string) => /(?<!\\)%\{[A-Z][A-Z0-9_]*(?:\([^)}]*\))?\}/.test(expression)

interface Place {
  readonly zones: readonly Zone[]
  readonly frame: 'record' | 'field' | 'lines' | 'wire'
  readonly approximations: readonly string[]
  readonly field?: string
  readonly anyPart?: boolean
  readonly negated?: boolean
}

const urls =
  'URLs are tested as they were found; SpamAssassin also tests them completed and with escapes undone'

function zonesOf(kind: 'body' | 'rawbody' | 'full' | 'uri', flags: ReadonlySet<string> | undefined): Place {
  switch (kind) {
    case 'body': {
      const subject: readonly Zone[] = flags?.has('nosubject') ? [] : ['header']
      return { zones: [...subject, 'text', 'hidden'], frame: 'lines', field: 'subject', approximations: [] }
    }
    case 'rawbody':
      return { zones: ['source'], frame: 'wire', approximations: [] }
    case 'full':
      return { zones: ['wire'], frame: 'wire', approximations: [] }
    case 'uri':
      return { zones: ['url'], frame: 'record', approximations: [urls] }
  }
}

/** A pattern for the scanner. */
function scanned(root: Node, { multiple }: Counting, place: Place): Translation {
  if (minLength(root) === 0)
    return refused('its expression matches where there is nothing, which the scanner does not look for')
  const beyond = beyondHyperscan(root)
  if (beyond.length > 0) {
    const problem = confirmationProblem(root, beyond, place)
    if (problem !== undefined) return refused(problem)
  }
  const { text, caseless } = printPcre(root, place.frame)
  const script = printScript(root, place.frame)
  const pattern: RegexPattern = {
    kind: 'regex',
    source: text,
    // Case is written out, and octets above 127 have another case for RegExp than for the scanner.
    script: caseless ? `(?-i:${script})` : script,
    caseless,
    dotall: false,
    multiline: false,
    unicode: false,
    ...(multiple && { every: true }),
    zones: place.zones,
  }
  const { field, anyPart = false, negated = false, approximations } = place
  return tested(
    { kind: 'pattern', pattern, anyPart, negated, ...(field !== undefined && { field }) },
    approximations,
  )
}

/** Why what the scanner finds cannot be confirmed by RegExp at a bounded price. */
function confirmationProblem(root: Node, beyond: readonly string[], place: Place): string | undefined {
  const has = `its expression has ${beyond.join(' and ')}`
  if (place.frame === 'wire' && place.zones.includes('wire'))
    return `${has}, which must be confirmed, and of the whole message nothing is kept to confirm it with`
  if (isExponential(root))
    return `${has}, which must be confirmed, and RegExp could take exponential time for it`
  if (requiredLiterals(root) === undefined)
    return `${has}, which must be confirmed, and no literal tells where that is worth while`
  return undefined
}

/** Fields that occur once in a message: the record is the value. RFC 5322 §3.6, RFC 2045 §3. */
const occursOnce = new Set(
  'from sender reply-to to cc bcc date message-id in-reply-to references subject mime-version content-type content-transfer-encoding'.split(
    ' ',
  ),
)

function translateHeader(body: RuleBody & { kind: 'header' }, root: Node, counting: Counting): Translation {
  const { selector, negated, unset } = body
  const lower = selector.name.toLowerCase()
  const plain = selector.modifiers.length === 0 && !isPseudo(selector)
  const separable = occursOnce.has(lower) || !(hasAnchor(root) || namesLineFeed(root))
  if (plain && unset === undefined && separable && minLength(root) > 0 && beyondHyperscan(root).length === 0)
    return scanned(root, counting, {
      zones: ['header'],
      frame: 'field',
      field: lower,
      negated,
      approximations: [],
    })
  return testedValue(body, root, counting)
}

const relaysApproximation =
  'the way of the message is what the session knows of its client, and Received fields of the usual forms'

function testedValue(
  { selector, negated, unset }: RuleBody & { kind: 'header' },
  root: Node,
  { multiple }: Counting,
): Translation {
  if (isUnknownPseudo(selector.name)) return refused(`needs relays of our own network: ${selector.name}`)
  if (!isServed(selector))
    return refused(`needs the modifier :${selector.modifiers.join(':')} of a header field`)
  if (isExponential(root)) return refused('RegExp could take exponential time for its expression')
  const script = printScript(root, 'value')
  return tested(
    {
      kind: 'value',
      selector,
      expression: new RegExp(script, multiple ? 'g' : ''),
      negated,
      unset: unset ?? '',
      required: requiredSequence(root),
      steps: stepTable(root, maximumLength),
    },
    /^x-spam-relays-/i.test(selector.name) ? [relaysApproximation] : [],
  )
}

function translateMimeHeader(
  { selector, negated, unset }: RuleBody & { kind: 'mimeheader' },
  root: Node,
  counting: Counting,
  flags: ReadonlySet<string> | undefined,
): Translation {
  if (selector.name === 'ALL' || selector.modifiers.length > 0 || unset !== undefined)
    return refused('needs header fields of parts as they came, or all of them as one')
  const narrowed = [...(flags ?? [])].find(flag => /^(?:range=|concat$)/.test(flag))
  if (narrowed !== undefined) return refused(`needs the flag ${narrowed} of mimeheader`)
  return scanned(root, counting, {
    zones: ['header'],
    frame: 'field',
    field: selector.name.toLowerCase(),
    anyPart: true,
    negated,
    approximations: [],
  })
}
