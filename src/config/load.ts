/**
 * From a file and the flags to a configuration that can be run, or to all that is wrong with it.
 *
 * Promises: never throws for what a file or a flag holds; an invalid result has at least one problem of severity
 * `error`, each with file, line, column, reason and where possible a suggestion (promise 29); an ok result satisfies
 * the schema and every rule. Relative paths in a file are relative to the file's folder, those of flags and defaults to
 * the working directory.
 */
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Document, readDocument } from '#config/file/document.ts'
import { inOrder, locate } from '#config/file/locate.ts'
import { readText } from '#config/file/read.ts'
import { createSource } from '#config/file/source.ts'
import { readDomain } from '#config/grammar/domain.ts'
import { readMailbox } from '#config/grammar/mailbox.ts'
import { type Flaw, isFlaw, printable } from '#config/grammar/reading.ts'
import { findingsOf } from '#config/issues.ts'
import type { Path } from '#config/json-schema.ts'
import { applyOverrides, type Overrides } from '#config/overrides.ts'
import { errors, type Finding, type Problem } from '#config/problem.ts'
import { inspect, type Machine } from '#config/rules/machine.ts'
import { checkRules } from '#config/rules/table.ts'
import { type Configuration, schema } from '#config/schema.ts'

export interface LoadOptions {
  /** Without it: defaults and flags only. */
  readonly file?: string | undefined
  readonly overrides?: Overrides | undefined
  /** What the rules look at; tests give their own. Default: this machine. */
  readonly inspect?: (configuration: Configuration) => Promise<Machine>
}

export type LoadResult =
  | { readonly kind: 'ok'; readonly configuration: Configuration; readonly warnings: readonly Problem[] }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

/** The file that is used when none is named: `./sluice.yaml`, then `/etc/sluice/sluice.yaml`, else none. */
export const findConfigurationFile = (
  candidates: readonly string[] = ['sluice.yaml', '/etc/sluice/sluice.yaml'],
): string | undefined => candidates.find(path => existsSync(path))

export async function loadConfiguration(options: LoadOptions = {}): Promise<LoadResult> {
  const { file } = options
  if (file === undefined) return loadDocument(noFile, options)
  const read = await readText(file)
  if (read.kind === 'unusable') {
    const problem = {
      line: read.line,
      column: 1,
      path: '',
      reason: `the file ${read.reason}`,
      severity: 'error',
    } as const
    const suggestion = read.suggestion === undefined ? {} : { suggestion: read.suggestion }
    return { kind: 'invalid', problems: [{ file: printable(file), ...problem, ...suggestion }] }
  }
  return loadText(read.text, options)
}

/** As `loadConfiguration`, with the text of the file given: for what is not on disk, or not yet. */
export async function loadText(text: string, options: LoadOptions = {}): Promise<LoadResult> {
  const read = readDocument(printable(options.file ?? 'text'), text)
  return read.kind === 'invalid' ? read : loadDocument(read.document, options)
}

const noFile: Document = { source: createSource('defaults', ''), value: {}, offset: () => undefined }

async function loadDocument(document: Document, options: LoadOptions): Promise<LoadResult> {
  const { value, overridden } = applyOverrides(document.value, options.overrides ?? {})
  const placed = (found: readonly Finding[]) => inOrder(found.map(each => locate(each, document, overridden)))
  const parsed = schema.safeParse(value)
  const wrong = parsed.success
    ? namedTwice(document.value)
    : findingsOf(parsed.error.issues, path => valueAt(value, path))
  if (!parsed.success || wrong.length > 0) return { kind: 'invalid', problems: placed(wrong) }
  const configuration = withWholePaths(parsed.data, document, overridden, options.file)
  const machine = await (options.inspect ?? inspect)(configuration)
  const problems = placed(checkRules(configuration, machine))
  return errors(problems).length > 0
    ? { kind: 'invalid', problems }
    : { kind: 'ok', configuration, warnings: problems }
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, segment) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, segment)
        ? (inner as Record<string | number, unknown>)[segment]
        : undefined,
    value,
  )

/** `Example.org` and `example.org` are different keys of YAML and one domain of mail. Takes what the schema accepted. */
function namedTwice(value: unknown): readonly Finding[] {
  return [
    ...twiceIn(value, ['domains'], readDomain, 'domain'),
    ...twiceIn(value, ['spam', 'domains'], readDomain, 'domain'),
    ...twiceIn(value, ['spam', 'recipients'], readMailbox, 'address'),
  ]
}

function twiceIn(
  value: unknown,
  path: Path,
  readName: (key: string) => string | Flaw,
  noun: string,
): readonly Finding[] {
  const first = new Map<string, string>()
  return Object.keys(valueAt(value, path) ?? {}).flatMap(key => {
    const read = readName(key)
    const name = isFlaw(read) ? key : read
    const other = first.get(name)
    first.set(name, other ?? key)
    if (other === undefined) return []
    const reason = `${key} and ${other} are the same ${noun}`
    return [{ path: [...path, key], at: 'key', reason, suggestion: 'keep one of them', severity: 'error' }]
  })
}

/** Relative paths that stand in the file, made absolute from its folder. */
function withWholePaths(
  configuration: Configuration,
  document: Document,
  overridden: readonly Path[],
  file: string | undefined,
): Configuration {
  const whole = (path: Path, value: string): string => {
    const elsewhere = overridden.some(each => each.join() === path.join())
    const written = !elsewhere && document.offset(path, 'value') !== undefined
    return written ? resolve(dirname(file ?? '.'), value) : value
  }
  const { data, tls, users, content } = configuration
  return {
    ...configuration,
    data: whole(['data'], data),
    tls: {
      ...tls,
      ...(tls.certificate !== undefined && { certificate: whole(['tls', 'certificate'], tls.certificate) }),
      ...(tls.key !== undefined && { key: whole(['tls', 'key'], tls.key) }),
    },
    users: users.file === undefined ? users : { file: whole(['users', 'file'], users.file) },
    content: {
      ...content,
      lexicons: content.lexicons.map((name, index) => whole(['content', 'lexicons', index], name)),
      ...(content.model !== undefined && { model: whole(['content', 'model'], content.model) }),
    },
  }
}
