/**
 * `sluice run` to be killed: the same configuration and data directory start after start, each start with an environment
 * of its own. `test/peers/sluice.ts` is for tests in which it may live.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigurationInput } from '../../../src/config/schema.ts'
import type { ControlRequest, EngineStatus } from '../../../src/control/protocol.ts'
import { askEngine } from '../../../src/control/socket.ts'
import type { QueueTotals } from '../../../src/mail/queue.ts'
import { type Owner, type Program, peerDirectory, startProgram } from '../../peers/process.ts'
import { freePort, until } from '../../peers/ready.ts'
import { selfSigned } from '../../peers/self-signed.ts'

const root = join(import.meta.dirname, '../../..')

export interface Place {
  readonly directory: string
  readonly data: string
  readonly port: number
  readonly managementPort: number
  readonly file: string
}

export interface Gateway {
  readonly program: Program
  /** Resolves with `ready`, or with how it ended before it was. */
  readonly ready: Promise<'ready' | number | string>
  /** SIGKILL to the whole process group; resolves when it is gone. */
  kill(): Promise<void>
  ask(request: ControlRequest): Promise<unknown>
  status(): Promise<EngineStatus>
  totals(): Promise<QueueTotals>
  /** Resolves when nothing waits any more. */
  empty(seconds?: number): Promise<void>
}

/** `data`: somewhere else than in a directory of its own. */
export async function preparePlace(
  owner: Owner,
  configuration: ConfigurationInput,
  data?: string,
): Promise<Place> {
  const directory = await peerDirectory('crash', owner)
  const place = {
    directory,
    data: data ?? join(directory, 'data'),
    port: await freePort(),
    managementPort: await freePort(),
    file: join(directory, 'sluice.yaml'),
  }
  const { zones, ...rest } = configuration
  const complete: ConfigurationInput = {
    hostname: 'sluice.test',
    data: place.data,
    threads: 2,
    // The openssl program, which would make one, does not see what the disk of these tests holds back.
    tls: await selfSigned(owner, 'sluice.test'),
    session: { greetingDelay: '0s' },
    log: { level: 'warn' },
    ...rest,
    zones: {
      ...zones,
      outside: { listen: [`127.0.0.1:${place.port}`], ...zones?.outside },
      management: { listen: [`127.0.0.1:${place.managementPort}`] },
    },
  }
  await writeFile(place.file, JSON.stringify(complete, undefined, 2))
  return place
}

export async function launch(
  place: Place,
  environment: Readonly<Record<string, string>> = {},
): Promise<Gateway> {
  const ready = Promise.withResolvers<'ready' | number | string>()
  let text = ''
  const program = await startProgram(
    process.execPath,
    [join(root, 'src/main.ts'), 'run', '--config', place.file],
    {
      env: {
        NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/sluice'),
        NODE_OPTIONS: '',
        SLUICE_TEST: '1',
        ...environment,
      },
      onOutput: chunk => {
        text = (text + chunk).slice(-4_096)
        if (text.includes('Sluice is ready')) ready.resolve('ready')
      },
    },
  )
  void program.ended.then(ready.resolve)
  const ask = async (request: ControlRequest) => {
    const result = await askEngine(place.data, request)
    if (result === undefined) throw new Error(`no engine answers:\n${program.output()}`)
    return result
  }
  const totals = async () =>
    ((await ask({ ask: 'queue', call: { call: 'totals' } })) as { totals: QueueTotals }).totals
  return {
    program,
    ready: ready.promise,
    kill: async () => {
      try {
        process.kill(-program.pid, 'SIGKILL')
      } catch {
        // It was quicker.
      }
      await program.ended
    },
    ask,
    status: async () => (await ask({ ask: 'status' })) as EngineStatus,
    totals,
    empty: async (seconds = 60) => {
      await until('an empty queue', async () => (await totals()).messages === 0, seconds)
    },
  }
}

/** Starts it and rejects with what it printed when it does not become ready. */
export async function launchReady(
  owner: Owner,
  place: Place,
  environment: Readonly<Record<string, string>> = {},
): Promise<Gateway> {
  const gateway = await launch(place, environment)
  owner.teardown(gateway.program.stop)
  const end = await gateway.ready
  if (end !== 'ready') throw new Error(`sluice run ended with ${end}:\n${gateway.program.output()}`)
  return gateway
}
