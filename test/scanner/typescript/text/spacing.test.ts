import t from 'tap'
import { readers } from './reading.ts'

const rows: readonly (readonly [why: string, text: string, visible: string])[] = [
  ['a run of white space is one space', 'a  \t b', 'a b'],
  ['one line end is white space, as lines are wrapped anywhere', 'a\r\nb\nc\rd', 'a b c d'],
  ['two line ends are a paragraph, and so are more', 'a\r\n\r\nb\n \n\n\nc', 'a\nb\nc'],
  ['CR LF is one line end and not two', 'a\r\nb', 'a b'],
  ['nothing at the beginning or the end', ' \r\n\r\n a \r\n', 'a'],
  ['white space of Unicode is white space', 'a\u00a0\u2003\u3000b\u202fc\u1680d', 'a b c d'],
  [
    'the line separator ends a line, the paragraph separator a paragraph',
    'a\u2028b\u2029c\u2028\u0085d',
    'a b\nc\nd',
  ],
  ['characters without width are gone, words are whole again', 'v\u200bi\u00ada\ufeffg\u{e0041}ra', 'viagra'],
  ['white space around them is one run', 'a \u200b b', 'a b'],
  ['controls have no width either', 'v\u0000i\u0007a\u007fg\u0090ra', 'viagra'],
  ['directions are not turned round', 'a\u202eb\u2066c', 'abc'],
  ['other characters stay as they are', 'Größe Привет 你好 👍🏽 ﬁ', 'Größe Привет 你好 👍🏽 ﬁ'],
  ['a text of nothing visible is empty', ' \u200b\r\n\u00a0', ''],
]

for (const [name, read] of readers) {
  t.test(`${name}: plain text is what is seen of it`, async t => {
    for (const [why, text, visible] of rows) t.equal(read('plain', text).visible, visible, why)
  })

  t.test(`${name}: characters without width are told of, once and only when there are some`, async t => {
    t.same(read('plain', 'a\u00a0b').flags, [])
    t.same(read('plain', 'a\u200bb\u200bc').flags, ['invisible'])
    t.same(read('html', '<p>a&zwnj;b</p>').flags, ['invisible'])
  })

  t.test(`${name}: octets may be cut within a character`, async t => {
    const cuts = Array.from({ length: 40 }, (_, i) => i / 40)
    t.equal(read('plain', 'ä\u2003ö \u200b你\u{e0041}👍', { cuts }).visible, 'ä ö 你👍')
  })
}
