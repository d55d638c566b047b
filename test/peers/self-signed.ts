/** A self-signed certificate for a peer, made by openssl. */
import { join } from 'node:path'
import { type Owner, peerDirectory, run } from './process.ts'

export async function selfSigned(
  owner: Owner,
  name = 'localhost',
): Promise<{ readonly certificate: string; readonly key: string }> {
  const directory = await peerDirectory('certificate', owner)
  const certificate = join(directory, 'certificate.pem')
  const key = join(directory, 'key.pem')
  const { code, errors } = await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-keyout', key, '-out', certificate],
  ])
  if (code !== 0) throw new Error(`openssl ended with ${code}: ${errors}`)
  return { certificate, key }
}
