/**
 * The border of the addon: whatever JavaScript hands it, the answer is a result or an error, never a crash.
 */
import t from 'tap'
import type { NativeCore, NativeDatabase } from '#scanner/native.ts'
import { readOutput } from '#scanner/native-scanner.ts'
import type { Pattern } from '#scanner/pattern.ts'
import { loadTested } from '../scanner/engines.ts'

const loaded = loadTested()
if ('reason' in loaded) {
  t.fail(loaded.reason)
  process.exit()
}
const core: NativeCore = loaded.core
// The same without types: for calls that TypeScript would not let pass.
// biome-ignore lint/suspicious/noExplicitAny: wrong arguments are the point.
const loose = core as any

const pattern: Pattern = { kind: 'literal', text: 'word', caseless: true, word: 'none', zones: ['text'] }
const message = Buffer.from('Subject: a word\r\n\r\nsome words\r\n')

const load = (): NativeDatabase => {
  const { image } = core.compilePatterns([pattern])
  const database = core.loadPatterns(image!)
  if (typeof database === 'string') throw new Error(database)
  return database
}

const nothings: unknown[] = [
  undefined,
  null,
  0,
  1.5,
  'text',
  true,
  {},
  [],
  Symbol('s'),
  () => 0,
  10n,
  new Date(),
]

t.test('octets are a Uint8Array and nothing else', async t => {
  const scanner = loose.Scanner
  const open = new scanner()
  const wrong = [
    ...nothings,
    new ArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
    new Uint16Array(4),
    new Int8Array(4),
    new Uint8ClampedArray(4),
  ]
  for (const value of wrong) {
    t.throws(() => open.write(value), { name: 'TypeError' })
    t.throws(() => loose.loadPatterns(value), { name: 'TypeError' })
    t.throws(() => loose.findPatterns(value), { name: 'TypeError' })
  }
  t.throws(() => open.write(), { name: 'TypeError' })
  t.throws(() => open.write(new Uint8Array(new SharedArrayBuffer(8))), /shared memory may change/)
  open.write(message)
  t.ok(readOutput(open.end()).parts.length > 0, 'the scanner goes on after refusals')
})

t.test('empty, detached and resized octets are nothing, or what is left', async t => {
  const scanner = new core.Scanner()
  scanner.write(new Uint8Array(0))
  const gone = new Uint8Array(8)
  gone.buffer.transfer()
  scanner.write(gone)
  const buffer = new ArrayBuffer(8, { maxByteLength: 16 })
  const view = new Uint8Array(buffer, 4, 4)
  buffer.resize(2)
  scanner.write(view)
  scanner.write(message.subarray(3))
  t.equal(readOutput(scanner.end()).size, message.length - 3)
})

t.test('limits are integers within reason', async t => {
  for (const name of ['depth', 'parts', 'fields', 'header', 'links', 'link', 'kept', 'matches'])
    for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, '5', null, {}])
      t.throws(
        () => new loose.Scanner(undefined, { [name]: value }),
        { name: 'RangeError' },
        `${name} ${value}`,
      )
  for (const value of ['text', 5, null, true])
    t.throws(() => new loose.Scanner(undefined, value), { name: 'TypeError' })
  const none = { depth: 0, parts: 0, fields: 0, header: 0, links: 0, link: 0, kept: 0, matches: 0 }
  const scanner = new core.Scanner(undefined, none)
  scanner.write(message)
  t.equal(readOutput(scanner.end()).size, message.length, 'every limit may be nothing')
})

t.test('patterns for a scanner are a database that was not released', async t => {
  const database = load()
  for (const value of [
    ...nothings.slice(1),
    new core.Scanner(),
    Object.create(database),
    new Proxy(database, {}),
  ])
    t.throws(() => new loose.Scanner(value), { name: 'TypeError' })
  const scanner = new core.Scanner(database)
  database.release()
  database.release()
  t.throws(() => new core.Scanner(database), /released/)
  t.throws(() => database.describe(), /released/)
  t.throws(() => database.verdicts(), /released/)
  scanner.write(message)
  t.ok(readOutput(scanner.end()).matches.length > 0, 'an open scanner keeps its patterns')
})

t.test('nobody makes a database or a model but the functions that load them', async t => {
  const database = load()
  const Class = (database as unknown as { constructor: new (...values: unknown[]) => unknown }).constructor
  for (const value of [undefined, {}, database]) t.throws(() => new Class(value), { name: 'TypeError' })
  t.throws(() => loose.Scanner(), 'a class is no function')
})

t.test('methods are for their own objects', async t => {
  const [scanner, database] = [new core.Scanner(), load()]
  for (const receiver of [{}, database, undefined, Object.create(scanner)]) {
    t.throws(() => scanner.write.call(receiver as never, message))
    t.throws(() => scanner.end.call(receiver as never))
  }
  t.throws(() => database.release.call(scanner as never))
})

t.test('a pattern is what pattern.ts says, or a TypeError that names the field', async t => {
  const regex = {
    kind: 'regex',
    source: 'a',
    caseless: true,
    dotall: false,
    multiline: false,
    unicode: true,
    zones: ['text'],
  }
  const wrong: [value: unknown, sentence: RegExp][] = [
    ...nothings
      .filter(value => typeof value !== 'object' && typeof value !== 'function')
      .map((value): [unknown, RegExp] => [value, /a pattern is an object/]),
    [null, /a pattern is an object/],
    [{}, /kind of pattern is a string/],
    [{ ...pattern, kind: 'glob' }, /no kind of pattern 'glob'/],
    [{ ...pattern, text: 5 }, /text of a literal is a string/],
    [{ ...pattern, word: 'half' }, /no word 'half'/],
    [{ ...pattern, caseless: 1 }, /caseless/],
    [{ ...pattern, zones: 'text' }, /zones of a pattern are an array/],
    [{ ...pattern, zones: ['nowhere'] }, /no zone 'nowhere'/],
    [{ ...regex, source: undefined }, /source of a regular expression is a string/],
    [{ ...regex, every: 'yes' }, /every/],
  ]
  for (const [value, sentence] of wrong) {
    t.throws(() => loose.compilePatterns([value]), { name: 'TypeError', message: sentence })
    t.throws(() => loose.inspectPattern(value), { name: 'TypeError', message: sentence })
  }
  const hostile = new Proxy(pattern, {
    get() {
      throw new RangeError('a trap')
    },
  })
  t.throws(
    () => core.compilePatterns([hostile]),
    { name: 'RangeError', message: 'a trap' },
    'errors of JavaScript pass through',
  )
  for (const value of nothings.filter(value => !Array.isArray(value)))
    t.throws(() => loose.compilePatterns(value), { name: 'TypeError' })
})

t.test('an image that is none is refused with a reason', async t => {
  const { image } = core.compilePatterns([pattern])
  const torn = [
    new Uint8Array(0),
    Buffer.from('nonsense'),
    image!.subarray(0, image!.length - 1),
    image!.subarray(8),
  ]
  const flipped = Buffer.from(image!)
  flipped[flipped.length >> 1]! ^= 1
  for (const value of [...torn, flipped]) t.match(core.loadPatterns(value), /\w/)
})

t.test('an image is found by its beginning for as long as somebody holds what was loaded of it', async t => {
  const { image } = core.compilePatterns([{ ...pattern, text: 'held by this test' } as Pattern])
  const beginning = image!.subarray(0, 256)
  t.equal(core.findPatterns(beginning), undefined, 'nobody has loaded it')
  const loaded = core.loadPatterns(image!) as NativeDatabase
  const found = core.findPatterns(beginning)
  t.equal(found?.describe().patterns, 1)
  for (const none of [new Uint8Array(0), image!.subarray(0, 64), image!.subarray(8), new Uint8Array(256)])
    t.equal(core.findPatterns(none), undefined)
  loaded.release()
  const last = core.findPatterns(beginning)
  t.equal(last?.describe().patterns, 1, 'one share is left')
  for (const share of [found, last]) share?.release()
  t.equal(core.findPatterns(beginning), undefined, 'nobody holds it')
})

t.test('tables that come back for scoring are checked', async t => {
  const scanner = new core.Scanner()
  scanner.write(message)
  const output = readOutput(scanner.end())
  const extractor = new core.FeatureExtractor()
  t.equal(extractor.extract(output).length, core.features.groups.length)
  for (const name of ['parts', 'fields', 'texts', 'links', 'flags', 'strings', 'text', 'size'])
    for (const value of nothings.filter(value => typeof value !== 'number'))
      t.throws(() => extractor.extract({ ...output, [name]: value } as never), { name: 'TypeError' }, name)
  for (const value of nothings.slice(0, 5))
    t.throws(() => loose.FeatureExtractor.prototype.extract.call(extractor, value))
  // Whatever the numbers say, nothing outside the tables is read.
  const wild = (table: Uint32Array) => table.map((_, index) => (index * 2_654_435_761) >>> 0)
  const odd = {
    ...output,
    parts: wild(output.parts),
    fields: wild(output.fields),
    texts: wild(output.texts),
    links: wild(output.links),
    flags: wild(output.flags),
  }
  t.equal(extractor.extract(odd).length, core.features.groups.length)
  for (const options of [
    { bits: [20, 20, 20], window: 2, carried: false },
    { bits: [20, 20, 20, 25], window: 2, carried: false },
    { bits: [20, 20, 20, 20], window: 9, carried: false },
    { bits: [20, 20, 20, 20], window: 2 },
  ])
    t.throws(() => new core.FeatureExtractor(options as never))
  t.type(core.openModel('/nowhere/at/all'), 'string')
  t.throws(() => loose.openModel(5), { name: 'TypeError' })
})

t.test('CPUs are numbers of CPUs', async t => {
  for (const value of [-1, 0.5, 8_192, '0', null])
    t.throws(() => loose.pinTo([value]), { name: 'RangeError' })
  t.throws(() => loose.pinTo('0'), { name: 'TypeError' })
  t.not(core.pinTo([]), 0, 'on no CPU nothing runs')
})
