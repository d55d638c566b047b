/** A thread that serves TLS with the material that it was given, for `tls.test.ts`. */
import { createServer } from 'node:net'
import { TLSSocket } from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'
import { createTlsContext } from '../../src/network/tls.ts'

const secureContext = createTlsContext(workerData)
if ('kind' in secureContext) throw new Error(secureContext.sentence)
const server = createServer(socket => {
  const secure = new TLSSocket(socket, {
    isServer: true,
    secureContext,
    requestCert: true,
    rejectUnauthorized: false,
  })
  secure.on('error', () => {})
  secure.on('secure', () => {
    const peer = secure.getPeerX509Certificate()?.fingerprint256 ?? null
    secure.end(JSON.stringify({ peer }))
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') parentPort!.postMessage(address?.port)
})
