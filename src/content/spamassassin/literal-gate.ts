/**
 * Which of many expressions can match a text at all, told by the literals that each must have: one pass over the text for
 * all of them (Aho and Corasick, "Efficient string matching", 1975).
 *
 * Promises: an expression whose literals do not stand in the text, one behind the other, is not named; linear in the text
 * and the literals found. Case does not count. A gate belongs to one thread.
 */

/** For each expression the literals that stand in every match in this order: of each row one, in lower case. */
export type Required = readonly (readonly string[])[]

/** As `toLowerCase` does, for characters up to 255. */
const folded = Uint8Array.from({ length: 256 }, (_, octet) =>
  String.fromCharCode(octet).toLowerCase().charCodeAt(0),
)

interface Node {
  readonly next: Map<number, number>
  /** Pairs: expression, row. */
  readonly found: number[]
}

export class LiteralGate {
  readonly #rows: Uint8Array
  /** By octet; 0 for what stands in no literal. */
  readonly #classOf = new Uint8Array(256)
  readonly #classes: number
  readonly #next: Int32Array
  readonly #foundStart: Int32Array
  readonly #found: Int32Array
  readonly #stage: Uint8Array

  /** An expression without literals is never named. */
  constructor(expressions: readonly Required[]) {
    this.#rows = Uint8Array.from(expressions, rows => rows.length)
    this.#stage = new Uint8Array(expressions.length)
    const nodes = buildTree(expressions)
    let classes = 1
    for (const { next } of nodes)
      for (const octet of next.keys()) if (this.#classOf[octet] === 0) this.#classOf[octet] = classes++
    for (let octet = 0; octet < 256; octet++) this.#classOf[octet] = this.#classOf[folded[octet]!]!
    this.#classes = classes
    this.#next = new Int32Array(nodes.length * classes)
    this.#link(nodes)
    this.#foundStart = new Int32Array(nodes.length + 1)
    nodes.forEach(({ found }, node) => {
      this.#foundStart[node + 1] = this.#foundStart[node]! + found.length
    })
    this.#found = Int32Array.from(nodes.flatMap(({ found }) => found))
  }

  /** Breadth first: what a node falls back to is complete before it. */
  #link(nodes: readonly Node[]): void {
    const fallback = new Int32Array(nodes.length)
    const queue = [0]
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at]!
      const row = node * this.#classes
      const back = fallback[node]! * this.#classes
      if (node !== 0) {
        this.#next.copyWithin(row, back, back + this.#classes)
        nodes[node]!.found.push(...nodes[fallback[node]!]!.found)
      }
      for (const [octet, child] of nodes[node]!.next) {
        const column = this.#classOf[octet]!
        fallback[child] = node === 0 ? 0 : this.#next[back + column]!
        this.#next[row + column] = child
        queue.push(child)
      }
    }
  }

  /** Calls with each expression that can match, once. */
  pass(text: string, candidate: (expression: number) => void): void {
    const [classOf, next, classes] = [this.#classOf, this.#next, this.#classes]
    const [foundStart, found, stage, rows] = [this.#foundStart, this.#found, this.#stage, this.#rows]
    stage.fill(0)
    let node = 0
    for (let at = 0; at < text.length; at++) {
      node = next[node * classes + classOf[text.charCodeAt(at) & 255]!]!
      const end = foundStart[node + 1]!
      for (let pair = foundStart[node]!; pair < end; pair += 2) {
        const expression = found[pair]!
        if (stage[expression] !== found[pair + 1]!) continue
        stage[expression]!++
        if (stage[expression] === rows[expression]) candidate(expression)
      }
    }
  }
}

function buildTree(expressions: readonly Required[]): Node[] {
  const nodes: Node[] = [{ next: new Map(), found: [] }]
  expressions.forEach((rows, expression) => {
    rows.forEach((literals, row) => {
      for (const literal of literals) nodes[leafOf(nodes, literal)]!.found.push(expression, row)
    })
  })
  return nodes
}

function leafOf(nodes: Node[], literal: string): number {
  let node = 0
  for (let at = 0; at < literal.length; at++) {
    const octet = literal.charCodeAt(at)
    let child = nodes[node]!.next.get(octet)
    if (child === undefined) {
      child = nodes.push({ next: new Map(), found: [] }) - 1
      nodes[node]!.next.set(octet, child)
    }
    node = child
  }
  return node
}
