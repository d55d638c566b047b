/**
 * Rules on the files that a configuration names: certificate, key, users, data.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { writeSize } from '#config/grammar/size.ts'
import type { Path } from '#config/json-schema.ts'
import type { FileFact, Machine } from '#config/rules/machine.ts'
import { error, type Rule, warning } from '#config/rules/rule.ts'

const day = 86_400_000
const file = (machine: Machine, path: string | undefined): FileFact | undefined =>
  path === undefined ? undefined : machine.files.get(path)

const unreadable = (path: Path, name: string | undefined, fact: FileFact | undefined) => {
  if (fact?.kind === 'missing')
    return [error(path, `the file ${name} does not exist`, 'make it, or correct the path')]
  return fact?.kind === 'unreadable' ? [error(path, `the file ${name} ${fact.why}`)] : []
}

export const fileRules: readonly Rule[] = [
  {
    rule: 'A certificate has its key, and a key its certificate.',
    because: 'one without the other is no identity, and the self-signed certificate would be used in silence',
    check({ tls }) {
      if ((tls.certificate === undefined) === (tls.key === undefined)) return []
      return tls.key === undefined
        ? [error(['tls', 'certificate'], 'the certificate has no key', 'name its private key as tls.key')]
        : [error(['tls', 'key'], 'the key has no certificate', 'name the certificate as tls.certificate')]
    },
  },
  {
    rule: 'The files that are named exist and can be read.',
    because: 'the gateway would start without TLS, without users or without rules',
    check: ({ tls, users, content }, machine) => [
      ...unreadable(['tls', 'certificate'], tls.certificate, file(machine, tls.certificate)),
      ...unreadable(['tls', 'key'], tls.key, file(machine, tls.key)),
      ...unreadable(['users', 'file'], users.file, file(machine, users.file)),
      ...content.lexicons.flatMap((name, index) =>
        unreadable(['content', 'lexicons', index], name, file(machine, name)),
      ),
    ],
  },
  {
    rule: 'Certificate and key are PEM, belong together, and are valid now.',
    because: 'clients that check would not send, and TLS would fail with the first handshake instead of here',
    check({ tls }, machine) {
      const [certificate, key] = [file(machine, tls.certificate), file(machine, tls.key)]
      if (certificate?.kind !== 'file' || key?.kind !== 'file') return []
      return checkPair(certificate.content, key.content, machine.now)
    },
  },
  {
    rule: 'Nobody but the gateway can read the key and the users file.',
    because: 'every user of the machine could take our identity, or try passwords offline',
    check: ({ tls, users }, machine) =>
      [
        { path: ['tls', 'key'], name: tls.key },
        { path: ['users', 'file'], name: users.file },
      ].flatMap(({ path, name }) => {
        const fact = file(machine, name)
        if (fact?.kind !== 'file' || (fact.mode & 0o007) === 0) return []
        return [warning(path, `every user of the machine may read ${name}`, `chmod o= ${name}`)]
      }),
  },
  {
    rule: 'The data folder can be written, or made.',
    because: 'no message could be accepted',
    check({ data }, machine) {
      if (machine.data.kind === 'usable') return []
      const { at, why } = machine.data
      return [
        error(
          ['data'],
          `the data folder ${data} cannot be used: ${at} ${why}`,
          'name another folder, or change its owner',
        ),
      ]
    },
  },
  {
    rule: 'The disk has more free than `spool.minimumFree`.',
    because: 'all mail would be answered 452',
    // A warning: a disk that fills up must not keep an operator from changing another setting.
    check({ spool }, { data }) {
      if (data.kind !== 'usable' || data.free > spool.minimumFree) return []
      const free = writeSize(Math.floor(data.free / 2 ** 20) * 2 ** 20)
      return [
        warning(
          ['spool', 'minimumFree'],
          `only ${free} are free: all mail would be answered 452`,
          'make room, or lower it',
        ),
      ]
    },
  },
]

function checkPair(certificatePem: string, keyPem: string, now: number) {
  const certificate = attempt(() => new X509Certificate(certificatePem))
  if (certificate === undefined)
    return [error(['tls', 'certificate'], 'the file holds no certificate in PEM form')]
  const key = readKey(keyPem)
  if (typeof key === 'string') return [error(['tls', 'key'], key)]
  if (!certificate.checkPrivateKey(key))
    return [
      error(
        ['tls', 'key'],
        'the key does not belong to the certificate',
        'the certificate of the server comes first in its file',
      ),
    ]
  return validity(certificate, now)
}

function readKey(pem: string): KeyObject | string {
  if (/ENCRYPTED/.test(pem)) return 'the key has a passphrase, which nobody could enter'
  return attempt(() => createPrivateKey(pem)) ?? 'the file holds no private key in PEM form'
}

/** Warnings: with an expired certificate most mail still flows, encrypted; without any it would not be. */
function validity(certificate: X509Certificate, now: number) {
  const [from, to] = [certificate.validFromDate, certificate.validToDate]
  const path = ['tls', 'certificate']
  if (now > to.getTime())
    return [warning(path, `the certificate expired on ${to.toISOString().slice(0, 10)}`, 'renew it')]
  if (now < from.getTime())
    return [warning(path, `the certificate is valid from ${from.toISOString().slice(0, 10)} only`)]
  const days = Math.floor((to.getTime() - now) / day)
  return days < 14 ? [warning(path, `the certificate expires in ${days} days`, 'renew it')] : []
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
