/**
 * A bundle as octets: what comes back, and what is refused before anything is done with it.
 */
import { createPrivateKey, sign } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { decodeBundle, encodeBundle } from '../../../src/content/bundle/container.ts'
import { readPublicKey, readSecretKey } from '../../../src/content/bundle/keys.ts'
import { bundleOf, draft, january, makePair, opened } from './rig.ts'

const pair = makePair()
const keys = [makePair().open, pair.open]
const small = bundleOf(pair, 7, 'purple elephant')
const reasonOf = (octets: Buffer, trusted = keys) => {
  const read = decodeBundle(octets, trusted)
  return read.kind === 'refused' ? read.reason : read.kind
}

t.test('what goes in comes out: manifest, files in their order, and who signed', async t => {
  const model = Buffer.from([0, 255, 13, 10])
  const facts = draft(3, { 'b.yaml': 'rules: {}', 'a.model': model, 'empty.cf': '' })
  const read = decodeBundle(encodeBundle(facts, pair.secret), keys)
  if (read.kind === 'refused') throw new Error(read.sentence)
  t.strictSame(
    read.files.map(({ name, octets }) => [name, Buffer.from(octets)]),
    facts.files.map(({ name, octets }) => [name, octets]),
  )
  t.match(read.manifest, { name: 'rules', sequence: 3, created: january, minimumVersion: '0.1.0' })
  t.equal(read.signer.text, pair.open.text)
})

t.test('every bit flip of a bundle is refused', async t => {
  const wrong: number[] = []
  for (let bit = 0; bit < small.length * 8; bit++) {
    const flipped = Buffer.from(small)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    if (decodeBundle(flipped, [pair.open]).kind !== 'refused') wrong.push(bit)
  }
  t.strictSame(wrong, [])
})

t.test('every bundle that is cut short or has something behind it is refused', async t => {
  for (let length = 0; length < small.length; length++)
    if (decodeBundle(small.subarray(0, length), keys).kind !== 'refused') t.fail(`cut to ${length} octets`)
  t.equal(reasonOf(Buffer.concat([small, Buffer.from([0])])), 'damaged')
  t.equal(reasonOf(small), 'bundle')
})

t.test('octets of any kind are a refusal, never an exception', async t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (octets, magic) => {
      const all = magic ? Buffer.concat([Buffer.from('SLUICEB1'), octets]) : Buffer.from(octets)
      return decodeBundle(all, keys).kind === 'refused'
    }),
    { numRuns: 2_000 },
  )
  t.pass()
})

t.test('a bundle of somebody else, and any bundle where no key is trusted, is untrusted', async t => {
  t.equal(reasonOf(bundleOf(makePair(), 7, 'purple elephant')), 'untrusted')
  t.equal(reasonOf(small, []), 'untrusted')
})

t.test('a manifest that another program signed with our key is judged as strictly', async t => {
  const key = createPrivateKey(pair.pem)
  const manifest = JSON.parse(Buffer.from(opened(small, pair).signed).toString())
  const content = small.subarray(small.length - manifest.files[0].size)
  const signed = (changed: unknown) => {
    const octets = Buffer.from(typeof changed === 'string' ? changed : JSON.stringify(changed))
    const length = Buffer.alloc(4)
    length.writeUInt32LE(octets.length)
    return Buffer.concat([Buffer.from('SLUICEB1'), length, sign(null, octets, key), octets, content])
  }
  t.equal(reasonOf(signed(manifest)), 'bundle')
  const file = manifest.files[0]
  const renamed = (name: unknown) => ({ ...manifest, files: [{ ...file, name }] })
  // A name is never part of a path unless it is a plain one.
  const names = [
    '../x.yaml', '/etc/x.yaml', 'a/b.yaml', 'a\\b.yaml', 'a\0.yaml', '..yaml', '.x.yaml', 'x..yaml', 'x.yaml\n', 'X.yaml',
    'x.yaml.', 'x.js', 'manifest.json', 'manifest.sig', '', 'ä.yaml', 'con:x.yaml', '-x.yaml', `${'x'.repeat(60)}.yaml`, 7, null,
  ] // biome-ignore format: a list to look at
  for (const name of names) t.equal(reasonOf(signed(renamed(name))), 'malformed', JSON.stringify(name))
  const wrong = [
    { ...manifest, files: [file, file] },
    { ...manifest, files: [] },
    { ...manifest, files: { length: 1 } },
    { ...manifest, files: Array.from({ length: 300 }, (_, index) => ({ ...file, name: `x${index}.yaml` })) },
    { ...manifest, files: [{ ...file, size: -1 }] },
    { ...manifest, files: [{ ...file, size: 2 ** 53 }] },
    { ...manifest, files: [{ ...file, size: '1' }] },
    { ...manifest, files: [{ ...file, mode: 0o4755 }] },
    { ...manifest, format: 'sluice bundle 2' },
    { ...manifest, sequence: 0 },
    { ...manifest, sequence: 1.5 },
    { ...manifest, name: '../rules' },
    { ...manifest, created: '2030-01-01' },
    { ...manifest, expires: manifest.created },
    { ...manifest, minimumVersion: 'newest' },
    { ...manifest, hook: 'run this' },
    [],
    'null',
    '{',
    '',
  ]
  for (const each of wrong) t.equal(reasonOf(signed(each)), 'malformed', JSON.stringify(each).slice(0, 200))
  t.equal(reasonOf(signed({ ...manifest, files: [{ ...file, size: file.size + 1 }] })), 'damaged')
})

t.test('no bundle is made that nobody could read', async t => {
  t.throws(() => encodeBundle(draft(1, { '../x.yaml': '' }), pair.secret), RangeError)
  t.throws(() => encodeBundle(draft(1, { 'a.model': '', 'b.model': '' }), pair.secret), /more than one model/)
})

t.test('what is no key is a sentence', async t => {
  for (const text of ['', 'x', pair.open.text.slice(1), `${pair.open.text} `, pair.pem])
    t.type(readPublicKey(text), 'string', text)
  t.match(readSecretKey('x'), /no private key/)
  t.match(readSecretKey(pair.open.text), /no private key/)
})
