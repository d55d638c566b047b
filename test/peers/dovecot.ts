/**
 * A real Dovecot that takes mail over LMTP and stores it in one Maildir per address, without authentication or IMAP.
 *
 * Needs root, as Dovecot drops its privileges per process. Knows the configuration languages of 2.3 (Debian 12) and 2.4
 * (Debian 13).
 */
import { access, chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Owner, peerDirectory, run, startProgram } from './process.ts'
import { freePort, greeting } from './ready.ts'

export interface Dovecot {
  readonly port: number
  readonly directory: string
  /** Maildir of a recipient, named by its complete address in lower case. */
  maildir(address: string): string
  log(): string
  stop(): Promise<void>
}

/** Why Dovecot cannot run here, or undefined when it can. */
export async function dovecotMissing(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'Dovecot needs root'
  return access('/usr/lib/dovecot/lmtp').then(
    () => undefined,
    () => 'dovecot-lmtpd is not installed',
  )
}

export async function startDovecot(owner?: Owner): Promise<Dovecot> {
  const directory = await peerDirectory('dovecot', owner)
  const port = await freePort()
  await chmod(directory, 0o755)
  for (const name of ['run', 'state', 'mail']) await mkdir(join(directory, name))
  await run('chown', ['nobody:nogroup', join(directory, 'mail')])
  const configuration = join(directory, 'dovecot.conf')
  const { output: version } = await run('dovecot', ['--version'])
  await writeFile(
    configuration,
    /^2\.[0-3]\./.test(version) ? conf23(directory, port) : conf24(directory, port),
  )
  const program = await startProgram('dovecot', ['-F', '-c', configuration])
  owner?.teardown(program.stop)
  await greeting(program, port)
  return {
    port,
    directory,
    maildir: address => join(directory, 'mail', address, 'Maildir'),
    log: program.output,
    stop: program.stop,
  }
}

const common = (directory: string, port: number) => `
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = /dev/stderr
listen = 127.0.0.1
ssl = no
first_valid_uid = 1
service lmtp {
  inet_listener lmtp {
    port = ${port}
  }
}
service stats {
  client_limit = 100
}
`

const conf23 = (directory: string, port: number) => `
protocols = lmtp
${common(directory, port)}
mail_location = maildir:~/Maildir
# The auth process does not start without one; nobody signs in here.
passdb {
  driver = static
  args = password=unused
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${directory}/mail/%u allow_all_users=yes
}
`

const conf24 = (directory: string, port: number) => `
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = lmtp
${common(directory, port)}
mail_driver = maildir
mail_path = ~/Maildir
passdb static {
  passdb_static_password = unused
}
userdb static {
  fields {
    uid = nobody
    gid = nogroup
    home = ${directory}/mail/%{user}
  }
  userdb_static_allow_all_users = yes
}
`
