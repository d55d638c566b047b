/**
 * The direction of imports: who may know whom. A mail goes from the top of a stage to the disk and on to the next hop;
 * knowledge goes upwards in this table only.
 *
 * Leaves out: how imports are read (`imports.ts`).
 */
import type { SourceFile } from './imports.ts'

const vocabulary = ['mail']
const foundations = ['config', 'observe', 'network', 'directory', 'scanner']
const stages = ['listener', 'session', 'admission', 'content', 'policy', 'spool', 'routing', 'delivery']
const composition = ['mailstream', 'engine', 'control']

/** A folder (or the file) of src → the other folders whose files it may import. */
export const mayImport = new Map<string, readonly string[]>([
  // Vocabulary: pure values. It knows nobody.
  ['mail', []],
  // Foundations: each serves the stages, none knows them.
  ['config', vocabulary],
  ['observe', vocabulary],
  ['network', vocabulary],
  ['directory', vocabulary],
  ['scanner', vocabulary],
  // Stages: each knows the vocabulary and the foundations, none knows another stage.
  // What two of them share is an interface in mail/, and mailstream/ brings them together.
  ...stages.map(stage => [stage, [...vocabulary, ...foundations]] as const),
  // Composition: what the stages are put together to.
  ['mailstream', [...vocabulary, ...foundations, ...stages]],
  ['control', [...vocabulary, ...foundations]],
  ['engine', [...vocabulary, ...foundations, ...stages, 'mailstream', 'control']],
  // Operators: the command line.
  ['commands', [...vocabulary, ...foundations, ...stages, ...composition]],
  ['main.ts', ['commands']],
])

/** What mail/ may use of Node: that which only computes. */
export const pure = [
  'node:crypto createHash',
  'node:net isIP',
  'node:net isIPv4',
  'node:net isIPv6',
  'node:url domainToASCII',
  'node:url domainToUnicode',
]

/** Packages that have one door: whoever else wants what they do asks that folder. */
export const doors = new Map<string, readonly string[]>([
  ['smtp-server', ['listener']],
  ['commander', ['commands', 'main.ts']],
  ['yaml', ['config']],
  ['zod', ['config']],
  ['pino', ['observe']],
  ['prom-client', ['observe']],
  ['systemd-notify', ['engine']],
  ['@exodus/bytes', ['scanner']],
  ['character-entities', ['scanner']],
  ['character-entities-legacy', ['scanner']],
])

/** The one file that may make a Receipt, and thereby a 250. */
export const issuer = 'spool/commit.ts'

/** `mail/address.ts` → `mail`; a file directly below src stands for itself. */
export const folderOf = (path: string) => path.split('/')[0]!

/** Names from outside src that are not in the list, and modules that are loaded whole. */
const impurities = (packages: readonly string[], names: readonly string[]) => [
  ...names.filter(name => !name.includes('.ts ') && !pure.includes(name)),
  ...packages.filter(module => !names.some(name => name.startsWith(`${module} `))),
]

/** Every breach of the rules in one file, each as a sentence. */
export function breachesOf({ path, files, packages, names, unreadable }: SourceFile): string[] {
  const from = folderOf(path)
  const allowed = mayImport.get(from)
  if (allowed === undefined) return [`${path}: the folder ${from} has no row in the table of imports`]
  const breaches: string[] = []
  for (const file of files) {
    const to = folderOf(file)
    if (to !== from && !allowed.includes(to))
      breaches.push(`${path} imports ${file}: ${from} may not know ${to}`)
  }
  if (from === 'mail')
    breaches.push(...impurities(packages, names).map(name => `${path} imports ${name}: mail is pure`))
  for (const name of packages) {
    const door = doors.get(name)
    if (door !== undefined && !door.includes(from))
      breaches.push(`${path} imports ${name}: that is for ${door.join(' and ')} alone`)
    if (door === undefined && !name.startsWith('node:'))
      breaches.push(`${path} imports ${name}: the package has no row in the table of doors`)
  }
  if (names.includes('mail/receipt.ts issueReceipt') && path !== issuer)
    breaches.push(`${path} imports issueReceipt: only ${issuer} may make a Receipt`)
  for (const text of unreadable) breaches.push(`${path}: cannot read ${text}`)
  return breaches
}
