/**
 * The HTTP server of the management zone: `/metrics` for Prometheus, `/healthz` for whoever watches.
 *
 * Promises: reads no request body and changes nothing; few connections, short headers, short deadlines, so that it
 * cannot be used against the mail. Leaves out: the console, and with it authentication: there is nothing secret here,
 * and the zone is not reachable from outside.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Exposition } from '#observe/exposition.ts'

export interface Health {
  readonly healthy: boolean
  /** One line per fact; the first says why when it is not healthy. */
  readonly lines: readonly string[]
}

export interface ManagementServer {
  readonly address: string
  readonly port: number
  close(): Promise<void>
}

const limits = {
  maxHeaderSize: 8_192,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
} as const
const connectionsLimit = 64

/** Rejects when the address cannot be listened on. */
export async function openManagementServer(
  listener: { readonly address: string; readonly port: number },
  exposition: Exposition,
  health: () => Health,
): Promise<ManagementServer> {
  const server = createServer(limits, (request, response) => {
    answer(request, response, exposition, health).catch(() => response.destroy())
  })
  server.maxConnections = connectionsLimit
  server.listen({ host: listener.address, port: listener.port, exclusive: true })
  await once(server, 'listening')
  const { address, port } = server.address() as AddressInfo
  return { address, port, close: () => closeServer(server) }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  exposition: Exposition,
  health: () => Health,
): Promise<void> {
  // Whatever body follows is not read: the connection ends with the response.
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) !== 0
  if (hasBody) response.setHeader('Connection', 'close')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Cache-Control', 'no-store')
  const path = request.url?.split('?', 1)[0]
  if (path !== '/metrics' && path !== '/healthz') return send(response, 404, 'There is nothing here.\n')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return send(response, 405, 'Only GET is answered.\n')
  }
  if (path === '/metrics') return send(response, 200, await exposition.text(), exposition.contentType)
  const { healthy, lines } = health()
  return send(response, healthy ? 200 : 503, `${lines.join('\n')}\n`)
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }).end(text)
}
