/**
 * Well-formed mail is read as Python's email package reads it: the same parts, the same names, the same octets.
 *
 * Python's is an old and independent reading of the same standards, and what it shares with this one is the standard. Where
 * it falls short of it (encoded words and sections of several charsets in names) the messages do without.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { partsOf, textsOf } from '#scanner/output.ts'
import type { Scanner } from '#scanner/scanner.ts'
import { availableEngines } from '../../scanner/engines.ts'

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

const filePart = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), nameFields)
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
 * The same of a scanner. Octets of text are those of its zone, which for UTF-8 are the decoded ones; of files the
 * first 64 are kept.
 */
function readWith(scanner: Scanner, mail: Buffer) {
  scanner.write(mail)
  const output = scanner.end()
  const texts = textsOf(output)
  return partsOf(output).map(({ depth, type, filename, row, kind, decodedSize, head }) => {
    const source = texts.find(text => text.part === row && text.zone === 'source')
    const isText = kind === 'text' || kind === 'html'
    const octets = Buffer.from(isText ? (source?.kept ?? '') : head).toString('hex')
    return { depth, type, filename, octets, size: decodedSize }
  })
}

t.test('well-formed mail is read as Python reads it', t => {
  const mails = fc.sample(part, { numRuns: 400, seed: 20_261_124 }).map(wire)
  const expected = readWithPython(mails)
  for (const engine of availableEngines().engines) {
    const scanner = engine.open({ limits: { depth: 32 } })
    const differing = mails.filter((mail, index) => {
      const wanted = expected[index]!.map(part => ({ ...part, size: part.octets.length / 2 }))
      const found = readWith(scanner, mail).map((part, row) => {
        const whole = wanted[row]?.octets ?? ''
        return part.size > 64 && whole.startsWith(part.octets) && part.octets.length === 128
          ? { ...part, octets: whole }
          : part
      })
      return JSON.stringify(found) !== JSON.stringify(wanted)
    })
    t.equal(
      differing.length,
      0,
      `${engine.name}: ${mails.length} messages, first that differs: ${differing[0]}`,
    )
  }
  t.end()
})
