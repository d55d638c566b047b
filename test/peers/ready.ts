/**
 * When is a peer ready? When it answers. Free ports, greetings, and a condition with a deadline for what has no event.
 */
import { randomInt } from 'node:crypto'
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Program } from './process.ts'

/**
 * A port that is free for TCP and UDP: below those that the kernel hands to outgoing connections, since thousands of
 * these come and go beside us and one of them would take it before whoever asked.
 */
export async function freePort(): Promise<number> {
  while (true) {
    const port = randomInt(10_240, 32_768)
    if ((await isFree(createServer().listen(port, '127.0.0.1'))) && (await isFree(boundSocket(port))))
      return port
  }
}

function boundSocket(port: number): UdpSocket {
  const socket = createSocket('udp4')
  socket.bind(port, '127.0.0.1')
  return socket
}

/** Closes it again. */
async function isFree(holder: Server | UdpSocket): Promise<boolean> {
  try {
    await once(holder, 'listening')
  } catch {
    return false
  }
  holder.close()
  await once(holder, 'close')
  return true
}

/** Asks until the condition holds. For facts of another process that send no event. */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 20,
): Promise<T> {
  const deadline = performance.now() + seconds * 1_000
  for (let pause = 2; ; pause = Math.min(pause * 1.5, 50)) {
    const value = await condition()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s for: ${what}`)
    await sleep(pause)
  }
}

/** Waits until the program greets with 220 on that port; a program that ended instead fails with what it printed. */
export async function greeting(
  program: Program,
  port: number,
  address = '127.0.0.1',
  seconds = 20,
): Promise<void> {
  let end: number | string | undefined
  program.ended.then(
    code => (end = code),
    error => (end = String(error)),
  )
  await until(
    `220 at ${address}:${port} from pid ${program.pid}`,
    async () => {
      if (end !== undefined) throw new Error(`ended with ${end} before its greeting:\n${program.output()}`)
      return greets(port, address.replace(/^\[(.*)\]$/, '$1'))
    },
    seconds,
  ).catch(error => {
    throw new Error(`${(error as Error).message}\n${program.output()}`)
  })
}

async function greets(port: number, host: string): Promise<boolean> {
  const socket = connect({ port, host })
  try {
    const [data] = (await once(socket, 'data', { signal: AbortSignal.timeout(5_000) })) as [Buffer]
    if (data.toString('latin1').startsWith('220')) socket.end('QUIT\r\n')
    return data.toString('latin1').startsWith('220')
  } catch {
    return false
  } finally {
    socket.on('error', () => undefined)
    socket.destroySoon()
  }
}
