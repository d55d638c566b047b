/**
 * A real Postfix on loopback with its own configuration, queue and data directories, beside any other one.
 *
 * Roles: `maildir` accepts every recipient and stores into one Maildir (a next hop that can be read back); `hold`
 * accepts and keeps in its hold queue (accept + durable, nothing else); `relay` hands on to another port.
 * Leaves out: chroot, syslog, the system's own Postfix, which is never touched. Needs root, as Postfix does.
 */
import { execFile } from 'node:child_process'
import { access, chmod, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Owner, peerDirectory, startProgram } from './process.ts'
import { freePort, greeting, until } from './ready.ts'

const execute = promisify(execFile)
const master = '/usr/lib/postfix/sbin/master'

export interface Postfix {
  readonly port: number
  /** Of the master process; every other process of this Postfix is below it. */
  readonly pid: number
  readonly directory: string
  /** Where role `maildir` stores. */
  readonly maildir: string
  /** Messages in any queue, read from the directories themselves. */
  queued(): Promise<number>
  /** Resolves once every queue is empty. */
  drained(): Promise<void>
  /** The mail log so far; empty when started without. */
  log(): Promise<string>
  stop(): Promise<void>
}

export interface PostfixOptions {
  readonly role: 'maildir' | 'hold' | { readonly relay: number }
  /** `127.0.0.1` unless several must share a port; `[::1]` wants `inet_protocols: all` in the settings. */
  readonly address?: string
  readonly port?: number
  /** Further or other lines of main.cf. */
  readonly settings?: Readonly<Record<string, string>>
  /** Off in bench/: a log daemon would be counted against Postfix. */
  readonly log?: boolean
}

/** Why Postfix cannot run here, or undefined when it can. A test passes it to `skip`. */
export async function postfixMissing(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'Postfix needs root'
  return access(master).then(
    () => undefined,
    () => 'Postfix is not installed',
  )
}

export async function startPostfix(owner: Owner | undefined, options: PostfixOptions): Promise<Postfix> {
  const directory = await peerDirectory('postfix', owner)
  const port = options.port ?? (await freePort())
  const address = options.address ?? '127.0.0.1'
  await layOut(directory)
  await writeAged(join(directory, 'conf/main.cf'), mainCf(directory, options))
  await writeAged(join(directory, 'conf/master.cf'), masterCf(`${address}:${port}`))
  const program = await startProgram(master, ['-c', join(directory, 'conf'), '-d'])
  owner?.teardown(program.stop)
  await greeting(program, port, address)
  const queue = join(directory, 'queue')
  return {
    port,
    directory,
    pid: program.pid,
    maildir: join(directory, 'mail/inbox'),
    queued: () => queued(queue),
    drained: async () => {
      await until('Postfix to empty its queue', async () => (await queued(queue)) === 0)
    },
    log: () => readFile(join(directory, 'log'), 'utf8').catch(() => ''),
    stop: program.stop,
  }
}

/** The master waits until its configuration has not changed for some seconds; ours is complete and old at once. */
async function writeAged(file: string, text: string): Promise<void> {
  await writeFile(file, text)
  const anHourAgo = Date.now() / 1_000 - 3_600
  await utimes(file, anHourAgo, anHourAgo)
}

const queues = ['maildrop', 'incoming', 'active', 'deferred', 'hold']
/** What `postfix set-permissions` would make, without its seconds of shell. */
const queueDirectories = [...queues, 'bounce', 'corrupt', 'defer', 'flush', 'private', 'saved', 'trace']

async function layOut(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  const own = ['data', ...queueDirectories.map(name => `queue/${name}`), 'queue/public']
  for (const name of ['conf', 'queue/pid', ...own]) await mkdir(join(directory, name), { recursive: true })
  for (const folder of ['new', 'cur', 'tmp']) {
    await mkdir(join(directory, 'mail/inbox', folder), { recursive: true })
  }
  await execute('chown', ['postfix', ...own.map(name => join(directory, name))])
  await execute('chgrp', ['postdrop', join(directory, 'queue/maildrop'), join(directory, 'queue/public')])
  await chmod(join(directory, 'queue/maildrop'), 0o730)
  await execute('chown', ['-R', 'nobody:nogroup', join(directory, 'mail')])
}

function mainCf(directory: string, options: PostfixOptions): string {
  const settings: Record<string, string> = {
    compatibility_level: '3.6',
    queue_directory: join(directory, 'queue'),
    data_directory: join(directory, 'data'),
    myhostname: 'postfix.test',
    mydestination: '',
    mynetworks: '127.0.0.0/8',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    alias_maps: '',
    alias_database: '',
    smtpd_relay_restrictions: 'permit_mynetworks, reject',
    // A test connects more often than a client may by default, and its mail is never for a real host.
    smtpd_peername_lookup: 'no',
    smtpd_client_connection_count_limit: '0',
    disable_dns_lookups: 'yes',
    default_database_type: 'hash',
    ...(options.log !== false && {
      maillog_file: join(directory, 'log'),
      maillog_file_prefixes: directory,
    }),
    ...roleSettings(directory, options.role),
    ...options.settings,
  }
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')
}

function roleSettings(directory: string, role: PostfixOptions['role']): Record<string, string> {
  if (role === 'hold') return { smtpd_client_restrictions: 'check_client_access static:HOLD' }
  if (role !== 'maildir') return { relayhost: `[127.0.0.1]:${role.relay}` }
  return {
    virtual_mailbox_domains: 'static:all',
    virtual_mailbox_base: join(directory, 'mail'),
    virtual_mailbox_maps: 'static:inbox/',
    virtual_uid_maps: 'static:65534',
    virtual_gid_maps: 'static:65534',
    virtual_mailbox_limit: '0',
    mailbox_size_limit: '0',
  }
}

/** Debian's master.cf without chroot (which wants a copy of /etc) and without transports nobody uses here. */
function masterCf(endpoint: string): string {
  const services = [
    `${endpoint} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    ...['bounce', 'defer', 'trace'].map(name => `${name} unix - - n - 0 bounce`),
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'relay unix - - n - - smtp',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'virtual unix - n n - - virtual',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'showq unix n - n - - showq',
    'postlog unix-dgram n - n - 1 postlogd',
  ]
  return `${services.join('\n')}\n`
}

async function queued(queue: string): Promise<number> {
  const counts = await Promise.all(
    queues.map(async name => {
      const entries = await readdir(join(queue, name), { withFileTypes: true, recursive: true })
      return entries.filter(entry => entry.isFile()).length
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}
