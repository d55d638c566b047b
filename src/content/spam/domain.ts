/**
 * Domains as an organisation registers them: `a.b.example.co.uk` → `example.co.uk`.
 *
 * Promises: linear; every text gives something. Leaves out: the public suffix list, which changes every week; second levels
 * that countries use for registering are known by their usual names, and suffixes of hosting by `hosting.ts`.
 */
const registering = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'gob',
  'gov',
  'gouv',
  'go',
  'ltd',
  'me',
  'ne',
  'net',
  'nom',
  'or',
  'org',
  'plc',
  'sch',
])

/** Of a domain in lower case; the whole of one with two labels or fewer. */
export function organisationOf(domain: string): string {
  const labels = domain.split('.')
  if (labels.length <= 2) return domain
  const second = labels.at(-2)!
  const kept = labels.at(-1)!.length === 2 && registering.has(second) ? 3 : 2
  return labels.slice(-kept).join('.')
}

/** The label that somebody chose: `example` of `www.example.co.uk`. */
export const chosenLabel = (domain: string): string => organisationOf(domain).split('.')[0]!

/** The domain itself, or one below it. */
export const isWithin = (domain: string, parent: string): boolean =>
  domain === parent || domain.endsWith(`.${parent}`)
