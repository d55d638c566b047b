/**
 * A mail server that follows a script, for next hops that no decent server would be.
 *
 * A script is a dialogue, one connection long:
 *   `S: 250 ok`      sends the line; `S| text` sends the text as it is, with \r, \n, \0, \xHH escapes and no line end
 *   `C: MAIL FROM:*` expects a line; `*` stands for anything
 *   `C... `          reads content up to the lone dot; `C#` reads the octets that the last BDAT announced
 *   `C+`             reads something, as the first octets of a content
 *   `DRIP 25`        sends an octet of an endless reply every 25 ms until the client goes
 *   `TLS`            the server side of a handshake; `BREAK` closes, `RESET` aborts, `SILENCE` waits for the client to go
 * Lines of `S:` without `C:` between them leave in one packet. Several scripts serve the connections in turn, the last
 * one all that follow. A line that does not fit is kept in `errors`.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Owner } from './process.ts'

export interface ScriptedServer {
  readonly port: number
  /** What did not go by the script. A test ends with `t.same(server.errors, [])`. */
  readonly errors: readonly string[]
  /** Content of each message, dots still doubled, without the final dot line. */
  readonly contents: readonly string[]
  /** Lines from clients, all connections. */
  readonly lines: readonly string[]
  readonly connections: number
  stop(): Promise<void>
}

export interface ScriptOptions {
  readonly certificate?: { readonly cert: string; readonly key: string }
  readonly host?: string
  readonly port?: number
}

export async function startScript(
  owner: Owner,
  scripts: readonly string[],
  options: ScriptOptions = {},
): Promise<ScriptedServer> {
  const record = { errors: [] as string[], contents: [] as string[], lines: [] as string[], connections: 0 }
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const script = scripts[Math.min(record.connections++, scripts.length - 1)]!
    void perform(socket, script, record, options)
  })
  await new Promise<void>(resolve => server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve))
  const address = server.address()
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  owner.teardown(stop)
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    errors: record.errors,
    contents: record.contents,
    lines: record.lines,
    get connections() {
      return record.connections
    },
    stop,
  }
}

interface Record {
  readonly errors: string[]
  readonly contents: string[]
  readonly lines: string[]
}

async function perform(plain: Socket, script: string, record: Record, options: ScriptOptions): Promise<void> {
  let reader = readerOf(plain)
  let socket = plain
  let announced = 0
  for (const step of stepsOf(script)) {
    if (step.startsWith('S: ')) socket.write(step.slice(3))
    else if (step.startsWith('S| ')) socket.write(unescaped(step.slice(3)))
    else if (step === 'BREAK') socket.destroy()
    else if (step === 'RESET') plain.resetAndDestroy()
    else if (step === 'SILENCE') await reader.ended
    else if (step === 'C+') await reader.octets(1)
    else if (step.startsWith('DRIP ')) {
      const timer = setInterval(() => socket.write('2'), Number(step.slice(5)))
      await reader.ended
      clearInterval(timer)
    } else if (step === 'TLS') {
      reader.release()
      socket = new TLSSocket(plain, { isServer: true, ...options.certificate })
      socket.on('error', () => undefined)
      reader = readerOf(socket)
    } else if (step === 'C...') {
      const content = await reader.until('\r\n.\r\n')
      if (content === undefined) break
      record.contents.push(`${content}\r\n`)
    } else if (step === 'C#') {
      const content = await reader.octets(announced)
      if (content === undefined) break
      record.contents.push(content)
    } else {
      const line = await reader.until('\r\n')
      if (line === undefined) break
      record.lines.push(line)
      announced = Number(/^BDAT (\d+)/.exec(line)?.[1] ?? announced)
      if (!fits(line, step.slice(3))) {
        record.errors.push(`expected "${step.slice(3)}", got "${line}"`)
        socket.destroy()
        return
      }
    }
  }
}

/** Joins neighbouring `S:` lines into one write. */
function stepsOf(script: string): string[] {
  const steps: string[] = []
  for (const line of script.split('\n').map(each => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const last = steps.length - 1
    if (line.startsWith('S: ') && steps[last]?.startsWith('S: ')) steps[last] += `${line.slice(3)}\r\n`
    else steps.push(line.startsWith('S: ') ? `${line}\r\n` : line)
  }
  return steps
}

const fits = (line: string, pattern: string): boolean =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`, 's').test(line)

const unescaped = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      .replaceAll('\\r', '\r')
      .replaceAll('\\n', '\n')
      .replaceAll('\\0', '\0'),
    'latin1',
  )

function readerOf(socket: Socket) {
  let text = ''
  let gone = false
  let wake: () => void = () => undefined
  const onData = (chunk: Buffer) => {
    text += chunk.toString('latin1')
    wake()
  }
  const ended = new Promise<void>(resolve => {
    socket.once('close', () => {
      gone = true
      wake()
      resolve()
    })
  })
  socket.on('data', onData)
  socket.on('error', () => undefined)
  const take = async (find: () => number | undefined, skip: number): Promise<string | undefined> => {
    for (;;) {
      const end = find()
      if (end !== undefined) {
        const taken = text.slice(0, end)
        text = text.slice(end + skip)
        return taken
      }
      if (gone) return undefined
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
  return {
    ended,
    until: (mark: string) => take(() => (text.includes(mark) ? text.indexOf(mark) : undefined), mark.length),
    octets: (count: number) => take(() => (text.length >= count ? count : undefined), 0),
    release: () => socket.off('data', onData),
  }
}
