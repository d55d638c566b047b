/** The content stage with a real scanner, a lexicon or two, and mails that they have something to say about. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UsableEngine } from '../../src/content/opened-rules.ts'
import { type ContentOptions, prepareContent } from '../../src/content/prepare.ts'
import type { ContentRules } from '../../src/content/rules.ts'
import { createScanning, type Scanning } from '../../src/content/scanning.ts'
import type { ScanResult } from '../../src/mail/content.ts'
import { chooseEngine } from '../../src/scanner/engine.ts'
import type { ScanEngine } from '../../src/scanner/scanner.ts'

/** The scanners of this machine. */
export const usableEngines = (): readonly UsableEngine[] =>
  ['auto', 'typescript']
    .map(wish => chooseEngine(wish))
    .filter(choice => choice.kind !== 'refused')
    .filter((choice, index, all) => all.findIndex(({ kind }) => kind === choice.kind) === index)

/** One whose scanners do what they are told. */
export const engineOf = (open: ScanEngine['open']): UsableEngine => ({
  kind: 'typescript',
  engine: { name: 'typescript', open },
  reason: 'it is made for a test',
})

/** A lexicon with one rule for one phrase. */
export const lexiconText = (rule: string, phrase: string, weight = 2.5): string =>
  JSON.stringify({ rules: { [rule]: { sentence: 'A phrase of a test', weight, any: [phrase] } } })

export async function writeLexicon(directory: string, rule: string, phrase: string): Promise<string> {
  const file = join(directory, `${rule}.yaml`)
  await writeFile(file, lexiconText(rule, phrase))
  return file
}

/** Throws the first problem. */
export async function rulesFor(
  { kind }: UsableEngine,
  lexicons: readonly string[],
  options: ContentOptions = {},
): Promise<ContentRules> {
  const prepared = await prepareContent({ scan: true, lexicons: [...lexicons] }, { ...options, wish: kind })
  if (prepared.kind === 'invalid') throw new Error(prepared.problems[0]!.reason)
  return prepared.rules
}

export interface Watched {
  readonly scanning: Scanning
  readonly complaints: unknown[]
}

export async function scanningWith(
  engine: UsableEngine,
  rules: ContentRules = { kind: 'scan', lexicons: [], patterns: undefined, model: undefined },
  mostUnderWay?: number,
): Promise<Watched> {
  const complaints: unknown[] = []
  const complain = (error: unknown) => complaints.push(error)
  const scanning = createScanning({
    engine,
    complain,
    ...(mostUnderWay !== undefined && { mostUnderWay }),
  })
  await scanning.use(rules)
  return { scanning, complaints }
}

export function scanOf(scanning: Scanning, ...pieces: readonly Uint8Array[]): ScanResult | undefined {
  const scan = scanning.open()
  for (const piece of pieces) scan.take(piece)
  return scan.finish()
}

/** Two parts, base64 with a character that does not belong there, and a line that is nearly a boundary. */
export const suspicious = Buffer.from(
  [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=cut',
    '',
    '--cut',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'The purple elephant dances.',
    '--cutter',
    '--cut',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    '',
    'aGVs!bG8=',
    '--cut--',
    '',
  ].join('\r\n'),
)
