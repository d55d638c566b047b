/**
 * Well-formed mail is read as Python's email package reads it: the same parts, the same names, the same octets. All decoded
 * octets of every part are compared.
 *
 * Python's is an old and independent reading of the same standards, and what it shares with this one is the standard. Where
 * it falls short of it (encoded words and sections of several charsets in names) the messages do without.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { nativeEngine } from '#scanner/native-scanner.ts'
import { matchesOf, partsOf, textsOf } from '#scanner/output.ts'
import type { Pattern } from '#scanner/pattern.ts'
import type { PatternSet, Scanner, ScanOutput } from '#scanner/scanner.ts'
import { makePatternSet } from '#scanner/typescript/matching/pattern-set.ts'
import { typescriptEngine } from '#scanner/typescript-scanner.ts'
import { loadTested } from '../../scanner/engines.ts'

const crlf = '\r\n'

/** Lines of 76, as mailers write them. */
const base64Lines = (octets: Uint8Array) =>
  Buffer.from(octets).toString('base64').replace(/.{76}/g, `$&${crlf}`)

const quotedPrintable = (text: string) =>
  [...Buffer.from(text)]
    .map(octet => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
    .replace(/(.{72})(?=.)/g, `$1=${crlf}`)

const word = fc.constantFrom(
  'invoice',
  'Hello',
  'a--b',
  '-- ',
  '--',
  'ä',
  '会議',
  '=',
  'x'.repeat(70),
  '<p>',
  '.',
)
const text = fc
  .array(
    fc.array(word, { maxLength: 6 }).map(words => words.join(' ')),
    { maxLength: 8 },
  )
  .map(lines => lines.join(crlf))

const name = fc.constantFrom(
  'a.txt',
  'report 2026.pdf',
  'b(1).doc',
  'ä ö.zip',
  '会議.pdf',
  "it's.txt",
  'c;d.exe',
  '100%.txt',
)

const percent = (text: string) =>
  [...Buffer.from(text)].map(octet => `%${octet.toString(16).padStart(2, '0').toUpperCase()}`).join('')

/** One spelling of the name of a file, and the field that carries it. */
const nameFields = fc.tuple(name, fc.nat(3)).map(([name, spelling]) => {
  const ascii = /^[\x20-\x7e]*$/.test(name)
  if (ascii && spelling === 0) return `Content-Disposition: attachment; filename="${name}"`
  if (ascii && spelling === 1)
    return `Content-Disposition: attachment;${crlf}\tfilename*0="${name.slice(0, 3)}";${crlf}\tfilename*1="${name.slice(3)}"`
  if (spelling === 2)
    return `Content-Disposition: inline; filename*0*=utf-8''${percent(name.slice(0, 2))};${crlf} filename*1*=${percent(name.slice(2))}`
  return `Content-Disposition: attachment; filename*=UTF-8''${percent(name)}`
})

const textPart = fc
  .tuple(fc.constantFrom('plain', 'html', 'csv'), text, fc.nat(2))
  .map(([subtype, text, encoding]) => {
    const type = `Content-Type: text/${subtype}; charset="utf-8"`
    if (encoding === 0) return [type, 'Content-Transfer-Encoding: 8bit', '', text]
    if (encoding === 1) return [type, 'Content-Transfer-Encoding: base64', '', base64Lines(Buffer.from(text))]
    return [type, 'Content-Transfer-Encoding: quoted-printable', '', quotedPrintable(text)]
  })

/** Some are longer than a decoder takes at once. */
const file = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 3_000, maxLength: 9_000, size: 'max' }) },
)

const filePart = fc
  .tuple(file, nameFields)
  .map(([octets, field]) => [
    'Content-Type: application/octet-stream',
    field,
    'Content-Transfer-Encoding: base64',
    '',
    base64Lines(octets),
  ])

const { part } = fc.letrec<{
  part: readonly string[]
  multipart: readonly string[]
  message: readonly string[]
}>(tie => ({
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    textPart,
    filePart,
    tie('multipart'),
    tie('message'),
  ),
  multipart: fc
    .tuple(
      fc.constantFrom('mixed', 'alternative', 'related', 'signed'),
      fc.array(tie('part'), { minLength: 1, maxLength: 3 }),
      fc.uuid(),
      fc.boolean(),
    )
    .map(([subtype, parts, boundary, preamble]) => [
      `Content-Type: multipart/${subtype};${crlf}\tboundary="${boundary}"`,
      '',
      ...(preamble ? ['This is a message in MIME.'] : []),
      ...parts.flatMap(part => [`--${boundary}`, ...part]),
      `--${boundary}--`,
      '',
    ]),
  message: tie('part').map(part => [
    'Content-Type: message/rfc822',
    '',
    'Subject: inside',
    'MIME-Version: 1.0',
    ...part,
  ]),
}))

const wire = (part: readonly string[]) =>
  Buffer.from(['From: a@b.example', 'MIME-Version: 1.0', ...part, ''].join(crlf))

interface PythonPart {
  readonly depth: number
  readonly type: string
  readonly filename: string
  readonly octets: string
}

function readWithPython(mails: readonly Buffer[]): readonly (readonly PythonPart[])[] {
  const input = mails.map(mail => `${mail.toString('hex')}\n`).join('')
  const program = join(import.meta.dirname, 'python_email.py')
  const { stdout, stderr, status } = spawnSync('python3', [program], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

/**
 * An expression for each value of an octet, in the zone of files: where each is found spells out what was decoded. The zone
 * is never kept, so this is how a scanner tells all of it.
 */
const everyOctet: readonly Pattern[] = Array.from({ length: 256 }, (_, octet) => ({
  kind: 'regex',
  source: `\\x${octet.toString(16).padStart(2, '0')}`,
  every: true,
  caseless: false,
  dotall: false,
  multiline: false,
  unicode: false,
  zones: ['attachment'],
}))

/** The octets of each file, by the row of its part. */
function filesOf(output: ScanOutput): ReadonlyMap<number, Buffer> {
  const found = Map.groupBy(matchesOf(output), ({ part }) => part)
  return new Map(
    [...found].map(([part, matches]) => {
      const octets = Buffer.alloc(Math.max(...matches.map(({ end }) => end)))
      for (const { pattern, end } of matches) octets[end - 1] = pattern
      if (matches.length !== octets.length) throw new Error('an octet was found twice, or never')
      return [part, octets]
    }),
  )
}

/** Octets of text are those of its zone, which for UTF-8 are the decoded ones. */
function readWith(scanner: Scanner, mail: Buffer) {
  scanner.write(mail)
  const output = scanner.end()
  const texts = textsOf(output)
  const files = filesOf(output)
  return partsOf(output).map(({ depth, type, filename, row, kind, decodedSize, head }) => {
    const source = texts.find(text => text.part === row && text.zone === 'source')
    const isText = kind === 'text' || kind === 'html'
    const octets = Buffer.from((isText ? source?.kept : files.get(row)) ?? '')
    const headed = isText || kind === 'other' ? octets.subarray(0, 64).equals(head) : head.length === 0
    return { depth, type, filename, octets: octets.toString('hex'), size: decodedSize, headed }
  })
}

/** Each scanner with these patterns. */
function scanners(): readonly (readonly [name: string, scanner: Scanner])[] {
  const options = { limits: { depth: 32, matches: 1_000_000 } }
  const plain = typescriptEngine.open({ patterns: makePatternSet(everyOctet), ...options })
  const native = loadTested()
  if ('reason' in native) return [['typescript', plain]]
  const { image, refusal } = native.core.compilePatterns(everyOctet)
  const database = native.core.loadPatterns(image!)
  if (typeof database === 'string') throw new Error(`${refusal}${database}`)
  const patterns = { patterns: everyOctet, database } as PatternSet
  return [
    ['native', nativeEngine(native.core).open({ patterns, ...options })],
    ['typescript', plain],
  ]
}

t.test('well-formed mail is read as Python reads it, to the last octet of each part', t => {
  const mails = fc.sample(part, { numRuns: 400, seed: 20_261_124 }).map(wire)
  const expected = readWithPython(mails)
  for (const [name, scanner] of scanners()) {
    const differing = mails.filter((mail, index) => {
      const wanted = expected[index]!.map(part => ({ ...part, size: part.octets.length / 2, headed: true }))
      return JSON.stringify(readWith(scanner, mail)) !== JSON.stringify(wanted)
    })
    t.equal(differing.length, 0, `${name}: ${mails.length} messages, first that differs: ${differing[0]}`)
  }
  t.end()
})
