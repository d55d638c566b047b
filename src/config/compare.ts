/**
 * What a reload would change: which settings, and from when the new value counts.
 *
 * Leaves out applying them (`engine/`).
 */
import { isDeepStrictEqual } from 'node:util'
import { type Path, walk } from '#config/json-schema.ts'
import { writePath } from '#config/problem.ts'
import type { Configuration } from '#config/schema.ts'

export interface Change {
  /** `limits.messageSize`, `domains["example.org"]`. */
  readonly path: string
  readonly effect: 'at-once' | 'restart'
  /** For the operator, without a full stop. */
  readonly sentence: string
}

/** What is laid out once at the start; everything else is looked up when it is needed. */
const atStart = new Map<string, string>([
  ['data', 'the queue stays where it is until a restart'],
  ['threads', 'the number of engine threads changes at a restart'],
  ['placement', 'a thread keeps the CPUs that it was started on'],
  ['spool.segmentSize', 'segments have one size from start to end'],
  ['spool.inlineSize', 'the spool is opened with its sizes'],
  ['spool.memory', 'the spool is opened with its sizes'],
  ['spool.minimumFree', 'the spool is opened with its sizes'],
  ['tracking.fileSize', 'each thread keeps the tracking file that it opened'],
  ['tracking.files', 'each thread keeps the tracking file that it opened'],
])

/** Empty when both say the same. Both are complete configurations. */
export function compareConfigurations(before: Configuration, after: Configuration): readonly Change[] {
  return leaves(before, after)
    .filter(path => !isDeepStrictEqual(at(before, path), at(after, path)))
    .map(path => describe(path, at(before, path), at(after, path)))
}

/** Domains are compared one by one; every other setting is a leaf of the schema. */
function leaves(before: Configuration, after: Configuration): readonly Path[] {
  const paths: Path[] = []
  walk((path, node) => {
    if (node.properties === undefined && path[0] !== 'domains') paths.push(path)
  })
  const names = new Set([...Object.keys(before.domains), ...Object.keys(after.domains)])
  return [...paths, ...[...names].map(name => ['domains', name])]
}

function describe(path: Path, before: unknown, after: unknown): Change {
  const name = writePath(path)
  const why = atStart.get(name)
  if (why !== undefined) return { path: name, effect: 'restart', sentence: `${name} changed, but ${why}` }
  const verb = before === undefined ? 'is new' : after === undefined ? 'is gone' : 'changed'
  return { path: name, effect: 'at-once', sentence: `${name} ${verb} and counts at once` }
}

const at = (configuration: Configuration, path: Path): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string | number, unknown>)[name]
        : undefined,
    configuration,
  )
