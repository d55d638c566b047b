/**
 * What proves who is who at the door: our certificate to clients, passwords of users to us.
 *
 * Certificate and key come from the main thread as one value, so that all threads have the same identity.
 */
import type { Configuration } from '#config/schema.ts'
import { openUserDirectory } from '#directory/users.ts'
import type { SecureContexts } from '#listener/listener.ts'
import type { Clock } from '#mail/clock.ts'
import { createTlsContext, type TlsMaterial } from '#network/tls.ts'

export interface Credentials {
  readonly tls: SecureContexts
  /** Undefined: nobody can sign in, and AUTH is not offered. Rejects when too many wait already: try again later. */
  readonly authenticate: ((user: string, password: string) => Promise<boolean>) | undefined
}

/** Certificate, key or file of users cannot be used; the message is for the operator. */
export class CredentialsUnusable extends Error {
  override readonly name = 'CredentialsUnusable'
}

/** Rejects with `CredentialsUnusable`. */
export async function openCredentials(
  { users }: Configuration,
  tls: TlsMaterial,
  clock: Clock,
): Promise<Credentials> {
  const context = createTlsContext(tls)
  if ('kind' in context) throw new CredentialsUnusable(context.sentence)
  const contexts = { default: context }
  if (users.file === undefined) return { tls: contexts, authenticate: undefined }
  const directory = await openUserDirectory({ file: users.file, clock })
  if (!('verify' in directory)) throw new CredentialsUnusable(directory.join('\n'))
  const authenticate = async (user: string, password: string) => {
    const verification = await directory.verify(user, password)
    if (verification === 'busy') throw new Error('Too many passwords wait to be checked.')
    return verification === 'right'
  }
  return { tls: contexts, authenticate }
}
