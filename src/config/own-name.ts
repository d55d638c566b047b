/**
 * The name that we call ourselves: in the greeting, in EHLO and LHLO, in Received fields and in notifications.
 *
 * Promises: a host name by the one grammar, whatever the kernel's host name holds, so that it is safe in any command
 * and header (promise 6).
 */
import type { Configuration } from '#config/schema.ts'
import { type Domain, parseDomain } from '#mail/address.ts'

/** `system` is the host name of the machine. */
export const ownName = ({ hostname }: Pick<Configuration, 'hostname'>, system: string): Domain =>
  parseDomain(hostname ?? system) ?? ('localhost.localdomain' as Domain)
