/**
 * What zod found, as findings that an operator can act on: the branch of a union that was meant, a sentence, a
 * suggestion from the schema (the nearest key, the missing unit, an example).
 */
import type { z } from 'zod'
import { printable, quoted } from '#config/grammar/reading.ts'
import { writeSize } from '#config/grammar/size.ts'
import { keysAt, type Path, schemasAt, walk } from '#config/json-schema.ts'
import { nearest } from '#config/nearest.ts'
import { type Finding, writePath } from '#config/problem.ts'

type Issue = z.core.$ZodIssue

/** `valueAt` gives what the file says at a path. */
export function findingsOf(issues: readonly Issue[], valueAt: (path: Path) => unknown): readonly Finding[] {
  const first = issues.slice(0, mostFindings)
  return first.flatMap(issue => explain(issue, issue.path as Path, valueAt)).slice(0, mostFindings)
}

/** Whoever has more to mend than this sees the rest in the next round; a file of nonsense does not cost seconds. */
const mostFindings = 50

function explain(issue: Issue, path: Path, valueAt: (path: Path) => unknown): readonly Finding[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, mostFindings).map(name => unknownKey([...path, name]))
    case 'invalid_key':
      return issue.issues.map(inner => finding(path, 'key', inner.message, suggestionOf(inner)))
    case 'invalid_union': {
      const meant = branch(issue.errors)
      if (meant !== undefined)
        return meant.flatMap(inner => explain(inner, [...path, ...(inner.path as Path)], valueAt))
      return [wrongType(path, expectedTypes(path), valueAt(path))]
    }
    case 'invalid_type':
      return [wrongType(path, [issue.expected], valueAt(path))]
    case 'invalid_value': {
      const value = valueAt(path)
      const choices = issue.values.map(String)
      const near = typeof value === 'string' ? nearest(value, choices) : undefined
      return [finding(path, 'value', `${quoted(value)} is none of ${list(choices)}`, near)]
    }
    case 'too_small':
    case 'too_big':
      return [outOfBounds(issue, path, valueAt(path))]
    default:
      return [finding(path, 'value', issue.message, suggestionOf(issue) ?? example(path))]
  }
}

/** The branch that did not fail at once because of its type. */
function branch(errors: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const meant = errors.filter(
    issues => !issues.some(issue => issue.code === 'invalid_type' && issue.path.length === 0),
  )
  return meant.length === 1 ? meant[0] : undefined
}

function unknownKey(path: Path): Finding {
  const name = String(path.at(-1))
  const near = nearest(name, keysAt(path.slice(0, -1)))
  return finding(path, 'key', 'unknown key', near ?? elsewhere(name))
}

/** `messageSize` at the top level belongs to `limits`. */
function elsewhere(name: string): string | undefined {
  const places: string[] = []
  walk(path => {
    if (path.length > 1 && path.at(-1)?.toLowerCase() === name.toLowerCase()) places.push(writePath(path))
  })
  return places.length === 1 ? places[0] : undefined
}

const typeNames = new Map([
  ['object', 'a section of "key: value" lines'],
  ['record', 'a section of "key: value" lines'],
  ['array', 'a list'],
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
])

const expectedTypes = (path: Path): readonly string[] => [
  ...new Set(schemasAt(path).flatMap(branch => (branch.type === undefined ? [] : [branch.type]))),
]

function wrongType(path: Path, expected: readonly string[], value: unknown): Finding {
  if (value === undefined) return finding(path, 'key', 'this key is missing', example(path))
  const names = unitNames(path) ?? [...new Set(expected.map(type => typeNames.get(type) ?? type))]
  if (value === null)
    return finding(path, 'key', `no value is given; expected is ${list(names)}`, example(path))
  return finding(
    path,
    'value',
    `${shown(value)} is not ${list(names)}`,
    converted(path, expected, value) ?? example(path),
  )
}

/** A size or a span is more than the text or number it is written as. */
function unitNames(path: Path): readonly string[] | undefined {
  const unit = schemasAt(path).find(branch => branch.unit !== undefined)?.unit
  if (unit === undefined) return undefined
  return [unit === 'span' ? 'a span of time with its unit' : 'a size']
}

/** The value that was probably meant, in the type that is wanted. */
function converted(path: Path, expected: readonly string[], value: unknown): string | undefined {
  const unit = schemasAt(path).find(branch => branch.unit !== undefined)?.unit
  if (typeof value === 'number' && unit === 'span') return `${value}s`
  if (typeof value === 'number' && unit === 'size' && value >= 0) return writeSize(Math.round(value))
  if (expected.includes('boolean') && typeof value === 'string') {
    if (/^(yes|on|y|1|true)$/i.test(value)) return 'true'
    if (/^(no|off|n|0|false)$/i.test(value)) return 'false'
  }
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value)
  if (number && expected.some(type => type === 'number' || type === 'int')) return value
  if (expected.includes('array') && typeof value !== 'object') return `write [${JSON.stringify(value)}]`
  return undefined
}

function outOfBounds(
  issue: Extract<Issue, { code: 'too_small' | 'too_big' }>,
  path: Path,
  value: unknown,
): Finding {
  const small = issue.code === 'too_small'
  const bound = String(small ? issue.minimum : issue.maximum)
  if (issue.origin === 'array') {
    const reason = small
      ? `the list has fewer than ${bound} entries`
      : `the list has more than ${bound} entries`
    return finding(path, 'value', reason, small ? example(path) : undefined)
  }
  return finding(path, 'value', `${quoted(value)} is ${small ? 'less' : 'more'} than ${bound}`, bound)
}

const example = (path: Path): string | undefined => {
  const found = schemasAt(path).find(branch => branch.examples !== undefined)?.examples?.[0]
  return found === undefined
    ? undefined
    : `for example ${typeof found === 'string' ? found : JSON.stringify(found)}`
}

const suggestionOf = (issue: Issue): string | undefined =>
  issue.code === 'custom' && typeof issue.params?.suggestion === 'string'
    ? issue.params.suggestion
    : undefined

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a section' : quoted(value)
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? String(names[0]) : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

const finding = (path: Path, at: 'key' | 'value', reason: string, suggestion?: string): Finding => ({
  path,
  at,
  reason: printable(reason),
  ...(suggestion !== undefined && { suggestion }),
  severity: 'error',
})
