/**
 * `sluice run` as an operator would start it, with a data directory and free ports of its own, for a measurement.
 *
 * Everything is left at its default (tracking, metrics, limits, threads) except what the parameters name.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigurationInput } from '../src/config/schema.ts'
import { type Owner, type Program, peerDirectory, startProgram } from '../test/peers/process.ts'
import { freePort, greeting, until } from '../test/peers/ready.ts'

const main = join(import.meta.dirname, '../src/main.ts')

export interface Sluice {
  readonly program: Program
  readonly port: number
  readonly pid: number
  readonly directory: string
  /** When the process was spawned, by `performance.now()`. */
  readonly startedAt: number
  /** Value of a metric, summed over its labels. */
  metric(name: string): Promise<number>
  output(): string
  stop(): Promise<void>
}

export interface SluiceOptions {
  /** Where all mail goes. */
  readonly nextHop: string
  /** A data directory that is kept; without it a new one that is removed in the end. */
  readonly data?: string
  readonly configuration?: ConfigurationInput
}

export async function startSluice(owner: Owner, options: SluiceOptions): Promise<Sluice> {
  const sluice = await launchSluice(owner, options)
  await greeting(sluice.program, sluice.port, '127.0.0.1', 60)
  return sluice
}

/** Resolves as soon as the process exists, before it listens. */
export async function launchSluice(owner: Owner, options: SluiceOptions): Promise<Sluice> {
  const directory = await peerDirectory('bench', owner)
  const [port, management] = [await freePort(), await freePort()]
  const configuration: ConfigurationInput = {
    hostname: 'sluice.test',
    data: options.data ?? join(directory, 'data'),
    zones: {
      outside: { listen: [`127.0.0.1:${port}`] },
      management: { listen: [`127.0.0.1:${management}`] },
    },
    nextHop: options.nextHop,
    domains: { 'example.test': {} },
    ...options.configuration,
  }
  const file = join(directory, 'sluice.yaml')
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration, undefined, 2))
  const startedAt = performance.now()
  const program = await startProgram(process.execPath, [main, 'run', '--config', file])
  owner.teardown(program.stop)
  return {
    program,
    startedAt,
    port,
    pid: program.pid,
    directory,
    metric: name => metric(management, name),
    output: program.output,
    stop: program.stop,
  }
}

async function metric(port: number, name: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  const lines = (await response.text()).split('\n')
  const values = lines.filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
  if (values.length === 0) throw new Error(`Sluice has no metric ${name}`)
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

/** Queue gauges are set from time to time, so the wanted number is waited for. */
export async function queueHolds(sluice: Sluice, messages: number): Promise<void> {
  await until(
    `${messages} messages in the queue`,
    async () => (await sluice.metric('sluice_queue_messages')) === messages,
  )
}
