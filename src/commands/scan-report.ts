/**
 * A scan in the eyes of a human, and as JSON.
 *
 * Promises: what came from outside cannot move the cursor or begin a line of its own; the JSON says everything that the
 * text says, and more.
 */
import { printable } from '#commands/printable.ts'
import type { LexiconVerdict } from '#content/lexicon/evaluate.ts'
import { type Card, cardAsText } from '#content/spam/card.ts'
import { flags } from '#scanner/flag.ts'
import {
  fieldsOf,
  flagsOf,
  type Link,
  linksOf,
  matchesOf,
  type Part,
  partsOf,
  textsOf,
  type ZoneText,
} from '#scanner/output.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface ScannedFile {
  readonly file: string
  readonly engine: 'native' | 'typescript'
  /** Of one scan, the best of several; only where one message is looked at alone. */
  readonly microseconds?: number
  readonly output: ScanOutput
  readonly card: Card
  /** By file of rules, of those that were named. */
  readonly verdicts: readonly { readonly rules: string; readonly verdict: LexiconVerdict }[]
}

/** A line with the score; the card; or that and all tables. */
export type Detail = 'line' | 'card' | 'everything'

const textZones: readonly string[] = ['text', 'hidden']

export function reportAsJson(scanned: ScannedFile, detail: Detail): string {
  const { file, engine, microseconds, output, card } = scanned
  const { verdict, score, symbols, logOdds, model } = card
  return `${JSON.stringify({
    file,
    verdict,
    score,
    symbols,
    logOdds,
    model,
    engine,
    size: output.size,
    ...(microseconds !== undefined && { microseconds }),
    ...(detail === 'everything' && tablesOf(scanned)),
  })}\n`
}

const tablesOf = ({ output, verdicts }: ScannedFile) => ({
  parts: partsOf(output).map(({ head, ...part }) => ({
    ...part,
    head: Buffer.from(head).toString('base64'),
  })),
  fields: fieldsOf(output),
  texts: textsOf(output).map(({ kept, ...text }) => ({
    ...text,
    ...(textZones.includes(text.zone) && { text: Buffer.from(kept).toString() }),
  })),
  links: linksOf(output),
  flags: flagsOf(output).map(flag => ({ ...flag, sentence: flags[flag.flag].what })),
  matches: matchesOf(output),
  rules: verdicts,
})

/** `whole`: texts from beginning to end. */
export function reportAsText(scanned: ScannedFile, detail: Detail, whole: boolean): string {
  const { file, card } = scanned
  if (detail === 'line') return `${card.verdict.padEnd(8)} ${card.score.toFixed(4)} ${printable(file)}\n`
  const shown = cardAsText(card)
  return detail === 'card'
    ? `${printable(file)}\n${shown}`
    : `${headOf(scanned)}${shown}${sectionsOf(scanned, whole)}`
}

function headOf({ file, engine, microseconds, output }: ScannedFile): string {
  const time = microseconds === undefined ? '' : `, ${number(microseconds)} µs`
  return `${printable(file)}: ${number(output.size)} octets${time} with the ${engine} scanner\n`
}

function sectionsOf(scanned: ScannedFile, whole: boolean): string {
  const { output } = scanned
  const sections: readonly (readonly [heading: string, lines: readonly string[]])[] = [
    ['Parts', partsOf(output).map(partLine)],
    [
      'Flags',
      flagsOf(output).map(
        ({ flag, part, offset }) => `${flag} in part ${part} at octet ${number(offset)}: ${flags[flag].what}`,
      ),
    ],
    ['Links', linkLines(linksOf(output))],
    ['Rules', scanned.verdicts.flatMap(({ verdict }) => ruleLines(verdict, output))],
    ...textsOf(output)
      .filter(text => textZones.includes(text.zone))
      .map(text => [textHeading(text), excerpt(text, whole)] as const),
  ]
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(section)
    .join('')
}

const section = ([heading, lines]: readonly [string, readonly string[]]): string =>
  `\n${heading}\n${lines.map(line => `  ${line}\n`).join('')}`

const number = (value: number): string => value.toLocaleString('en-US')

function partLine(part: Part): string {
  const facts = [
    part.charset && `charset ${printable(part.charset)}`,
    part.encoding !== 'identity' && part.encoding,
    part.disposition !== 'none' && part.disposition,
    part.filename && `name ${JSON.stringify(printable(part.filename))}`,
    part.kind !== 'multipart' && part.kind !== 'message' && `${number(part.decodedSize)} octets`,
  ].filter(fact => fact !== false && fact !== '')
  return `${String(part.row).padStart(3)} ${'  '.repeat(part.depth)}${[printable(part.type), ...facts].join(', ')}`
}

/** A newsletter has the same address a dozen times. */
function linkLines(links: readonly Link[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { text = '(not kept)' } of links) counts.set(text, (counts.get(text) ?? 0) + 1)
  return Array.from(counts, ([text, count]) => `${printable(text)}${count > 1 ? ` (${count} times)` : ''}`)
}

function ruleLines({ score, hits }: LexiconVerdict, output: ScanOutput): readonly string[] {
  if (hits.length === 0) return []
  const texts = new Map(textsOf(output).map(text => [`${text.part} ${text.zone}`, text.kept]))
  return [
    ...hits.flatMap(hit => [
      `${hit.score} ${hit.rule}: ${hit.sentence}`,
      ...hit.places.map(({ part, zone, start, end, term }) => {
        const found = start === undefined ? undefined : texts.get(`${part} ${zone}`)?.subarray(start, end)
        const seen =
          found === undefined ? '' : ` as ${JSON.stringify(printable(Buffer.from(found).toString()))}`
        return `  ${printable(term)} in ${zone} of part ${part}${seen}`
      }),
    ]),
    `${score} together`,
  ]
}

const textHeading = ({ part, zone, size, words }: ZoneText): string =>
  `${zone === 'text' ? 'Text' : 'Hidden text'} of part ${part} (${number(size)} octets, ${number(words)} words)`

const excerptSize = 600

function excerpt({ kept, size }: ZoneText, whole: boolean): readonly string[] {
  const shown = Buffer.from(whole ? kept : kept.subarray(0, excerptSize)).toString()
  const lines = shown.split('\n').map(printable)
  return shown.length > 0 && (whole ? kept.length : Math.min(kept.length, excerptSize)) < size
    ? [...lines, '…']
    : lines
}
