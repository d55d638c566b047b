/** What a finished handshake taught, in the words of mail/transport.ts. */
import type { TLSSocket } from 'node:tls'
import type { TlsFacts } from '#mail/transport.ts'

export function tlsFactsOf(socket: TLSSocket): TlsFacts {
  const cipher = socket.getCipher()
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256
  return {
    version: socket.getProtocol() ?? 'TLS',
    cipher: cipher?.standardName ?? cipher?.name ?? 'unknown',
    ...(fingerprint !== undefined && { certificate: fingerprint.replaceAll(':', '').toLowerCase() }),
  }
}
