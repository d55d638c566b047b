/**
 * A configuration file as plain values, with the place of each.
 *
 * Promises: every text ends as values or as problems, in bounded time and memory: depth, number of values (aliases
 * counted as often as they are used) and size have limits. Values are made of own properties only; a key that every
 * object inherits (`__proto__`, `constructor`) is refused before it names one. Keys are texts.
 * Leaves out: what the keys mean (`schema.ts`), but that a section without a value is an empty section.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Document as YamlDocument,
} from 'yaml'
import { createSource, type Source } from '#config/file/source.ts'
import { explainSyntax } from '#config/file/syntax.ts'
import { printable } from '#config/grammar/reading.ts'
import type { Path } from '#config/json-schema.ts'
import { isSection } from '#config/json-schema.ts'
import type { Problem } from '#config/problem.ts'
import { writePath } from '#config/problem.ts'

export interface Document {
  readonly source: Source
  readonly value: Readonly<Record<string, unknown>>
  /** Offset of the key or value at a path; undefined where the file says nothing. */
  offset(path: Path, at: 'key' | 'value'): number | undefined
}

export type DocumentResult =
  | { readonly kind: 'ok'; readonly document: Document }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

const deepest = 16
const mostValues = 200_000
const mostProblems = 20
const inherited = new Set(['__proto__', 'constructor', 'prototype'])
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0085\u2028\u2029]/

interface Place {
  readonly key?: number
  readonly value: number
}

export function readDocument(file: string, text: string): DocumentResult {
  const source = createSource(file, text)
  const hidden = text.search(control)
  if (hidden >= 0) return invalid([problemAt(source, hidden, [], 'the file contains a control character')])
  const yaml = parse(text)
  if (yaml === undefined) return invalid([problemAt(source, 0, [], 'the values are nested too deeply')])
  const wrong = [...yaml.errors, ...yaml.warnings]
  if (wrong.length > 0) return invalid(firstOfEachLine(wrong.map(error => syntaxProblem(source, error))))
  return convert(source, yaml)
}

/** undefined when the nesting was too much for the parser's recursion. */
function parse(text: string): YamlDocument.Parsed | undefined {
  try {
    // Unique keys are checked in `convert`: the library compares each with each, which is slow for a long list.
    return parseDocument(text, {
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
      resolveKnownTags: false,
      logLevel: 'error',
    })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** What follows the first error of a line is mostly its consequence. */
function firstOfEachLine(problems: readonly Problem[]): readonly Problem[] {
  const lines = new Map<number, Problem>()
  for (const problem of problems.toSorted((a, b) => a.line - b.line || a.column - b.column))
    if (!lines.has(problem.line)) lines.set(problem.line, problem)
  return [...lines.values()].slice(0, mostProblems)
}

function syntaxProblem(source: Source, error: YamlDocument.Parsed['errors'][number]): Problem {
  const { line } = source.position(error.pos[0])
  const { reason, suggestion } = explainSyntax(error, source.line(line) ?? '')
  return problemAt(source, error.pos[0], [], reason, suggestion)
}

function convert(source: Source, yaml: YamlDocument.Parsed): DocumentResult {
  const places = new Map<string, Place>()
  const problems: Problem[] = []
  let values = 0
  const complain = (offset: number, path: Path, reason: string, suggestion?: string): undefined => {
    if (problems.length < mostProblems) problems.push(problemAt(source, offset, path, reason, suggestion))
  }

  /** `at` is the place of the alias through which the node was reached: what is wrong with it stands there. */
  const visit = (node: Node | null | undefined, path: Path, at?: number): unknown => {
    const offset = at ?? node?.range?.[0] ?? 0
    if (++values > mostValues)
      return values === mostValues + 1 ? complain(offset, path, 'the file holds too many values') : undefined
    if (path.length > deepest)
      return complain(offset, path.slice(0, deepest), 'the values are nested too deeply')
    if (at === undefined && !places.has(key(path))) places.set(key(path), { value: offset })
    if (isAlias(node)) {
      const meant = node.resolve(yaml)
      return meant === undefined
        ? complain(offset, path, `no value above is called &${node.source}`, 'put the text in quotes')
        : visit(meant, path, offset)
    }
    if (isMap(node)) return visitMap(node.items, path, at)
    if (isSeq(node)) return node.items.map((item, index) => visit(item as Node, [...path, index], at))
    const value = isScalar(node) ? node.value : null
    return value === null && isSection(path) ? {} : value
  }

  const visitMap = (items: readonly { key: unknown; value: unknown }[], path: Path, at?: number) => {
    const record: Record<string, unknown> = {}
    for (const { key: keyNode, value } of items) {
      const name = String(isScalar(keyNode) ? keyNode.value : keyNode)
      const offset = at ?? (keyNode as Node).range?.[0] ?? 0
      const below = [...path, name]
      if (inherited.has(name)) complain(offset, below, 'this key is never used', 'remove it')
      else if (Object.hasOwn(record, name)) {
        const first = source.position(places.get(key(below))?.key ?? 0).line
        complain(offset, below, `this key is there twice, first in line ${first}`, 'keep one of them')
      } else {
        if (at === undefined) places.set(key(below), { key: offset, value: startOf(value) ?? offset })
        record[name] = visit(value as Node | null, below, at)
      }
    }
    return record
  }

  const value = yaml.contents === null || isEmpty(yaml.contents) ? {} : visit(yaml.contents, [])
  if (problems.length > 0) return invalid(problems)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid([problemAt(source, 0, [], 'the file is not a list of "key: value" lines')])
  return {
    kind: 'ok',
    document: {
      source,
      value: value as Record<string, unknown>,
      offset: (path, at) => {
        const place = places.get(key(path))
        return at === 'key' ? (place?.key ?? place?.value) : place?.value
      },
    },
  }
}

const startOf = (node: unknown): number | undefined => (node as Node | null)?.range?.[0]

/** A file of comments, or of nothing. */
const isEmpty = (node: Node): boolean => isScalar(node) && node.value === null

const key = (path: Path): string => JSON.stringify(path)

const invalid = (problems: readonly Problem[]): DocumentResult => ({ kind: 'invalid', problems })

export function problemAt(
  source: Source,
  offset: number,
  path: Path,
  reason: string,
  suggestion?: string,
): Problem {
  const { line, column } = source.position(offset)
  const text = source.line(line)
  return {
    file: source.file,
    line,
    column,
    path: printable(writePath(path)).slice(0, 200),
    reason: printable(reason),
    ...(suggestion !== undefined && { suggestion: printable(suggestion) }),
    severity: 'error',
    ...(text !== undefined && { source: text }),
  }
}
