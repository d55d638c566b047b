/**
 * Reads the value of a directive that defines a rule. Gives back the body of the rule, or a sentence.
 */
import { type Modifier, modifiers, type RuleBody, type Selector } from './definition.ts'
import { splitWord } from './lines.ts'

/** `kind NAME …` */
export const ruleKinds = ['header', 'body', 'rawbody', 'full', 'uri', 'mimeheader', 'meta'] as const
export type RuleKind = (typeof ruleKinds)[number]
export const isRuleKind = (key: string): key is RuleKind => (ruleKinds as readonly string[]).includes(key)

export const ruleName = /^[A-Za-z_]\w{0,127}$/

/** `rest` is what stands behind the name. */
export function readRuleBody(kind: RuleKind, rest: string): RuleBody | string {
  if (rest === '') return 'nothing stands behind the name of the rule'
  if (kind === 'meta') return { kind, expression: rest }
  const evaluated = /^eval:\s*(.*)$/.exec(rest)
  if (evaluated !== null) return readEval(evaluated[1]!)
  if (kind === 'header') return readHeader(rest)
  if (kind === 'mimeheader') return readComparison('mimeheader', rest)
  return { kind, pattern: rest }
}

function readHeader(rest: string): RuleBody | string {
  const exists = /^exists:([\w.-]+):?$/.exec(rest)
  if (exists !== null) return { kind: 'exists', selector: { name: exists[1]!, modifiers: [] } }
  // A list of DNS names, a form that only asks the network.
  if (/^rbleval:/.test(rest)) return readEval(rest.slice('rbleval:'.length))
  return readComparison('header', rest)
}

function readComparison(kind: 'header' | 'mimeheader', rest: string): RuleBody | string {
  const found = /^([^\s=!~]+?)\s*([=!])~\s*(.+)$/.exec(rest)
  if (found === null) return 'not of the form: Field =~ /pattern/'
  const selector = readSelector(found[1]!)
  if (typeof selector === 'string') return selector
  const unset = /^(.*?)\s+\[if-unset:\s+(.+)\]$/.exec(found[3]!)
  const body = { kind, selector, negated: found[2] === '!', pattern: unset?.[1] ?? found[3]! }
  return unset === null ? body : { ...body, unset: unset[2]! }
}

function readSelector(text: string): Selector | string {
  const [name, ...words] = text.replace(/:$/, '').split(':')
  if (!/^[\w.-]+$/.test(name!)) return `${text} is not the name of a header field`
  const unknown = words.find(word => !isModifier(word))
  if (unknown !== undefined) return `the modifier :${unknown} of a header field is not known`
  return { name: name!, modifiers: words.filter(isModifier) }
}

const isModifier = (word: string): word is Modifier => (modifiers as readonly string[]).includes(word)

function readEval(text: string): RuleBody | string {
  const found = /^(\w+)\s*(?:\((.*)\))?$/.exec(text)
  if (found === null) return 'not of the form: eval:function(arguments)'
  return { kind: 'eval', name: found[1]!, arguments: readArguments(found[2] ?? '') }
}

/** Quoted strings and bare words, separated by commas. */
function readArguments(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|([^\s,'"]+)/g)].map(
    ([, one, two, bare]) => one ?? two ?? bare!,
  )
}

/** The name and the rest, or a sentence. */
export function readName(value: string): [name: string, rest: string] | string {
  const [name, rest] = splitWord(value)
  if (name === '') return 'nothing stands behind the directive'
  return ruleName.test(name) ? [name, rest] : `${name} is not the name of a rule`
}
