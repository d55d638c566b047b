import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readPathArgument } from '#session/path-argument.ts'

const show = (argument: string): unknown => {
  const read = readPathArgument(argument, 'TO:')
  return read && [read.path, ...[...read.parameters].flat()]
}

t.test('the path ends at the first bracket that is not quoted', async t => {
  const rows: [argument: string, expected: unknown][] = [
    ['TO:<a@b>', ['a@b']],
    ['to:<a@b>', ['a@b']],
    ['TO:  <a@b>', ['a@b']],
    ['TO:<>', ['']],
    ['TO:<"a>b"@c>', ['"a>b"@c']],
    ['TO:<"a\\">b"@c>', ['"a\\">b"@c']],
    ['TO:<a@b> X', ['a@b', 'X', undefined]],
    ['TO:<a@b>  x=1  Y-2=z', ['a@b', 'X', '1', 'Y-2', 'z']],
    ['TO:<a@b> X=<>', ['a@b', 'X', '<>']],
    ['TO:<"a>', undefined],
    ['TO:<"a\\', undefined],
    ['TO:<a@b', undefined],
    ['TO:a@b', undefined],
    ['TO <a@b>', undefined],
    ['TO :<a@b>', undefined],
    ['FROM:<a@b>', undefined],
    ['TO:<a@b>>', undefined],
    ['TO:<a@b> =1', undefined],
    ['TO:<a@b> X=', undefined],
    ['TO:<a@b> X=1=2', undefined],
    ['TO:<a@b> -X=1', undefined],
    ['TO:<a@b> X=1 x=2', undefined],
    ['', undefined],
  ]
  for (const [argument, expected] of rows) t.strictSame(show(argument), expected, argument)
})

t.test('it takes linear time', async t => {
  const begun = performance.now()
  for (const text of ['"'.repeat(1e6), '\\"'.repeat(5e5), `<${'a'.repeat(1e6)}`, `<a> ${'X='.repeat(5e5)}`])
    readPathArgument(`TO:<"${text}`, 'TO:')
  readPathArgument(`TO:<a> ${' '.repeat(1e6)}X`, 'TO:')
  t.ok(performance.now() - begun < 2_000)
})

t.test('whatever comes, a path is a part of it', async () => {
  const characters = fc.constantFrom('<', '>', '"', '\\', 'a', '@', ' ', '=', 'X')
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 20 }), parts => {
      const argument = `TO:${parts.join('')}`
      const read = readPathArgument(argument, 'TO:')
      if (read !== undefined) assert.ok(argument.includes(`<${read.path}>`))
    }),
    { numRuns: 2_000 },
  )
})
