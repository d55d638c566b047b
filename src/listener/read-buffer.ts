/**
 * One read buffer for all plain sockets of a thread, instead of 64 KiB that Node allocates for each read.
 *
 * Why: a message comes in five reads, most of them a command of 30 octets, and five times 64 KiB were allocated and given
 * back for them, with the work for allocator and collector that this means.
 * Node offers this to sockets that connect (`onread` of `net.connect`) but not to those that a server accepts, so the
 * accepted handle is put into a socket of our own. Uses `_handle` and `_server` of `net.Socket`, which Node's own TLS and
 * cluster modules share; where a handle is not what we know, the socket stays as it is and reads as usual.
 *
 * Promises: what is read is given on within the same turn, and its memory is anybody's after that.
 */
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net'

const size = 65_536

type Insides = { _handle: { useUserBuffer?: unknown } | null; _server: unknown }

/** Octets of this thread that are being read; nobody keeps them. */
const shared = Buffer.allocUnsafeSlow(size)

/**
 * A socket in the place of `accepted`, whose octets go to `take` and come as no 'data' event. `accepted` itself, when it
 * has been read from already or cannot be replaced.
 */
export function withReadBuffer(accepted: Socket, take: (octets: Buffer) => void): Socket {
  const old = accepted as unknown as Insides
  if (typeof old._handle?.useUserBuffer !== 'function' || accepted.bytesRead > 0 || accepted.destroyed)
    return accepted
  const onread: OnReadOpts = {
    buffer: shared,
    callback: octets => {
      take(shared.subarray(0, octets))
      return true
    },
  }
  const options = { handle: old._handle, allowHalfOpen: true, onread }
  const socket = new Socket(options as SocketConstructorOpts)
  const fresh = socket as unknown as Insides
  // The server counts its connections by this: it is closed when the last of them is.
  fresh._server = old._server
  old._server = null
  old._handle = null
  return socket
}
