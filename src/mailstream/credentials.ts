/**
 * What proves who is who at the door: our certificate to clients, passwords of users to us.
 *
 * Certificate and key come from the main thread as one value, so that all threads have the same identity.
 */
import type { Configuration } from '#config/schema.ts'
import type { SecureContexts } from '#listener/listener.ts'
import { createTlsContext, type TlsMaterial } from '#network/tls.ts'

export interface Credentials {
  readonly tls: SecureContexts
  /** Undefined: nobody can sign in, and AUTH is not offered. */
  readonly authenticate: ((user: string, password: string) => Promise<boolean>) | undefined
}

/** Certificate, key or file of users cannot be used; the message is for the operator. */
export class CredentialsUnusable extends Error {
  override readonly name = 'CredentialsUnusable'
}

/** Rejects with `CredentialsUnusable`. */
export async function openCredentials(_configuration: Configuration, tls: TlsMaterial): Promise<Credentials> {
  const context = createTlsContext(tls)
  if ('kind' in context) throw new CredentialsUnusable(context.sentence)
  return { tls: { default: context }, authenticate: undefined }
}
