/**
 * Which expressions may run without an interruption.
 */
import t from 'tap'
import { waysAtOnePlace } from '#scanner/patterns/backtracking.ts'

t.test('what repeats without end, or repeats what repeats, has no bound', async t => {
  const wild = [
    'a+',
    'a*b',
    'a{3,}',
    '(?:a|b){1,9}',
    '(?:a{1,9}){9}',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '[^x]+?',
    '\\w*',
    'a\\\\+',
    '(?>a)',
  ]
  for (const source of wild) t.equal(waysAtOnePlace(source), Number.POSITIVE_INFINITY, source)
})

t.test('what only looks around has few ways', async t => {
  t.equal(waysAtOnePlace('(?<!not )free\\b'), 1)
  t.equal(waysAtOnePlace('\\+\\*\\{3,\\}[*+]'), 1)
  t.equal(waysAtOnePlace('(?=x)colou?r|grey'), 4)
  t.equal(waysAtOnePlace('a.{0,9}b\\p{L}{2}[)|]{1,3}'), 40)
})
