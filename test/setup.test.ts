/**
 * Set-up on machines that are not this one: the script runs in a folder of its own, where uname, dpkg-query, npm and
 * the like are small scripts that say what such a machine would say, and note that they were called.
 */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compilers, createMachine, has, installs, lock } from './setup/machine.ts'

/** Ends with status 1; the last line is the sentence. */
function refuses(t: Test, programs: Record<string, string>, sentence: RegExp): void {
  const { status, stdout, stderr } = createMachine(t, programs).setUp()
  t.equal(status, 1)
  t.equal(stdout, '', 'standard output is for commands')
  t.match(stderr.trim().split('\n').at(-1), sentence)
}

t.test('set-up installs what is missing, names it before, and does nothing the second time', async t => {
  const machine = createMachine(t)
  const first = machine.setUp()
  t.equal(first.status, 0, first.stderr)
  t.match(first.stderr, /^set-up: installing npm packages/)
  t.match(machine.called('npm'), [/^npm ci --ignore-scripts/])
  const second = machine.setUp()
  t.strictSame([second.status, second.stdout, second.stderr], [0, '', ''])
  t.strictSame(machine.called('npm'), [])
})

t.test('a changed lock file is noticed; packages that are right already are left alone', async t => {
  const machine = createMachine(t)
  machine.setUp()
  appendFileSync(join(machine.folder, 'package-lock.json'), '\n')
  t.equal(machine.setUp().status, 0)
  t.strictSame(machine.called('npm'), [], 'the versions are still those of the lock file')
  const next = structuredClone(lock)
  next.packages['node_modules/wanted'].version = '1.2.4'
  writeFileSync(join(machine.folder, 'package-lock.json'), JSON.stringify(next))
  machine.setUp()
  t.equal(machine.called('npm').length, 1)
})

t.test('Debian packages are installed without removing any, and no service starts', async t => {
  const machine = createMachine(t, {
    'dpkg-query': has('openssl 3', ...compilers),
    install: 'exit 0',
    rm: 'exit 0',
    systemctl: 'exit 0',
    'apt-get': 'case " $* " in *" --no-remove libatomic1 "*) ;; *) exit 1 ;; esac',
  })
  const { status, stderr } = machine.setUp()
  t.equal(status, 0, stderr)
  t.match(stderr, /^set-up: installing Debian packages: libatomic1\n/)
  t.match(machine.called('apt-get'), [/ install --no-install-recommends --no-remove libatomic1$/])
  if (!existsSync('/usr/sbin/policy-rc.d')) t.match(machine.called('install'), [/policy-rc\.d$/])
})

t.test('stale package lists are updated once, then the packages are tried again', async t => {
  const machine = createMachine(t, {
    'dpkg-query': has(...compilers),
    install: 'exit 0',
    systemctl: 'exit 0',
    'apt-get': 'case " $* " in *" update "*) touch updated ;; *) [ -e updated ] ;; esac',
  })
  t.equal(machine.setUp().status, 0)
  t.match(machine.called('apt-get'), [/ install /, / update$/, / install /])
})

t.test('another processor is refused', async t =>
  refuses(
    t,
    { uname: 'case $1 in -m) echo aarch64 ;; *) echo Linux ;; esac' },
    /Linux x86-64; this is Linux aarch64\.$/,
  ),
)

t.test('an old Node.js is refused with the version that is needed', async t =>
  refuses(t, { node: 'echo v18.19.0' }, /Node\.js v18\.19\.0 is too old .* version 20 or later\.$/),
)

t.test('a Node.js that does not start is refused', async t =>
  refuses(t, { node: 'exit 127' }, /node is installed but does not start/),
)

t.test('neither root nor sudo: the sentence holds the command that root would run', async t =>
  refuses(
    t,
    { id: 'echo 1000', sudo: 'exit 1', 'dpkg-query': has(...compilers) },
    /root or sudo is needed .* apt-get install --no-install-recommends libatomic1 openssl ?$/,
  ),
)

t.test('Debian packages that cannot be had: the end of the log, then a sentence', async t =>
  refuses(
    t,
    { 'dpkg-query': 'exit 1', install: 'exit 0', 'apt-get': 'echo no route to host; exit 100' },
    /could not be installed: libatomic1 openssl .*is there a network/,
  ),
)

t.test('npm packages that cannot be had: the end of the log, then a sentence', async t => {
  const { stderr } = createMachine(t, { npm: 'echo ENOTFOUND; exit 1' }).setUp()
  t.match(stderr, /^ {2}\| ENOTFOUND$/m)
  refuses(t, { npm: 'exit 1' }, /npm packages could not be installed .*is there a network/)
})

t.test('a set-up that failed is not taken for one that succeeded', async t => {
  const machine = createMachine(t, { npm: `${installs}\nexit 1` })
  t.equal(machine.setUp().status, 1)
  t.notOk(existsSync(join(machine.folder, 'node_modules/.sluice-setup-run')))
})

t.test('an unknown mode is refused', async t => {
  const { status, stderr } = createMachine(t).setUp('deploy')
  t.equal(status, 2)
  t.match(stderr, /unknown mode 'deploy': run, test or accuracy/)
})

t.test('a package that npm left half installed counts as missing', async t => {
  const machine = createMachine(t)
  mkdirSync(join(machine.folder, 'node_modules/wanted'), { recursive: true })
  machine.setUp()
  t.equal(machine.called('npm').length, 1)
})
