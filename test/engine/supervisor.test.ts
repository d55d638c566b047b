/** What only shows when time is short: a thread that hangs, and one that dies again and again. */
import { join } from 'node:path'
import t from 'tap'
import { loadConfiguration } from '../../src/config/load.ts'
import { type DataDirectory, openDataDirectory } from '../../src/engine/data-directory.ts'
import { createSharedMemory } from '../../src/engine/shared-memory.ts'
import { createSupervisor, type Supervisor } from '../../src/engine/supervisor.ts'
import { createTicketKeys, loadTls, type TlsMaterial } from '../../src/network/tls.ts'
import { createLog } from '../../src/observe/log.ts'
import { type Owner, peerDirectory } from '../peers/process.ts'
import { freePort } from '../peers/ready.ts'

async function supervise(t: Owner, unresponsiveAfter: number) {
  const path = await peerDirectory('supervisor', t)
  const directory = openDataDirectory(join(path, 'data')) as DataDirectory
  t.teardown(() => directory.release())
  const loaded = await loadConfiguration({
    overrides: {
      data: directory.path,
      listen: { outside: [`127.0.0.1:${await freePort()}`], management: [] },
      threads: 1,
    },
  })
  if (loaded.kind !== 'ok') throw new Error('the configuration is wrong')
  const { configuration } = loaded
  const hostname = 'sluice.test'
  const tls = (await loadTls({
    settings: configuration.tls,
    hostname,
    directory: directory.tls,
    ticketKeys: createTicketKeys(),
  })) as TlsMaterial
  const memory = createSharedMemory(configuration, 1)
  const lines: string[] = []
  let wake = () => {}
  const supervisor: Supervisor = createSupervisor({
    threads: 1,
    settings: { configuration, tls, content: { kind: 'off' } },
    log: createLog({ level: 'error', thread: 'main', write: line => lines.push(line), format: 'json' }),
    setupOf: thread => ({
      thread,
      threads: 1,
      shards: [thread],
      hostname,
      directories: { spool: directory.spool, tracking: directory.tracking, capture: directory.capture },
      ...memory.forThreads,
    }),
    onGone: thread => memory.releaseThread(thread),
    onChange: () => wake(),
    unresponsiveAfter,
  })
  t.teardown(() => supervisor.drain(0))
  await supervisor.start()
  /** Resolves when the only thread is in that state after so many restarts. */
  const reached = (state: string, restarts: number) =>
    new Promise<void>(resolve => {
      wake = () => {
        const [slot] = supervisor.status()
        if (slot?.state === state && slot.restarts >= restarts) resolve()
      }
      wake()
    })
  return { supervisor, lines, reached }
}

t.test('a thread that hangs is ended and replaced, and is not called alive meanwhile', async t => {
  const { supervisor, lines, reached } = await supervise(t, 2_000)
  t.ok(supervisor.allBeat())
  supervisor.fail(0, 'hang')
  await reached('serving', 1)
  t.match(lines.join(''), /gave no sign of life for 2 s/)
})

t.test('a thread that dies again and again is started ever more slowly, and that is said', async t => {
  const { supervisor, lines, reached } = await supervise(t, 30_000)
  for (let death = 1; death <= 2; death++) {
    supervisor.fail(0, 'exit')
    await reached('serving', death)
  }
  const pauses = lines.map(line => JSON.parse(line).pause)
  t.same(pauses, [400, 800])
})
