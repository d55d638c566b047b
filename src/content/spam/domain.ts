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
  const last = domain.lastIndexOf('.')
  const second = last <= 0 ? -1 : domain.lastIndexOf('.', last - 1)
  if (second < 0) return domain
  if (domain.length - last !== 3 || !registering.has(domain.slice(second + 1, last)))
    return domain.slice(second + 1)
  return domain.slice(domain.lastIndexOf('.', second - 1) + 1)
}

/** The label that somebody chose: `example` of `www.example.co.uk`. */
export const chosenLabel = (domain: string): string => organisationOf(domain).split('.', 1)[0]!

/** The domain itself, or one below it. */
export const isWithin = (domain: string, parent: string): boolean =>
  domain === parent || domain.endsWith(`.${parent}`)
