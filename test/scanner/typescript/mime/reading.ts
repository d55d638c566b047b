/**
 * What the scanners read in a message, as short texts for tables of expectations.
 *
 * Every message is scanned by every scanner there is, whole, octet by octet and cut behind every CR: a reading that depends
 * on one of these is an error here, so that each row of each table is also a test of agreement.
 */
import assert from 'node:assert/strict'
import type { FlagName } from '#scanner/flag.ts'
import type { Zone } from '#scanner/layout.ts'
import { fieldsOf, flagsOf, linksOf, type Part, partsOf, textsOf } from '#scanner/output.ts'
import type { ScanEngine, ScanLimits, Scanner } from '#scanner/scanner.ts'
import { availableEngines } from '../../engines.ts'

export interface Reading {
  /** `kind type` of each part with its name, indented by depth. */
  readonly parts: readonly string[]
  /** `part flag`, without those that the message does not ask about. */
  readonly flags: readonly string[]
  readonly rows: readonly Part[]
  /** Where a flag was raised, by `part flag`. */
  readonly offsets: ReadonlyMap<string, number>
  /** `name: value` of the fields of all parts. */
  readonly fields: readonly string[]
  text(part: number, zone: Zone): string
}

/** Lines as they stand on the wire; one character is one octet. */
export const wire = (...lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1')

/** What readable text and charsets find is not the business of these tests. */
const ofOthers: readonly FlagName[] = ['charset-missing', 'html-unfinished', 'html-hidden', 'invisible']

function scan(scanner: Scanner, pieces: Iterable<Uint8Array>) {
  for (const piece of pieces) scanner.write(piece)
  return scanner.end()
}

function* octets(message: Buffer) {
  for (let at = 0; at < message.length; at += 1) yield message.subarray(at, at + 1)
}

function* behindCr(message: Buffer) {
  let from = 0
  for (let at = message.indexOf(13); at >= 0; at = message.indexOf(13, at + 1)) {
    yield message.subarray(from, at + 1)
    from = at + 1
  }
  yield message.subarray(from)
}

function describe(output: ReturnType<Scanner['end']>) {
  const texts = new Map(
    textsOf(output).map(({ part, zone, kept }) => [`${part} ${zone}`, Buffer.from(kept).toString()]),
  )
  const flags = flagsOf(output).filter(({ flag }) => !ofOthers.includes(flag))
  const rows = partsOf(output)
  return {
    rows,
    parts: rows.map(({ depth, kind, type, filename }) =>
      `${'  '.repeat(depth)}${kind} ${type} ${filename}`.trimEnd(),
    ),
    flags: flags.map(({ part, flag }) => `${part} ${flag}`),
    offsets: new Map(flags.map(({ part, flag, offset }) => [`${part} ${flag}`, offset])),
    fields: fieldsOf(output).map(({ name, value }) => `${name}: ${value}`),
    links: linksOf(output),
    texts,
  }
}

function readWith(engine: ScanEngine, message: Buffer, limits: Partial<ScanLimits>) {
  const scanner = engine.open({ limits })
  const whole = describe(scan(scanner, [message]))
  assert.deepEqual(describe(scan(scanner, octets(message))), whole, `${engine.name}: octet by octet`)
  assert.deepEqual(describe(scan(scanner, behindCr(message))), whole, `${engine.name}: cut behind each CR`)
  return whole
}

export function read(message: Buffer, limits: Partial<ScanLimits> = {}): Reading {
  const [first, ...others] = availableEngines().engines.map(engine => readWith(engine, message, limits))
  for (const other of others) assert.deepEqual(other, first, 'the scanners agree')
  return { ...first!, text: (part, zone) => first!.texts.get(`${part} ${zone}`) ?? '' }
}

/** The flags of a message of one part with these header lines. */
export const flagsOfHeader = (...header: readonly string[]): readonly string[] =>
  read(wire('MIME-Version: 1.0', ...header, '', 'text', '')).flags.map(flag => flag.slice(2))

/** The multipart that most rows need: its boundary is `b`. */
export const multipart = (...body: readonly string[]): Buffer =>
  wire('MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', ...body)
