/**
 * The control socket, both ends: `control.sock` in the data directory.
 *
 * Promises: only its owner can connect (0600 in a 0700 directory); a request has a bounded length and a deadline; a
 * peer that misbehaves is answered with a sentence and cut off, and never troubles the engine.
 */

import { once } from 'node:events'
import { chmodSync, closeSync, constants, openSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { type ControlRequest, type ControlResponse, parseRequest, requestLimit } from '#control/protocol.ts'

export const controlPath = (dataDirectory: string): string => join(dataDirectory, 'control.sock')

const connectionsLimit = 16
const idleLimit = 60_000
/** Octets with the final NUL that a socket address has room for (unix(7)). */
const pathLimit = 107

export interface ControlServer {
  close(): Promise<void>
}

/** The caller holds the lock of the data directory, so an old socket file is a leftover. Rejects with the reason. */
export async function openControl(
  dataDirectory: string,
  handle: (request: ControlRequest) => Promise<unknown>,
): Promise<ControlServer> {
  const path = controlPath(dataDirectory)
  rmSync(path, { force: true })
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, handle)
  })
  server.maxConnections = connectionsLimit
  await withReachablePath(path, async reachable => {
    server.listen({ path: reachable })
    await once(server, 'listening')
  })
  chmodSync(path, 0o600)
  return { close: () => closeServer(server, sockets, path) }
}

async function closeServer(server: Server, sockets: ReadonlySet<Socket>, path: string): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const socket of sockets) socket.destroy()
  await closed
  rmSync(path, { force: true })
}

function serve(socket: Socket, handle: (request: ControlRequest) => Promise<unknown>): void {
  let text = ''
  let busy = Promise.resolve()
  socket.setEncoding('utf8')
  socket.setTimeout(idleLimit, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: string) => {
    text += chunk
    const lines = text.split('\n')
    text = lines.pop()!
    if (text.length > requestLimit || lines.some(line => line.length > requestLimit)) {
      socket.end(encode({ ok: false, error: 'The request is too long.' }))
      return
    }
    // One after the other, in the order of the requests.
    for (const line of lines)
      busy = busy.then(async () => {
        const response = await respond(line, handle)
        if (!socket.destroyed) socket.write(encode(response))
      })
  })
}

async function respond(
  line: string,
  handle: (request: ControlRequest) => Promise<unknown>,
): Promise<ControlResponse> {
  const request = parseRequest(line)
  if (typeof request === 'string') return { ok: false, error: request }
  try {
    return { ok: true, result: await handle(request) }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) }
  }
}

const encode = (response: ControlResponse): string => `${JSON.stringify(response)}\n`

/**
 * Asks the engine that runs on a data directory. `undefined`: none runs there. Rejects with the sentence of the engine
 * when it refuses, and when the connection breaks.
 */
export async function askEngine(dataDirectory: string, request: ControlRequest): Promise<unknown> {
  const socket = await connectControl(controlPath(dataDirectory))
  if (socket === undefined) return undefined
  try {
    socket.write(`${JSON.stringify(request)}\n`)
    const response = JSON.parse(await readLine(socket)) as ControlResponse
    if (!response.ok) throw new Error(response.error)
    return response.result
  } finally {
    socket.destroy()
  }
}

async function readLine(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket.setEncoding('utf8')) {
    text += chunk
    if (text.endsWith('\n')) return text
  }
  throw new Error('The engine closed the control connection without an answer.')
}

function connectControl(path: string): Promise<Socket | undefined> {
  return withReachablePath(path, async reachable => {
    const socket = connect({ path: reachable })
    try {
      await once(socket, 'connect')
      return socket
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined
      if (code === 'EACCES')
        throw new Error(`You may not talk to the engine: ${path} belongs to another user.`, { cause: error })
      throw error
    }
  })
}

/** A path that is too long for a socket address is shortened through an open descriptor of its directory. */
async function withReachablePath<Result>(
  path: string,
  use: (reachable: string) => Promise<Result>,
): Promise<Result> {
  if (Buffer.byteLength(path) < pathLimit) return use(path)
  const directory = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    return await use(`/proc/self/fd/${directory}/${basename(path)}`)
  } finally {
    closeSync(directory)
  }
}
