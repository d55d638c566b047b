/**
 * Reads the PROXY header off the beginning of a connection.
 *
 * Promises: calls back once; what follows the header is left in the socket; takes no more octets than the longest header.
 * Leaves out: the form of the header (`network/proxy-protocol.ts`), and the deadline, which is the listener's.
 */
import type { Socket } from 'node:net'
import { longestHeader, parseProxyHeader } from '#network/proxy-protocol.ts'

export type Source = { readonly address: string; readonly port: number }

/** `undefined` as source: the proxy speaks for itself, the address of the socket counts. */
export type GateResult =
  | { readonly kind: 'source'; readonly source: Source | undefined }
  | { readonly kind: 'invalid'; readonly reason: string }

export function readProxyHeader(socket: Socket, done: (result: GateResult) => void): void {
  let header = Buffer.alloc(0)
  const finish = (result: GateResult): void => {
    socket.off('readable', read).off('end', ended).off('close', ended)
    done(result)
  }
  const ended = (): void =>
    finish({ kind: 'invalid', reason: 'The connection ended inside the PROXY header.' })
  const read = (): void => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      header = Buffer.concat([header, chunk])
      const parsed = parseProxyHeader(header.subarray(0, longestHeader))
      if (parsed.kind === 'incomplete') continue
      if (parsed.kind === 'invalid') {
        finish(parsed)
        return
      }
      const rest = header.subarray(parsed.length)
      if (rest.length > 0) socket.unshift(rest)
      finish({ kind: 'source', source: parsed.source })
      return
    }
  }
  socket.on('readable', read).on('end', ended).on('close', ended)
}
