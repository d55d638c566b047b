/**
 * The conditions of `if` and `ifplugin`: versions, plugins, features, comparison and arithmetic.
 *
 * Promises: linear in the text; no code is run; what is not understood is a problem and counts as false, as with
 * SpamAssassin.
 */
import { hasFeature, hasPlugin, perlVersion, shortName, version } from './capabilities.ts'

export interface Condition {
  readonly holds: boolean
  /** Why the lines behind it are left out, for a report. */
  readonly reason: string
  readonly problem?: string
}

const lexer = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_][\w:]*)|(\|\||&&|[=!<>]=|[()!<>+\-*/]))/y
const maximumDepth = 50

/** Binary operators, weakest first. */
const levels: readonly ReadonlyMap<string, (a: number, b: number) => number>[] = [
  new Map([['||', (a, b) => a || b]]),
  new Map([['&&', (a, b) => a && b]]),
  new Map([
    ['==', (a, b) => Number(a === b)],
    ['!=', (a, b) => Number(a !== b)],
  ]),
  new Map([
    ['<', (a, b) => Number(a < b)],
    ['<=', (a, b) => Number(a <= b)],
    ['>', (a, b) => Number(a > b)],
    ['>=', (a, b) => Number(a >= b)],
  ]),
  new Map([
    ['+', (a, b) => a + b],
    ['-', (a, b) => a - b],
  ]),
  new Map([
    ['*', (a, b) => a * b],
    ['/', (a, b) => (b === 0 ? 0 : a / b)],
  ]),
]

const constants = new Map([
  ['version', version],
  ['perl_version', perlVersion],
  // Names are never looked up in the network by these rules.
  ['local_tests_only', 1],
])

const functions = new Map([
  ['plugin', hasPlugin],
  ['can', hasFeature],
  ['has', hasFeature],
])

export function evaluateCondition(text: string): Condition {
  const tokens = tokenise(text)
  const reason = reasonOf(text)
  if (tokens === undefined) return { holds: false, reason, problem: 'this condition is not understood' }
  const state = { tokens, at: 0, depth: 0, broken: false }
  const value = evaluateLevel(state, 0)
  if (state.broken || state.at < tokens.length)
    return { holds: false, reason, problem: 'this condition is not understood' }
  return { holds: value !== 0, reason }
}

function reasonOf(text: string): string {
  const plugin = /^\s*\(*\s*(!?)\s*\(?\s*plugin\s*\(\s*([\w:]+)\s*\)[\s)]*$/.exec(text)
  if (plugin === null) return `its condition does not hold: if ${text}`
  return plugin[1] === ''
    ? `needs plugin ${shortName(plugin[2]!)}`
    : `only without plugin ${shortName(plugin[2]!)}`
}

function tokenise(text: string): string[] | undefined {
  const tokens: string[] = []
  const trimmed = text.trimEnd()
  lexer.lastIndex = 0
  while (lexer.lastIndex < trimmed.length) {
    const found = lexer.exec(trimmed)
    if (found === null) return undefined
    tokens.push(found[1] ?? found[2] ?? found[3]!)
  }
  return tokens
}

interface State {
  readonly tokens: readonly string[]
  at: number
  depth: number
  broken: boolean
}

function evaluateLevel(state: State, level: number): number {
  const operators = levels[level]
  if (operators === undefined) return evaluateOperand(state)
  let value = evaluateLevel(state, level + 1)
  for (;;) {
    const operator = operators.get(state.tokens[state.at] ?? '')
    if (operator === undefined) return value
    state.at++
    value = operator(value, evaluateLevel(state, level + 1))
  }
}

function evaluateOperand(state: State): number {
  const token = state.tokens[state.at++]
  if (token === undefined || ++state.depth > maximumDepth) return broken(state)
  const value = operand(state, token)
  state.depth--
  return value
}

function operand(state: State, token: string): number {
  if (token === '!') return Number(evaluateOperand(state) === 0)
  if (token === '-') return -evaluateOperand(state)
  if (token === '(') {
    const value = evaluateLevel(state, 0)
    return state.tokens[state.at++] === ')' ? value : broken(state)
  }
  if (/^\d/.test(token)) return Number(token)
  const constant = constants.get(token)
  if (constant !== undefined) return constant
  const ask = functions.get(token)
  const [opening, name, closing] = state.tokens.slice(state.at, state.at + 3)
  if (ask === undefined || opening !== '(' || name === undefined || closing !== ')') return broken(state)
  state.at += 3
  return Number(ask(name))
}

function broken(state: State): number {
  state.broken = true
  return 0
}
