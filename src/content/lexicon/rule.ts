/**
 * A rule as it is written: its sentence, what must hold, what its words weigh, and its tests.
 */
import { controlFlaw, quoted } from '#config/grammar/reading.ts'
import type { Path } from '#config/json-schema.ts'
import { type Context, conditionKeys, readConditionKeys, readContext, readTermAt } from './condition.ts'
import type { LexiconRule, Place, Sample, WeightedTerm } from './lexicon.ts'
import { readPlace, usualPlaces } from './place.ts'
import { isSection, type Range, type Reading, type Section } from './reading.ts'

const ruleKeys = ['sentence', 'weight', 'words', 'different', 'repeat', 'cap', 'tests', ...conditionKeys]
const weights: Range = { from: -100, to: 100 }
const ruleName = /^[a-z0-9]+(-[a-z0-9]+)*$/
const longestSentence = 300
const longestSample = 100_000

export function readRule(
  reading: Reading,
  path: Path,
  name: string,
  value: unknown,
): LexiconRule | undefined {
  if (!ruleName.test(name) || name.length > 64)
    reading.complain(
      path,
      `${quoted(name)} is no name for a rule`,
      'small letters and digits, with single hyphens between',
      'key',
    )
  if (!isSection(value))
    return reading.complain(path, 'a rule is a section', 'write its sentence and what it looks for below it')
  reading.knownKeys(path, value, ruleKeys)
  const context = readContext(reading, path, value, { places: usualPlaces, caseless: true })
  const condition = readConditionKeys(reading, path, value, context)
  const words = readWords(reading, [...path, 'words'], value.words, context)
  if (condition === undefined && value.words === undefined && !wrongBelow(reading, path))
    reading.complain(path, 'the rule looks for nothing', 'add any, all, near, count, phrase or words', 'key')
  onlyWithWords(reading, path, value)
  return {
    name,
    path,
    sentence: readSentence(reading, path, value.sentence) ?? '',
    ...readWeights(reading, path, value),
    ...(condition !== undefined && { condition }),
    words,
    ...readTests(reading, path, value.tests, context.places),
  }
}

/** Whether something below the path was found wrong already. */
const wrongBelow = (reading: Reading, path: Path): boolean =>
  reading.findings.some(finding => path.every((segment, index) => finding.path[index] === segment))

function readSentence(reading: Reading, path: Path, value: unknown): string | undefined {
  if (value === undefined)
    return reading.complain(
      path,
      'the rule has no sentence',
      'add "sentence: What it has seen when it hits"',
      'key',
    )
  const at = [...path, 'sentence']
  const text = reading.text(at, value)?.trim()
  if (text === undefined) return undefined
  if (text === '')
    return reading.complain(at, 'is empty', 'say in a sentence what the rule has seen when it hits')
  if (text.length > longestSentence)
    return reading.complain(at, `is longer than ${longestSentence} characters`)
  return reading.take(at, controlFlaw(text) ?? text)
}

function readWeights(reading: Reading, path: Path, section: Section) {
  const has = (key: string): boolean => Object.hasOwn(section, key)
  const number = (key: string, range: Range, usual: number): number =>
    has(key) ? (reading.number([...path, key], section[key], range) ?? usual) : usual
  return {
    weight: number('weight', weights, has('words') ? 0 : 1),
    atLeast: number('different', { from: 1, to: 1_000, whole: true }, has('words') ? 1 : 0),
    cap: number('cap', { from: 0, to: 10_000 }, Number.POSITIVE_INFINITY),
    repeat: has('repeat') ? (reading.boolean([...path, 'repeat'], section.repeat) ?? false) : false,
  }
}

function onlyWithWords(reading: Reading, path: Path, section: Section): void {
  if (Object.hasOwn(section, 'words')) return
  for (const key of ['different', 'repeat', 'cap'])
    if (Object.hasOwn(section, key))
      reading.complain([...path, key], 'means nothing without "words"', 'add "words", or remove it', 'key')
}

function readWords(reading: Reading, path: Path, value: unknown, context: Context): readonly WeightedTerm[] {
  if (value === undefined) return []
  if (!isSection(value) || Object.keys(value).length === 0) {
    reading.complain(path, 'is not a section of words with their weights', 'write "word: 0.5" lines below it')
    return []
  }
  return Object.entries(value).flatMap(([text, weight]) => {
    const below = [...path, text]
    const term = readTermAt(reading, below, text, context)
    const number = reading.number(below, weight, weights)
    return term === undefined || number === undefined ? [] : [{ term, weight: number }]
  })
}

function readTests(reading: Reading, path: Path, value: unknown, places: readonly Place[]) {
  const none = { matches: [], passes: [] }
  if (value === undefined) {
    reading.warn(path, 'the rule has no tests', 'add "tests: {matches: [...], passes: [...]}" with samples')
    return none
  }
  const at = [...path, 'tests']
  if (!isSection(value)) {
    reading.complain(at, 'is not a section', 'write "matches" and "passes" below it')
    return none
  }
  reading.knownKeys(at, value, ['matches', 'passes'])
  const samples = (key: string): readonly Sample[] =>
    Object.hasOwn(value, key) ? readSamples(reading, [...at, key], value[key], places) : []
  return { matches: samples('matches'), passes: samples('passes') }
}

function readSamples(
  reading: Reading,
  path: Path,
  value: unknown,
  places: readonly Place[],
): readonly Sample[] {
  const items = Array.isArray(value) ? value : [value]
  return items.flatMap((item, index) => {
    const at = Array.isArray(value) ? [...path, index] : path
    const usual = places.some(place => place.name === 'text') ? 'text' : places[0]!.name
    const contents = readContents(reading, at, isSection(item) ? item : { [usual]: item })
    return contents === undefined ? [] : [{ contents, path: at }]
  })
}

function readContents(
  reading: Reading,
  path: Path,
  section: Section,
): ReadonlyMap<string, string> | undefined {
  const contents = new Map<string, string>()
  for (const [key, value] of Object.entries(section)) {
    const below = Object.hasOwn(section, key) && Object.keys(section).length > 0 ? [...path, key] : path
    const place = reading.take(below, readPlace(key))
    const text = reading.text(below, value)
    if (place === undefined || text === undefined) return undefined
    if (place.name === 'header' || place.name === 'raw' || place.name === 'source')
      return reading.complain(below, `a sample cannot be put into ${place.name}`, 'name a field, or text')
    if (text.length > longestSample)
      return reading.complain(below, `is longer than ${longestSample} characters`)
    if (!text.isWellFormed()) return reading.complain(below, 'contains half of a character')
    contents.set(place.name, text)
  }
  return contents.size === 0 ? reading.complain(path, 'is an empty sample', 'write a text') : contents
}
