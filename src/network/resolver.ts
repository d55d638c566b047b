/**
 * Questions to DNS that mail asks: MX, and A with AAAA.
 *
 * Promises: any answer, however large, odd or late, becomes a Lookup value (promise 9); names from answers are host
 * names by RFC 1123 syntax or are dropped, so that nothing else reaches a log, a TLS handshake or a command; at most
 * `maxRecords` records of an answer are used; each question has an absolute deadline; equal questions at the same time
 * are asked once; the cache is bounded in entries and in time.
 * Leaves out: DNSSEC, and the meaning of answers (`routing/`).
 */
import { promises as dns } from 'node:dns'
import { isIPv4, isIPv6 } from 'node:net'
import type { Clock } from '#mail/clock.ts'

export type Lookup<Record> =
  | { readonly kind: 'found'; readonly records: readonly Record[] }
  /** The name exists, but has no record of this type. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly detail: string }

export interface MxRecord {
  /** Lower-case, no trailing dot; `''` is the root: null MX (RFC 7505). */
  readonly exchange: string
  readonly preference: number
}

export interface Resolver {
  mx(domain: string): Promise<Lookup<MxRecord>>
  /** IPv6 and IPv4 addresses by turns, IPv6 first. */
  addresses(host: string): Promise<Lookup<string>>
  /** What the operating system says of a host (hosts file, then DNS): for names that an administrator wrote. */
  system(host: string): Promise<Lookup<string>>
}

export interface ResolverOptions {
  /** `ADDRESS` or `ADDRESS:PORT`; empty for those of the system. */
  readonly servers: readonly string[]
  readonly clock: Clock
  /** Milliseconds for one question, all retries included. */
  readonly deadline?: number
}

const maxRecords = 20
const maxEntries = 20_000
const secondsFound = { least: 5, most: 3_600, unknown: 300 }
const secondsAbsent = 60
const secondsFailed = 5

const hostName =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/

/** Lower-case host name without trailing dot, or undefined when DNS or a stranger made something else of it. */
export function normalHostName(name: string): string | undefined {
  const normal = name.toLowerCase().replace(/\.$/, '')
  return hostName.test(normal) ? normal : undefined
}

interface Entry {
  readonly answer: Promise<Lookup<unknown>>
  /** Infinity while the question is open. */
  until: number
}

interface Timed<Record> {
  readonly lookup: Lookup<Record>
  readonly seconds: number
}

export function createResolver({ servers, clock, deadline = 12_000 }: ResolverOptions): Resolver {
  const resolver = new dns.Resolver({ timeout: Math.ceil(deadline / 4), tries: 3 })
  if (servers.length > 0) resolver.setServers([...servers])
  const cache = new Map<string, Entry>()

  function cached<Record>(key: string, ask: () => Promise<Timed<Record>>): Promise<Lookup<Record>> {
    const known = cache.get(key)
    if (known !== undefined && known.until > clock.now()) return known.answer as Promise<Lookup<Record>>
    const answer = within(deadline, ask()).then(({ lookup, seconds }) => {
      entry.until = clock.now() + seconds * 1_000
      return lookup
    })
    const entry: Entry = { answer, until: Number.POSITIVE_INFINITY }
    cache.delete(key)
    cache.set(key, entry)
    // The oldest entry goes: a Map keeps the order of insertion.
    if (cache.size > maxEntries) cache.delete(cache.keys().next().value!)
    return answer
  }

  return {
    mx: domain => guarded(domain, name => cached(`MX ${name}`, () => askMx(resolver, name))),
    addresses: host => guarded(host, name => cached(`A ${name}`, () => askAddresses(resolver, name))),
    system: host => guarded(host, name => cached(`system ${name}`, () => askSystem(name))),
  }
}

const guarded = <Record>(
  name: string,
  ask: (name: string) => Promise<Lookup<Record>>,
): Promise<Lookup<Record>> => {
  const normal = normalHostName(name)
  return normal === undefined ? Promise.resolve({ kind: 'missing' }) : ask(normal)
}

async function within<Record>(milliseconds: number, asked: Promise<Timed<Record>>): Promise<Timed<Record>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Timed<Record>>(resolve => {
    timer = setTimeout(() => resolve(failed('no answer in time')), milliseconds)
  })
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}

const failed = <Record>(detail: string): Timed<Record> => ({
  lookup: { kind: 'failed', detail },
  seconds: secondsFailed,
})

function found<Record>(records: readonly Record[], seconds: number): Timed<Record> {
  if (records.length === 0) return { lookup: { kind: 'empty' }, seconds: secondsAbsent }
  const { least, most } = secondsFound
  return {
    lookup: { kind: 'found', records: records.slice(0, maxRecords) },
    seconds: Math.min(Math.max(seconds, least), most),
  }
}

/** Only NXDOMAIN says that there is no such name; every other error may pass. */
function absent<Record>(error: unknown): Timed<Record> {
  const code = String((error as NodeJS.ErrnoException).code)
  if (code === 'ENOTFOUND') return { lookup: { kind: 'missing' }, seconds: secondsAbsent }
  if (code === 'ENODATA') return { lookup: { kind: 'empty' }, seconds: secondsAbsent }
  return failed(/^[A-Z_]{1,30}$/.test(code) ? code : 'the answer could not be read')
}

async function askMx(resolver: dns.Resolver, domain: string): Promise<Timed<MxRecord>> {
  try {
    const records: MxRecord[] = []
    for (const { exchange, priority } of await resolver.resolveMx(domain)) {
      const name = exchange === '' || exchange === '.' ? '' : normalHostName(exchange)
      if (name !== undefined) records.push({ exchange: name, preference: priority })
    }
    // Node does not tell the TTL of MX records.
    const sorted = records.sort((a, b) => a.preference - b.preference || (a.exchange < b.exchange ? -1 : 1))
    if (sorted.length === 0) return failed('no MX record names a host')
    return found(sorted, secondsFound.unknown)
  } catch (error) {
    return absent(error)
  }
}

async function askAddresses(resolver: dns.Resolver, host: string): Promise<Timed<string>> {
  const [six, four] = await Promise.all([
    resolver.resolve6(host, { ttl: true }).then(present, absent<never>),
    resolver.resolve4(host, { ttl: true }).then(present, absent<never>),
  ])
  const sixes = six.lookup.kind === 'found' ? six.lookup.records.filter(isIPv6).map(unmapped) : []
  const fours = four.lookup.kind === 'found' ? four.lookup.records.filter(isIPv4) : []
  if (sixes.length + fours.length > 0)
    return found(byTurns(sixes, fours), Math.min(six.seconds, four.seconds))
  // One half that failed may hide an address; NXDOMAIN holds for both halves.
  const halves = [six, four]
  return (
    halves.find(({ lookup }) => lookup.kind === 'missing') ??
    halves.find(({ lookup }) => lookup.kind === 'failed') ??
    found([], secondsAbsent)
  )
}

/** `::ffff:192.0.2.1` is IPv4 in disguise, and must not pass where the plain address would not. */
const unmapped = (address: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address

const present = (records: readonly { readonly address: string; readonly ttl: number }[]): Timed<string> =>
  found(
    records.slice(0, maxRecords).map(({ address }) => address),
    records.reduce((least, { ttl }) => Math.min(least, ttl), secondsFound.most),
  )

function byTurns(sixes: readonly string[], fours: readonly string[]): string[] {
  const addresses = new Set<string>()
  for (let index = 0; index < Math.max(sixes.length, fours.length); index++)
    for (const address of [sixes[index], fours[index]]) if (address !== undefined) addresses.add(address)
  return [...addresses]
}

async function askSystem(host: string): Promise<Timed<string>> {
  try {
    const answers = await dns.lookup(host, { all: true })
    return found([...new Set(answers.map(({ address }) => address))], secondsAbsent)
  } catch (error) {
    return absent(error)
  }
}
