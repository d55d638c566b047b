/**
 * A self-signed certificate for a gateway that was given none: with it, mail is at least encrypted.
 *
 * Promises: made once and kept, so that peers which remember it are not alarmed; made anew when the host name changed or
 * it is about to end; the key is readable for nobody else at any moment; a crash leaves the old pair or the new one.
 * Leaves out: a certificate that others believe, for which there is `tls.certificate`.
 *
 * The `openssl` program makes it, since Node can make keys but no certificates. It gets a file of our own instead of the
 * machine's configuration, and nothing in it but a host name that was parsed as one.
 */
import { execFile } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseDomain } from '#mail/address.ts'

export interface KeyPair {
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
}

const run = promisify(execFile)
const day = 86_400_000
const days = 3_650
const spareDays = 30
const seconds = 30

/** The pair in `directory`, or a sentence that says why there is none. */
export async function selfSigned(hostname: string, directory: string): Promise<KeyPair | string> {
  const name = certificateName(hostname)
  const home = join(directory, 'self-signed')
  try {
    const present = await readPair(home)
    if (present !== undefined && serves(present, name)) return present
    return await makePair(name, directory, home)
  } catch (error) {
    return explain(error as NodeJS.ErrnoException, directory)
  }
}

type Name = { readonly type: 'DNS' | 'IP'; readonly text: string }

/** What is neither a host name nor an address cannot stand in a certificate. */
function certificateName(hostname: string): Name {
  if (isIP(hostname) !== 0) return { type: 'IP', text: hostname }
  return { type: 'DNS', text: parseDomain(hostname) ?? 'localhost' }
}

async function readPair(home: string): Promise<KeyPair | undefined> {
  try {
    return {
      certificate: await readFile(join(home, 'certificate.pem'), 'utf8'),
      key: await readFile(join(home, 'key.pem'), 'utf8'),
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A pair that somebody damaged serves nobody, and is made anew like one that ended. */
function serves(pair: KeyPair, { type, text }: Name): boolean {
  try {
    const certificate = new X509Certificate(pair.certificate)
    const named = type === 'IP' ? certificate.checkIP(text) : certificate.checkHost(text)
    return (
      named !== undefined &&
      certificate.validToDate.getTime() > Date.now() + spareDays * day &&
      certificate.checkPrivateKey(createPrivateKey(pair.key))
    )
  } catch {
    return false
  }
}

async function makePair(name: Name, directory: string, home: string): Promise<KeyPair> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  // mkdtemp makes a folder that only we can enter, so that the key is never readable for others.
  const workshop = await mkdtemp(join(directory, 'new-'))
  try {
    await runOpenssl(name, workshop)
    const pair = await readPair(workshop)
    if (pair === undefined || !serves(pair, name)) throw new Error('openssl made no certificate that serves')
    await chmod(join(workshop, 'key.pem'), 0o600)
    await syncToDisk(join(workshop, 'key.pem'), join(workshop, 'certificate.pem'), workshop)
    await rm(home, { recursive: true, force: true })
    await rename(workshop, home)
    await syncToDisk(directory)
    return pair
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

async function runOpenssl(name: Name, workshop: string): Promise<void> {
  const request = join(workshop, 'request.conf')
  await writeFile(request, requestOf(name), { mode: 0o600 })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const files = ['-keyout', join(workshop, 'key.pem'), '-out', join(workshop, 'certificate.pem')]
  await run(
    'openssl',
    ['req', '-x509', '-config', request, ...key, '-sha256', '-days', `${days}`, ...files],
    {
      timeout: seconds * 1_000,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
    },
  )
  await rm(request)
}

const requestOf = ({ type, text }: Name): string => `[req]
prompt = no
distinguished_name = subject
x509_extensions = extensions
[subject]
CN = ${text.length <= 64 ? text : 'Sluice'}
[extensions]
subjectAltName = ${type}:${text}
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth,clientAuth
`

async function syncToDisk(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const handle = await open(path)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}

function explain(error: NodeJS.ErrnoException, directory: string): string {
  if (error.code === 'ENOENT' && error.syscall?.startsWith('spawn'))
    return 'No certificate is configured and the program openssl, which would make one, is not installed.'
  return `No certificate is configured and none can be made in ${directory}: ${error.message.split('\n')[0]}.`
}
