/** Expressions of meta rules mean what they mean to Perl. */
import t from 'tap'
import { compileMeta, fold, namesIn, parseMeta, runProgram } from '../../../src/content/spamassassin/meta.ts'

const values = new Map([
  ['ZERO', 0],
  ['ONE', 1],
  ['THREE', 3],
])
const names = [...values.keys()]

function run(text: string): number | string {
  const expression = parseMeta(text, glob => names.filter(name => name.startsWith(glob.replace('*', ''))))
  if (typeof expression === 'string') return expression
  const program = compileMeta(expression, name => names.indexOf(name))
  return runProgram(program, Float64Array.from(values.values()), new Float64Array(program.codes.length + 1))
}

t.test('operators bind and count as in Perl', async t => {
  const rows: readonly (readonly [text: string, value: number])[] = [
    ['ONE && THREE', 3],
    ['THREE || ONE', 3],
    ['ZERO || ONE', 1],
    ['!ZERO', 1],
    ['!THREE', 0],
    ['ONE + THREE * 2', 7],
    ['(ONE + THREE) * 2', 8],
    ['ONE + THREE > 3', 1],
    ['THREE >= 3 && ONE == 1', 1],
    ['ONE != 1', 0],
    ['10 - 2 - 3', 5],
    ['THREE / ZERO', 0],
    ['-ONE + 2', 1],
    ['!ONE + THREE', 3],
    ['ONE ^ THREE', 2],
    ['0.5 * THREE > 1.4', 1],
    ['rules_matching(T*) == 3', 1],
    ['rules_matching(NONE*)', 0],
    ['()', 0],
  ]
  for (const [text, value] of rows) t.equal(run(text), value, text)
})

t.test('what is no expression is a sentence', async t => {
  for (const text of ['ONE &&', '(ONE', 'ONE)', 'ONE ; system', '&& ONE', 'ONE $x', 'ONE THREE'])
    t.type(run(text), 'string', text)
})

t.test('nesting and length have bounds', async t => {
  t.match(run(`${'('.repeat(200)}ONE${')'.repeat(200)}`), /nested deeper/)
  t.match(run(Array(5_000).fill('ONE').join('+')), /more than/)
  t.equal(run(Array(1_900).fill('ONE').join('+')), 1_900)
})

t.test('what is known is folded away', async t => {
  const known = (name: string) => (name === 'ZERO' ? 0 : undefined)
  const folded = (text: string) => {
    const expression = parseMeta(text, () => [])
    return typeof expression === 'string' ? expression : fold(expression, known)
  }
  t.same(folded('ONE && ZERO'), { kind: 'number', value: 0 })
  t.same(folded('ZERO && ONE'), { kind: 'number', value: 0 })
  t.same(folded('ZERO || ONE'), { kind: 'rule', name: 'ONE' })
  t.same(folded('ONE + ZERO'), { kind: 'rule', name: 'ONE' })
  t.same(folded('!ZERO'), { kind: 'number', value: 1 })
  t.same(folded('ZERO + ZERO > 0'), { kind: 'number', value: 0 })
  const rest = folded('(ONE && ZERO) + THREE > 1')
  t.same(typeof rest === 'string' ? [] : [...namesIn(rest)], ['THREE'])
})
