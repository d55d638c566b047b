/**
 * Which of many expressions can match a text at all, told by the literals that each must have: one pass over the text for
 * all of them (Aho and Corasick, "Efficient string matching", 1975).
 *
 * Promises: an expression whose literals stand in the text, one behind the other, is named; one of which they do not is not,
 * in a text of octets. Linear in the text and the literals found. Case does not count. A gate belongs to one thread.
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
  /**
   * A line for each node: by class the place of the next node's line, and at its end the place in `found` of what ends there, 0
   * for nothing.
   */
  readonly #lines: Int32Array
  /** How many numbers, and then these: pairs of expression and row. */
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
    this.#lines = new Int32Array(nodes.length * (classes + 1))
    this.#link(nodes)
    const found = [0]
    nodes.forEach((node, index) => {
      if (node.found.length === 0) return
      this.#lines[index * (classes + 1) + classes] = found.length
      found.push(node.found.length, ...node.found)
    })
    this.#found = Int32Array.from(found)
  }

  /** Breadth first: what a node falls back to is complete before it. */
  #link(nodes: readonly Node[]): void {
    const width = this.#classes + 1
    const fallback = new Int32Array(nodes.length)
    const queue = [0]
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at]!
      const back = fallback[node]!
      if (node !== 0) {
        this.#lines.copyWithin(node * width, back * width, back * width + this.#classes)
        nodes[node]!.found.push(...nodes[back]!.found)
      }
      for (const [octet, child] of nodes[node]!.next) {
        const column = this.#classOf[octet]!
        fallback[child] = node === 0 ? 0 : this.#lines[back * width + column]! / width
        this.#lines[node * width + column] = child * width
        queue.push(child)
      }
    }
  }

  /** Calls with each expression that can match, once. Per octet: three reads, no allocation. */
  pass(text: string, candidate: (expression: number) => void): void {
    const [classOf, classes, lines] = [this.#classOf, this.#classes, this.#lines]
    this.#stage.fill(0)
    let line = 0
    for (let at = 0; at < text.length; at++) {
      // Literals are of octets: a character above 255, taken for one, may pass what it should not, but can hide nothing.
      line = lines[line + classOf[text.charCodeAt(at) & 255]!]!
      const found = lines[line + classes]!
      if (found !== 0) this.#advance(found, candidate)
    }
  }

  #advance(at: number, candidate: (expression: number) => void): void {
    const [found, stage, rows] = [this.#found, this.#stage, this.#rows]
    const end = at + 1 + found[at]!
    for (let pair = at + 1; pair < end; pair += 2) {
      const expression = found[pair]!
      if (stage[expression] !== found[pair + 1]!) continue
      stage[expression]!++
      if (stage[expression] === rows[expression]) candidate(expression)
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
