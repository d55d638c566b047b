/**
 * Where the reading of an expression is, and what the readers of its pieces share: flags, problems, leaves of the tree.
 */
import { folded, type OctetSet, single } from './octets.ts'
import type { Node } from './tree.ts'

export interface Flags {
  readonly caseless: boolean
  readonly multiline: boolean
  readonly dotall: boolean
  readonly extended: boolean
  readonly noCapture: boolean
}

export const noFlags: Flags = {
  caseless: false,
  multiline: false,
  dotall: false,
  extended: false,
  noCapture: false,
}

/** What makes an expression one that is not understood; `message` is a sentence without its full stop. */
export class RegexProblem {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** Where the reading is; shared with all readers. */
export class Reader {
  readonly text: string
  position = 0
  captures = 0
  depth = 0
  readonly names = new Map<string, number>()
  readonly references: { readonly index: number | string }[] = []

  constructor(text: string) {
    this.text = text
  }

  get done(): boolean {
    return this.position >= this.text.length
  }

  peek(length = 1): string {
    return this.text.slice(this.position, this.position + length)
  }

  take(length = 1): string {
    const taken = this.peek(length)
    this.position += taken.length
    return taken
  }

  skips(expected: string): boolean {
    if (!this.text.startsWith(expected, this.position)) return false
    this.position += expected.length
    return true
  }

  /** What the sticky expression matches here. */
  match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.position
    const found = expression.exec(this.text)
    if (found !== null) this.position += found[0].length
    return found ?? undefined
  }

  /** Thrown inside this folder only; `parseExpression` gives it back as a value. */
  fail(message: string): never {
    throw new RegexProblem(message)
  }
}

export const setNode = (set: OctetSet, flags: Flags): Node => ({
  kind: 'set',
  set: flags.caseless ? folded(set) : set,
})

export const octetNode = (octet: number, flags: Flags): Node => setNode(single(octet), flags)

const flagLetters = new Map<string, keyof Flags>([
  ['i', 'caseless'],
  ['m', 'multiline'],
  ['s', 'dotall'],
  ['x', 'extended'],
  ['n', 'noCapture'],
])

/** Letters of flags; those that change nothing for octets (`a`, `o`, `p`, `g`, `c`) are passed over. Undefined: unknown. */
export function withFlags(flags: Flags, letters: string, value: boolean): Flags | undefined {
  let result = flags
  for (const letter of letters) {
    const name = flagLetters.get(letter)
    if (name !== undefined) result = { ...result, [name]: value }
    else if (!'aopgc'.includes(letter)) return undefined
  }
  return result
}
