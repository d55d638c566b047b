/**
 * The native scanner in set-up: compiled when something changed, and never a reason not to start.
 */
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compilers, createMachine, has, installs, needed } from './machine.ts'

const addon = (folder: string) => existsSync(join(folder, 'native/build/sluice.node'))

t.test(
  'the scanner is compiled once, and again when a source, a header from npm or a library changes',
  async t => {
    const machine = createMachine(t)
    const compiled = () => {
      const { status, stderr } = machine.setUp()
      t.equal(status, 0, stderr)
      return machine.called('make').length
    }
    t.equal(compiled(), 1)
    t.equal(compiled(), 0)
    appendFileSync(join(machine.folder, 'native/src/border/addon.cc'), '\n')
    t.equal(compiled(), 1)
    appendFileSync(join(machine.folder, 'package-lock.json'), '\n')
    t.equal(compiled(), 1)
    machine.program(
      'dpkg-query',
      has(...needed, ...compilers.filter(name => name !== 'libicu-dev 72'), 'libicu-dev 76'),
    )
    t.equal(compiled(), 1)
    rmSync(join(machine.folder, 'native/build'), { recursive: true })
    t.equal(compiled(), 1)
    t.equal(compiled(), 0)
  },
)

t.test('for tests their components are compiled too, and a run afterwards compiles nothing', async t => {
  const packages = readFileSync(join(import.meta.dirname, '../../scripts/packages-test'), 'utf8')
  const forTests = packages.split('\n').map(line => line.replace(/[ #].*/, ''))
  const machine = createMachine(t, {
    'dpkg-query': has(...needed, ...compilers, ...forTests),
    npm: `${installs}\ncp node_modules/.bin/node node_modules/.bin/tap`,
  })
  const { status, stderr } = machine.setUp('test')
  t.equal(status, 0, stderr)
  t.match(machine.called('make'), [/ all components$/])
  machine.setUp()
  t.strictSame(machine.called('make'), [])
})

t.test(
  'a compilation that fails costs a sentence, leaves no stale scanner, and is not tried again by itself',
  async t => {
    const machine = createMachine(t)
    machine.setUp()
    t.ok(addon(machine.folder))
    appendFileSync(join(machine.folder, 'native/src/border/addon.cc'), 'int')
    machine.program('make', 'echo "addon.cc:1: error"; exit 2')
    const { status, stderr } = machine.setUp()
    t.equal(status, 0)
    t.match(
      stderr,
      /the native scanner could not be compiled \(see native\/build\/build\.log\); the slower .* takes its place$/m,
    )
    t.notOk(addon(machine.folder))
    t.equal(machine.setUp().stderr, '', 'said once')
    t.strictSame(machine.called('make'), [])
    machine.setUp('')
    t.equal(machine.called('make').length, 1, 'set-up by name tries again')
  },
)

t.test('packages that cannot be had cost a sentence', async t => {
  const machine = createMachine(t, { 'dpkg-query': has(...needed), 'apt-get': 'exit 100', install: 'exit 0' })
  const { status, stderr } = machine.setUp()
  t.equal(status, 0, stderr)
  t.match(
    stderr,
    /could not be installed: g\+\+ make pkg-config libhyperscan-dev libicu-dev; the slower scanner/,
  )
  t.strictSame(machine.called('make'), [])
  machine.setUp()
  t.strictSame(machine.called('apt-get'), [], 'not tried again by itself')
  machine.program('dpkg-query', has(...needed, ...compilers))
  t.equal(machine.setUp().status, 0)
  t.equal(machine.called('make').length, 1, 'packages that came otherwise are noticed')
})

t.test('without root the sentence holds the command that root would run', async t => {
  const machine = createMachine(t, { 'dpkg-query': has(...needed), id: 'echo 1000', sudo: 'exit 1' })
  const { status, stderr } = machine.setUp()
  t.equal(status, 0, stderr)
  t.match(
    stderr,
    /apt-get install --no-install-recommends g\+\+ make pkg-config libhyperscan-dev libicu-dev$/m,
  )
})

t.test('Vectorscan serves as well as Hyperscan', async t => {
  const others = compilers.filter(name => !name.startsWith('libhyperscan'))
  const machine = createMachine(t, { 'dpkg-query': has(...needed, ...others, 'libvectorscan-dev 5.4.9') })
  const { status, stderr } = machine.setUp()
  t.equal(status, 0, stderr)
  t.strictSame(machine.called('apt-get'), [])
  t.equal(machine.called('make').length, 1)
})

t.test('who asks for the TypeScript scanner gets no compiler', async t => {
  const machine = createMachine(t, { 'dpkg-query': has(...needed) })
  const { status } = machine.setUp('run', { SLUICE_SCANNER: 'typescript' })
  t.equal(status, 0)
  t.strictSame([machine.called('apt-get'), machine.called('make')], [[], []])
})
