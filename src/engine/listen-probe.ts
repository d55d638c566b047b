/**
 * Can we listen there? Asked in the main thread before any engine thread does.
 *
 * The threads share each port with SO_REUSEPORT, and would share it just as silently with another Sluice of the same
 * user, which would take half of the mail. A listener without that option is refused when anybody is there. The probe
 * also chooses the port where the configuration leaves it to the system, so that all threads use the same one.
 * Leaves out the moment between the probe and the threads: they fail then, with the same sentence.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** The port, or the sentence that says why not. */
export async function probe({ address, port }: Endpoint): Promise<number | string> {
  const server = createServer()
  try {
    server.listen({ host: address, port, exclusive: true })
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  } catch (error) {
    return listenSentence({ address, port }, error as NodeJS.ErrnoException)
  } finally {
    if (server.listening) {
      const closed = once(server, 'close')
      server.close()
      await closed
    }
  }
}

export const formatEndpoint = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

export function listenSentence(endpoint: Endpoint, error: NodeJS.ErrnoException): string {
  return `Cannot listen on ${formatEndpoint(endpoint)}: ${listenReasons.get(error.code ?? '') ?? error.message}`
}

const listenReasons = new Map([
  ['EADDRINUSE', 'another program has that port. Stop it, or choose another port with --listen.'],
  [
    'EACCES',
    'this user may not use ports below 1024. Start as root, give the process CAP_NET_BIND_SERVICE, or choose another port.',
  ],
  ['EADDRNOTAVAIL', 'this machine has no such address. See "ip address" for those that it has.'],
  ['EAFNOSUPPORT', 'this machine has no IPv6.'],
])
