/**
 * Machines that are not this one: the set-up script in a folder of its own, where uname, dpkg-query, npm, make and the like
 * are small scripts that say what such a machine would say, and note that they were called.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'

const root = join(import.meta.dirname, '../..')
export const lock = { packages: { '': {}, 'node_modules/wanted': { version: '1.2.3' } } }

/** What npm does on a good day: the package and the Node.js that came with it. */
export const installs = `mkdir -p node_modules/.bin node_modules/wanted
echo '{"version":"1.2.3"}' >node_modules/wanted/package.json
printf '#!/bin/sh\\n' >node_modules/.bin/node; chmod +x node_modules/.bin/node`

/** dpkg-query of a machine with these packages. */
export const has = (...packages: string[]) => packages.map(name => `echo "installed ${name}"`).join('\n')
export const needed = ['libatomic1 12', 'openssl 3']
export const compilers = ['g++ 12', 'make 4', 'pkg-config 1', 'libhyperscan-dev 5.4.0', 'libicu-dev 72']

/** Programs of a machine on which everything is as it should be. */
const good = {
  uname: 'case $1 in -m) echo x86_64 ;; *) echo Linux ;; esac',
  'dpkg-query': has(...needed, ...compilers),
  make: 'echo compiled; touch native/build/sluice.node',
  'apt-get': 'exit 0',
  id: 'echo 0',
  npm: installs,
}

export function createMachine(t: Test, programs: Record<string, string> = {}) {
  const folder = t.testdir({
    bin: {},
    scripts: {},
    native: { src: { border: { 'addon.cc': '' } } },
    '.taprc': '',
    'package-lock.json': JSON.stringify(lock),
  })
  for (const name of [
    'setup.sh',
    'native.sh',
    'installed.mjs',
    'packages-run',
    'packages-test',
    'packages-native',
  ])
    copyFileSync(join(root, 'scripts', name), join(folder, 'scripts', name))
  const calls = join(folder, 'calls')
  writeFileSync(calls, '')
  const program = (name: string, body: string) =>
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\necho ${name} "$@" >>${calls}\n${body}\n`, {
      mode: 0o755,
    })
  for (const [name, body] of Object.entries({ ...good, ...programs })) program(name, body)
  return {
    folder,
    /** Puts another program in the place of one. */
    program,
    setUp: (mode = 'run', environment: Record<string, string> = {}) => {
      writeFileSync(calls, '')
      const PATH = `${folder}/bin:${process.env.PATH}`
      return spawnSync('sh', ['scripts/setup.sh', ...(mode === '' ? [] : [mode])], {
        cwd: folder,
        env: { PATH, TMPDIR: folder, ...environment },
        encoding: 'utf8',
      })
    },
    called: (program: string) =>
      readFileSync(calls, 'utf8')
        .split('\n')
        .filter(line => line.startsWith(`${program} `)),
  }
}
