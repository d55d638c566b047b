/**
 * `sluice run` as a real process, with a configuration file, a data directory and free ports of its own.
 *
 * Two engine threads unless the configuration says otherwise. Leaves out measuring (`bench/sluice.ts`).
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigurationInput } from '../../src/config/schema.ts'
import type { ControlRequest, EngineStatus } from '../../src/control/protocol.ts'
import { askEngine } from '../../src/control/socket.ts'
import { type Owner, type Program, peerDirectory, run, startProgram } from './process.ts'
import { freePort, until } from './ready.ts'

const root = join(import.meta.dirname, '../..')
const main = join(root, 'src/main.ts')
// What `npm start` sets, too: half the time of a start goes into types otherwise.
const compileCache = { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/sluice') }

export interface Sluice {
  readonly program: Program
  readonly pid: number
  /** Mail port of the zone `outside`. */
  readonly port: number
  readonly managementPort: number
  readonly data: string
  readonly configurationFile: string
  /** Writes the configuration file anew; `reload` or SIGHUP puts it in force. */
  configure(configuration: ConfigurationInput): Promise<void>
  ask(request: ControlRequest): Promise<unknown>
  status(): Promise<EngineStatus>
  /** Another `sluice` command on the same configuration file. */
  command(...args: string[]): Promise<{ code: number | null; output: string; errors: string }>
  /** Value of a metric, summed over its labels. */
  metric(name: string): Promise<number>
  /** Messages in the capture mailbox. */
  captured(): Promise<string[]>
  output(): string
  /** SIGTERM, and SIGKILL when that does not help. */
  stop(): Promise<void>
  /** The same configuration again, after it ended. */
  restart(): Promise<Sluice>
}

export interface SluiceOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Resolves without waiting for readiness. */
  readonly unready?: boolean
}

/** Starts it and waits until it is ready. Rejects with what it printed when it ends instead. */
export async function startSluice(
  owner: Owner,
  configuration: ConfigurationInput = {},
  options: SluiceOptions = {},
): Promise<Sluice> {
  const directory = await peerDirectory('sluice', owner)
  const ports = { mail: await freePort(), management: await freePort() }
  const place = { directory, ports, file: join(directory, 'sluice.yaml') }
  await writeFile(place.file, textOf(place, configuration))
  return launch(owner, place, options)
}

interface Place {
  readonly directory: string
  readonly file: string
  readonly ports: { readonly mail: number; readonly management: number }
}

/** JSON is YAML. The listeners are given, unless the configuration names its own. */
function textOf({ directory, ports }: Place, configuration: ConfigurationInput): string {
  const { zones, ...rest } = configuration
  return JSON.stringify(
    {
      hostname: 'sluice.test',
      data: join(directory, 'data'),
      threads: 2,
      // What a test sends is what arrives, whatever the model that ships thinks of it.
      spam: { bands: [] },
      ...rest,
      zones: {
        ...zones,
        outside: { listen: [`127.0.0.1:${ports.mail}`], ...zones?.outside },
        management: { listen: [`127.0.0.1:${ports.management}`], ...zones?.management },
      },
    },
    undefined,
    2,
  )
}

async function launch(owner: Owner, place: Place, options: SluiceOptions): Promise<Sluice> {
  const ready = Promise.withResolvers<void>()
  let text = ''
  const program = await startProgram(process.execPath, [main, 'run', '--config', place.file], {
    env: { ...compileCache, SLUICE_TEST: '1', ...options.env },
    onOutput: chunk => {
      text += chunk
      if (text.includes('Sluice is ready')) ready.resolve()
    },
  })
  owner.teardown(program.stop)
  void program.ended.then(code =>
    ready.reject(new Error(`sluice run ended with ${code}:\n${program.output()}`)),
  )
  if (options.unready) ready.promise.catch(() => undefined)
  else await ready.promise

  const data = join(place.directory, 'data')
  const capture = join(data, 'capture', 'new')
  const ask = async (request: ControlRequest) => {
    const result = await askEngine(data, request)
    if (result === undefined) throw new Error(`no engine answers:\n${program.output()}`)
    return result
  }
  return {
    program,
    pid: program.pid,
    port: place.ports.mail,
    managementPort: place.ports.management,
    data,
    configurationFile: place.file,
    configure: configuration => writeFile(place.file, textOf(place, configuration)),
    ask,
    status: async () => (await ask({ ask: 'status' })) as EngineStatus,
    command: (...args) => sluiceCommand(...args, '--config', place.file),
    metric: name => metric(place.ports.management, name),
    captured: async () => {
      const names = await readdir(capture).catch(() => [])
      return Promise.all(names.map(name => readFile(join(capture, name), 'latin1')))
    },
    output: program.output,
    stop: program.stop,
    restart: () => launch(owner, place, options),
  }
}

/** Any `sluice` command, to its end. */
export const sluiceCommand = (...args: string[]) =>
  run(process.execPath, [main, ...args], { env: compileCache })

async function metric(port: number, name: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  const lines = (await response.text()).split('\n')
  const values = lines.filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
  if (values.length === 0) throw new Error(`there is no metric ${name}`)
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

/** Waits until the capture mailbox holds so many messages. */
export const capturedMail = (sluice: Sluice, count: number): Promise<string[]> =>
  until(`${count} captured messages`, async () => {
    const messages = await sluice.captured()
    return messages.length >= count && messages
  })
