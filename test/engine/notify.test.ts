import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { createNotifier } from '../../src/engine/notify.ts'
import { createLog } from '../../src/observe/log.ts'
import { peerDirectory } from '../peers/process.ts'

const missing = ['systemd-notify', 'python3'].filter(
  program => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
)
const skip = missing.length > 0 && `not installed: ${missing.join(', ')}`
const log = createLog({ level: 'error', thread: 'main', write: () => undefined, format: 'json' })

/** What systemd does with a datagram: reads it, then closes the descriptor that came with a barrier. */
const receiver = `
import array, os, socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print('bound', flush=True)
while True:
    data, ancillary, _, _ = receiver.recvmsg(4096, 4096)
    for level, kind, content in ancillary:
        if kind == socket.SCM_RIGHTS:
            descriptors = array.array('i')
            descriptors.frombytes(content[:len(content) - len(content) % descriptors.itemsize])
            for descriptor in descriptors: os.close(descriptor)
    for line in data.decode().splitlines(): print(line, flush=True)
`

t.test('systemd hears ready, status, reloading, alive and stopping, in that order', { skip }, async t => {
  const socket = join(await peerDirectory('notify', t), 's')
  const python = spawn('python3', ['-c', receiver, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => python.kill())
  const lines: string[] = []
  const reader = createInterface({ input: python.stdout })
  await once(reader, 'line')
  const stopping = new Promise<void>(resolve =>
    reader.on('line', line => {
      if (!line.startsWith('BARRIER')) lines.push(line)
      if (line === 'STOPPING=1') resolve()
    }),
  )
  const before = process.env.NOTIFY_SOCKET
  process.env.NOTIFY_SOCKET = socket
  t.teardown(() => {
    if (before === undefined) delete process.env.NOTIFY_SOCKET
    else process.env.NOTIFY_SOCKET = before
  })

  const notifier = createNotifier(
    { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '3000000', WATCHDOG_PID: String(process.pid) },
    log,
  )
  t.equal(notifier.interval, 1_500, 'half of what systemd waits, in milliseconds')
  notifier.ready('serving')
  notifier.reloading()
  notifier.alive()
  notifier.alive()
  notifier.stopping()
  await notifier.settled()
  await stopping
  t.ok(lines.includes(`MAINPID=${process.pid}`))
  t.ok(lines.includes('STATUS=serving'))
  t.match(
    lines.filter(line => !/^(MAINPID|STATUS)=/.test(line)),
    ['READY=1', 'RELOADING=1', /^MONOTONIC_USEC=\d+$/, 'WATCHDOG=1', 'STOPPING=1'],
  )
})

t.test('the watchdog of another process is none of ours, and without systemd nothing is started', async t => {
  t.equal(
    createNotifier({ NOTIFY_SOCKET: '/x', WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' }, log).interval,
    undefined,
  )
  const silent = createNotifier({ WATCHDOG_USEC: '1000' }, log)
  t.equal(silent.interval, undefined)
  silent.ready('x')
  silent.alive()
  await silent.settled()
})

t.test('a systemd that cannot be told is logged once', { skip }, async t => {
  const lines: string[] = []
  const loud = createLog({ level: 'warn', thread: 'main', write: line => lines.push(line), format: 'json' })
  const before = process.env.NOTIFY_SOCKET
  process.env.NOTIFY_SOCKET = '/nowhere/at/all'
  const notifier = createNotifier({ NOTIFY_SOCKET: '/nowhere/at/all' }, loud)
  notifier.stopping()
  notifier.stopping()
  await notifier.settled()
  if (before === undefined) delete process.env.NOTIFY_SOCKET
  else process.env.NOTIFY_SOCKET = before
  t.equal(lines.length, 1)
  t.match(lines[0], 'systemd could not be notified')
})
