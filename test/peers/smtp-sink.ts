/**
 * Postfix's message sink as a next hop. With `flags` (-q, -r, -s, -f, -b, -w …: see smtp-sink(1)) it becomes a hostile one.
 */
import { type Owner, startProgram } from './process.ts'
import { freePort, greeting } from './ready.ts'

export interface Sink {
  readonly port: number
  readonly pid: number
  /** Messages whose end of data it has seen. */
  received(): number
  /** Resolves when that many were received. */
  receivedAtLeast(count: number, seconds?: number): Promise<void>
  stop(): Promise<void>
}

export async function startSink(owner?: Owner, flags: readonly string[] = []): Promise<Sink> {
  const port = await freePort()
  let received = 0
  let waiting: { readonly count: number; readonly resolve: () => void } | undefined
  let tail = ''
  const count = (text: string) => {
    tail = (tail + text).slice(-256)
    // The counters end with CR; the last complete one is the newest.
    const line = tail.slice(0, tail.lastIndexOf('\r')).match(/mesg=(\d+)[^=]*$/)
    if (line) received = Number(line[1])
    if (waiting && received >= waiting.count) waiting.resolve()
  }
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const args = [...user, '-c', ...flags, `127.0.0.1:${port}`, '1024']
  const program = await startProgram('smtp-sink', args, { onOutput: count })
  owner?.teardown(program.stop)
  await greeting(program, port)
  return {
    port,
    pid: program.pid,
    received: () => received,
    receivedAtLeast: (wanted, seconds = 120) => {
      if (received >= wanted) return Promise.resolve()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const timer = setTimeout(
        () => reject(new Error(`smtp-sink received ${received} of ${wanted} messages in ${seconds} s`)),
        seconds * 1_000,
      )
      waiting = { count: wanted, resolve }
      return promise.finally(() => clearTimeout(timer))
    },
    stop: program.stop,
  }
}
