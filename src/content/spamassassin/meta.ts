/**
 * Expressions of `meta` rules: names of rules, numbers, and the operators of Perl.
 *
 * Promises: linear; no code is run; values are Perl's (`a || b` is a where that is not zero, a comparison is 1 or 0, what is
 * divided by zero is 0); what can be known before any message is folded away.
 */

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: Operator
      readonly left: Expression
      readonly right: Expression
    }

const operators = {
  '||': (a: number, b: number) => (a !== 0 ? a : b),
  '&&': (a: number, b: number) => (a === 0 ? a : b),
  '^': (a: number, b: number) => Math.trunc(a) ^ Math.trunc(b),
  '==': (a: number, b: number) => Number(a === b),
  '!=': (a: number, b: number) => Number(a !== b),
  '<': (a: number, b: number) => Number(a < b),
  '<=': (a: number, b: number) => Number(a <= b),
  '>': (a: number, b: number) => Number(a > b),
  '>=': (a: number, b: number) => Number(a >= b),
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => (b === 0 ? 0 : a / b),
} as const
export type Operator = keyof typeof operators

/** Weakest first. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['^'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
]

const maximumTokens = 4_000
const maximumDepth = 100
const lexer =
  /\s*(?:(\d+(?:\.\d*)?|\.\d+)|(rules_matching\(\s*[\w*?]+\s*\))|([A-Za-z_]\w*)|(\|\||&&|[=!<>]=|[()!<>+\-*/^]))/y

/** `matching` gives the names that a glob stands for (`rules_matching`). A sentence when it cannot be read. */
export function parseMeta(text: string, matching: (glob: string) => readonly string[]): Expression | string {
  const tokens: string[] = []
  const trimmed = text.trimEnd()
  lexer.lastIndex = 0
  while (lexer.lastIndex < trimmed.length) {
    const at = lexer.lastIndex
    const found = lexer.exec(trimmed)
    if (found === null)
      return `its expression is not understood from here: ${trimmed.slice(at, at + 20).trim()}`
    tokens.push(
      ...(found[2] === undefined ? [(found[1] ?? found[3] ?? found[4])!] : expand(found[2], matching)),
    )
    if (tokens.length > maximumTokens) return `its expression has more than ${maximumTokens} words`
  }
  // A rule that only other programs set.
  if (tokens.length === 2 && tokens[0] === '(' && tokens[1] === ')') return { kind: 'number', value: 0 }
  const state: State = { tokens, at: 0, depth: 0, problem: undefined }
  const expression = parseLevel(state, 0)
  if (state.problem !== undefined) return state.problem
  return state.at < tokens.length
    ? `its expression goes on with ${tokens[state.at]} where it should end`
    : expression
}

function expand(call: string, matching: (glob: string) => readonly string[]): string[] {
  const names = matching(/\(\s*(\S+?)\s*\)/.exec(call)![1]!)
  if (names.length === 0) return ['0']
  return ['(', ...names.flatMap((name, index) => (index === 0 ? [name] : ['+', name])), ')']
}

interface State {
  readonly tokens: readonly string[]
  at: number
  depth: number
  problem: string | undefined
}

const zero: Expression = { kind: 'number', value: 0 }

function parseLevel(state: State, level: number): Expression {
  const here = levels[level]
  if (here === undefined) return parseOperand(state)
  let left = parseLevel(state, level + 1)
  while (state.problem === undefined && here.includes(state.tokens[state.at] ?? '')) {
    const operator = state.tokens[state.at++] as Operator
    left = { kind: 'binary', operator, left, right: parseLevel(state, level + 1) }
  }
  return left
}

function parseOperand(state: State): Expression {
  const token = state.tokens[state.at++]
  if (++state.depth > maximumDepth) return broken(state, `parentheses nested deeper than ${maximumDepth}`)
  const expression = operandOf(state, token)
  state.depth--
  return expression
}

function operandOf(state: State, token: string | undefined): Expression {
  if (token === undefined) return broken(state, 'its expression ends too early')
  if (token === '!') return { kind: 'not', operand: parseOperand(state) }
  if (token === '-') return { kind: 'binary', operator: '-', left: zero, right: parseOperand(state) }
  if (token === '+') return parseOperand(state)
  if (token === '(') {
    const inner = parseLevel(state, 0)
    return state.tokens[state.at++] === ')'
      ? inner
      : broken(state, 'a parenthesis in its expression is not closed')
  }
  if (/^[\d.]/.test(token)) return { kind: 'number', value: Number(token) }
  return /^\w/.test(token)
    ? { kind: 'rule', name: token }
    : broken(state, `its expression has ${token} in a wrong place`)
}

function broken(state: State, problem: string): Expression {
  state.problem ??= problem
  return zero
}

export function namesIn(expression: Expression): Set<string> {
  const names = new Set<string>()
  const visit = (node: Expression): void => {
    if (node.kind === 'rule') names.add(node.name)
    else if (node.kind === 'not') visit(node.operand)
    else if (node.kind === 'binary') {
      visit(node.left)
      visit(node.right)
    }
  }
  visit(expression)
  return names
}

/** With what is known put in: `known` gives the value of a rule that is the same for every message. */
export function fold(expression: Expression, known: (name: string) => number | undefined): Expression {
  switch (expression.kind) {
    case 'number':
      return expression
    case 'rule': {
      const value = known(expression.name)
      return value === undefined ? expression : { kind: 'number', value }
    }
    case 'not': {
      const operand = fold(expression.operand, known)
      return operand.kind === 'number'
        ? { kind: 'number', value: Number(operand.value === 0) }
        : { ...expression, operand }
    }
    case 'binary':
      return foldBinary(expression.operator, fold(expression.left, known), fold(expression.right, known))
  }
}

function foldBinary(operator: Operator, left: Expression, right: Expression): Expression {
  if (left.kind === 'number' && right.kind === 'number')
    return { kind: 'number', value: operators[operator](left.value, right.value) }
  if (left.kind === 'number' && operator === '&&') return left.value === 0 ? left : right
  if (left.kind === 'number' && operator === '||') return left.value !== 0 ? left : right
  // The value may be another zero, never another truth.
  if (right.kind === 'number' && right.value === 0 && operator === '&&') return right
  if (right.kind === 'number' && right.value === 0 && operator === '||') return left
  if (neutral(left, operator === '+')) return right
  if (neutral(right, operator === '+' || operator === '-')) return left
  return { kind: 'binary', operator, left, right }
}

const neutral = (expression: Expression, applies: boolean) =>
  applies && expression.kind === 'number' && expression.value === 0

/**
 * For a stack: numbers to push, rules as `rule` with their index, operators. Evaluated by `runProgram`.
 */
export interface Program {
  readonly codes: Int32Array
  readonly numbers: Float64Array
}

const operatorNames = Object.keys(operators) as readonly Operator[]
const operatorTable = operatorNames.map(name => operators[name])
/** Codes: 0 to 99 operators, 100 not, 101 number (the next code is its index), 102 rule (the next code is its index). */
const code = { not: 100, number: 101, rule: 102 } as const

export function compileMeta(expression: Expression, indexOf: (name: string) => number): Program {
  const codes: number[] = []
  const numbers: number[] = []
  const emit = (node: Expression): void => {
    switch (node.kind) {
      case 'number':
        codes.push(code.number, numbers.length)
        numbers.push(node.value)
        break
      case 'rule':
        codes.push(code.rule, indexOf(node.name))
        break
      case 'not':
        emit(node.operand)
        codes.push(code.not)
        break
      case 'binary':
        emit(node.left)
        emit(node.right)
        codes.push(operatorNames.indexOf(node.operator))
    }
  }
  emit(expression)
  return { codes: Int32Array.from(codes), numbers: Float64Array.from(numbers) }
}

/** Hot: no allocation. `stack` has room for as many values as the program has codes. */
export function runProgram({ codes, numbers }: Program, values: Float64Array, stack: Float64Array): number {
  let top = -1
  for (let at = 0; at < codes.length; at++) {
    const current = codes[at]!
    if (current === code.rule) stack[++top] = values[codes[++at]!]!
    else if (current === code.number) stack[++top] = numbers[codes[++at]!]!
    else if (current === code.not) stack[top] = stack[top] === 0 ? 1 : 0
    else {
      const right = stack[top--]!
      stack[top] = operatorTable[current]!(stack[top]!, right)
    }
  }
  return stack[0]!
}
