/**
 * The flags of `sluice run` as a layer over the file.
 *
 * `--listen` replaces the listeners of its zone. One for a mail zone also takes the other mail zone's *default* listener
 * away (not one that the file sets), so that `--listen outside=127.0.0.1:2526` alone listens for mail there and nowhere
 * else. `--domain` adds to the domains of the file, `--next-hop` is for domains that name none.
 *
 * Promises: what `parseOverrides` accepts, the schema accepts; a bad flag is a Problem with a suggestion, in the same
 * form as a bad line of the file.
 */
import { readEndpoint, writeEndpoint } from '#config/grammar/address.ts'
import { readDomain } from '#config/grammar/domain.ts'
import { readNextHop, writeNextHop } from '#config/grammar/next-hop.ts'
import { controlFlaw, type Flaw, isFlaw, printable, quoted } from '#config/grammar/reading.ts'
import { readPath } from '#config/grammar/texts.ts'
import type { Path } from '#config/json-schema.ts'
import { nearest } from '#config/nearest.ts'
import type { Problem } from '#config/problem.ts'
import { type ZoneName, zoneNames } from '#mail/envelope.ts'

/** As commander gives them: texts, lists for what may be repeated. */
export interface Flags {
  readonly listen?: readonly string[] | undefined
  readonly nextHop?: string | undefined
  readonly domain?: readonly string[] | undefined
  readonly data?: string | undefined
  readonly threads?: string | number | undefined
}

export interface Overrides {
  /** `ADDRESS:PORT` of each listener, by zone. */
  readonly listen?: Readonly<Partial<Record<ZoneName, readonly string[]>>>
  readonly nextHop?: string
  readonly domains?: readonly string[]
  /** Relative to the working directory. */
  readonly data?: string
  readonly threads?: number
}

export const isProblems = (value: Overrides | readonly Problem[]): value is readonly Problem[] =>
  Array.isArray(value)

export function parseOverrides(flags: Flags): Overrides | readonly Problem[] {
  const problems: Problem[] = []
  const read = <T>(flag: string, text: string, reader: (text: string) => T | Flaw): T | undefined => {
    const value = controlFlaw(text) ?? reader(text)
    if (!isFlaw(value)) return value
    problems.push(flagProblem(flag, `${quoted(text)} ${value.reason}`, value.suggestion))
    return undefined
  }
  const present = <T>(values: readonly (T | undefined)[]): readonly T[] =>
    values.filter(value => value !== undefined)

  const listen: Partial<Record<ZoneName, readonly string[]>> = {}
  for (const text of flags.listen ?? []) {
    const listener = read('--listen', text, readListener)
    if (listener !== undefined) listen[listener.zone] = [...(listen[listener.zone] ?? []), listener.endpoint]
  }
  const domains = present((flags.domain ?? []).map(text => read('--domain', text, readDomain)))
  const hop = flags.nextHop === undefined ? undefined : read('--next-hop', flags.nextHop, readNextHop)
  const data = flags.data === undefined ? undefined : read('--data', flags.data, readPath)
  const threads =
    flags.threads === undefined ? undefined : read('--threads', String(flags.threads), readThreads)
  if (problems.length > 0) return problems
  return {
    ...(Object.keys(listen).length > 0 && { listen }),
    ...(hop !== undefined && { nextHop: writeNextHop(hop) }),
    ...(domains.length > 0 && { domains }),
    ...(data !== undefined && { data }),
    ...(threads !== undefined && { threads }),
  }
}

function readListener(text: string): { readonly zone: ZoneName; readonly endpoint: string } | Flaw {
  const at = text.indexOf('=')
  const name = text.slice(0, Math.max(at, 0))
  const endpoint = readEndpoint(text.slice(at + 1))
  const zone = zoneNames.find(each => each === name)
  if (zone !== undefined && !isFlaw(endpoint)) return { zone, endpoint: writeEndpoint(endpoint) }
  if (zone !== undefined && isFlaw(endpoint)) {
    const address = endpoint.suggestion ?? '127.0.0.1:2525'
    return {
      kind: 'flaw',
      reason: `is not ZONE=ADDRESS:PORT: the address ${endpoint.reason}`,
      suggestion: `${zone}=${address}`,
    }
  }
  const meant = nearest(name, zoneNames) ?? 'outside'
  const address = isFlaw(endpoint) ? (endpoint.suggestion ?? '127.0.0.1:2525') : writeEndpoint(endpoint)
  const reason = at < 0 ? 'names no zone' : `names no zone of ${zoneNames.join(', ')}`
  return { kind: 'flaw', reason, suggestion: `${meant}=${address}` }
}

function readThreads(text: string): number | Flaw {
  const threads = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  return threads >= 0 && threads <= 64
    ? threads
    : { kind: 'flaw', reason: 'is not a number from 0 to 64', suggestion: '0, one per core' }
}

const flagProblem = (flag: string, reason: string, suggestion?: string): Problem => ({
  file: 'command line',
  line: 1,
  column: 1,
  path: flag,
  reason: printable(reason),
  ...(suggestion !== undefined && { suggestion: printable(suggestion) }),
  severity: 'error',
})

type Section = Readonly<Record<string, unknown>>

/** The values of the file with the flags over them, and the paths that no longer come from the file. */
export function applyOverrides(
  file: Section,
  overrides: Overrides,
): { readonly value: Section; readonly overridden: readonly Path[] } {
  const overridden: Path[] = []
  const value: Record<string, unknown> = { ...file }
  for (const name of ['nextHop', 'data', 'threads'] as const) {
    if (overrides[name] === undefined) continue
    value[name] = overrides[name]
    overridden.push([name])
  }
  if (overrides.domains !== undefined && isSection(value.domains ?? {})) {
    const known = new Set(Object.keys(value.domains ?? {}).map(readDomain))
    const names = overrides.domains.filter(name => !known.has(name))
    value.domains = { ...(value.domains as Section), ...Object.fromEntries(names.map(name => [name, {}])) }
    overridden.push(...names.map(name => ['domains', name]))
  }
  if (overrides.listen !== undefined && isSection(value.zones ?? {})) {
    const listen = withoutOtherDefault(overrides.listen, (value.zones ?? {}) as Section)
    value.zones = overlayListeners((value.zones ?? {}) as Section, listen)
    overridden.push(...Object.keys(listen).map(zone => ['zones', zone, 'listen']))
  }
  return { value, overridden }
}

function withoutOtherDefault(
  listen: NonNullable<Overrides['listen']>,
  zones: Section,
): Overrides['listen'] & object {
  const { outside, inside } = listen
  if (outside !== undefined && inside === undefined && !setsListeners(zones.inside))
    return { ...listen, inside: [] }
  if (inside !== undefined && outside === undefined && !setsListeners(zones.outside))
    return { ...listen, outside: [] }
  return listen
}

const setsListeners = (zone: unknown): boolean => isSection(zone) && zone.listen !== undefined

/** A zone that is not a section in the file is left for the schema to complain about. */
function overlayListeners(zones: Section, listen: NonNullable<Overrides['listen']>): Section {
  const changed = Object.entries(listen)
    .filter(([name]) => isSection(zones[name] ?? {}))
    .map(([name, list]) => [name, { ...(zones[name] as Section | undefined), listen: list }])
  return { ...zones, ...Object.fromEntries(changed) }
}

const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
