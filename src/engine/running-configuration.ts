/**
 * The configuration in force: loaded at the start, replaced at a reload when the new one is right, and only then.
 *
 * Promises: ports that the system chose stay the same over reloads; a setting that needs a restart keeps its old value
 * until then, and is named; a listener that cannot be opened makes the whole reload invalid.
 */
import { hostname } from 'node:os'
import { compareConfigurations } from '#config/compare.ts'
import { explainProblem } from '#config/explain.ts'
import { loadConfiguration } from '#config/load.ts'
import type { Overrides } from '#config/overrides.ts'
import { ownName } from '#config/own-name.ts'
import type { Configuration } from '#config/schema.ts'
import { type Endpoint, formatEndpoint, probe } from '#engine/listen-probe.ts'
import { zoneNames } from '#mail/envelope.ts'

export interface ConfigurationSource {
  readonly file?: string
  readonly overrides?: Overrides
}

export type Loaded =
  | {
      readonly kind: 'ok'
      /** Ports resolved, restart keys as they were. */
      readonly configuration: Configuration
      readonly warnings: readonly string[]
      /** What is different, each as a sentence; empty at the start. */
      readonly changes: readonly string[]
      /** The keys among them that wait for a restart. */
      readonly restartNeeded: readonly string[]
    }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }

/** At the start without `running`. Nothing is changed in either case. */
export async function loadRunnable(source: ConfigurationSource, running?: Configuration): Promise<Loaded> {
  const loaded = await loadConfiguration({ file: source.file, overrides: source.overrides })
  if (loaded.kind === 'invalid') return { kind: 'invalid', problems: loaded.problems.map(explain) }
  const changes = running === undefined ? [] : compareConfigurations(running, loaded.configuration)
  const restart = changes.filter(change => change.effect === 'restart')
  const kept = restart.reduce(
    (configuration, { path }) => keep(configuration, running!, path.split('.')),
    loaded.configuration,
  )
  const resolved = await resolveListeners(kept, running)
  if (Array.isArray(resolved)) return { kind: 'invalid', problems: resolved }
  const configuration = resolved as Configuration
  return {
    kind: 'ok',
    configuration,
    warnings: loaded.warnings.map(explain),
    changes: changes.filter(change => !isPortChoice(change.path)).map(change => change.sentence),
    restartNeeded: restart.map(change => change.path),
  }

  /** Port 0 in the file against the port that the system chose: not a change. */
  function isPortChoice(path: string): boolean {
    const [, zone] = /^zones\.(\w+)\.listen$/.exec(path) ?? []
    if (zone === undefined || running === undefined) return false
    const name = zone as keyof Configuration['zones']
    return JSON.stringify(running.zones[name].listen) === JSON.stringify(configuration.zones[name].listen)
  }
}

const explain = (problem: Parameters<typeof explainProblem>[0]): string => explainProblem(problem).trimEnd()

/** `configuration` with the value of one key taken from `from`. Keys come from the schema. */
function keep(configuration: Configuration, from: Configuration, path: readonly string[]): Configuration {
  const [key, ...rest] = path as [keyof Configuration, ...string[]]
  const value =
    rest.length === 0
      ? from[key]
      : { ...(configuration[key] as object), [rest[0]!]: (from[key] as Record<string, unknown>)[rest[0]!] }
  return { ...configuration, [key]: value }
}

/** Every listener with a real port, or the sentences that say why not. What already listens is not probed. */
async function resolveListeners(
  configuration: Configuration,
  running: Configuration | undefined,
): Promise<Configuration | string[]> {
  const problems: string[] = []
  const zones = { ...configuration.zones }
  for (const zone of zoneNames) {
    const chosen = running === undefined ? [] : [...running.zones[zone].listen]
    const listen: Endpoint[] = []
    for (const listener of configuration.zones[zone].listen) {
      const open = chosen.findIndex(
        other => other.address === listener.address && (listener.port === 0 || other.port === listener.port),
      )
      const port = open < 0 ? await probe(listener) : chosen.splice(open, 1)[0]!.port
      if (typeof port === 'string') problems.push(port)
      else listen.push({ ...listener, port })
    }
    Object.assign(zones, { [zone]: { ...configuration.zones[zone], listen } })
  }
  return problems.length > 0 ? problems : { ...configuration, zones }
}

export const hostnameOf = (configuration: Configuration): string => ownName(configuration, hostname())

/** `outside 127.0.0.1:25`… for the operator. */
export const listenersOf = (configuration: Configuration): { zone: string; address: string }[] =>
  zoneNames.flatMap(zone =>
    configuration.zones[zone].listen.map(listener => ({ zone, address: formatEndpoint(listener) })),
  )
