import t from 'tap'
import { readers } from './reading.ts'

const rows: readonly (readonly [why: string, html: string, visible: string])[] = [
  ['inline elements and comments do not part words', 'v<b>i</b>a<!-- x -->g<span>r</span>a', 'viagra'],
  ['blocks do, into paragraphs', '<p>a</p><div>b</div>c<h1>d</h1><ul><li>e<li>f</ul>', 'a\nb\nc\nd\ne\nf'],
  ['line ends of the source are but white space', 'a\r\n\r\nb', 'a b'],
  ['one <br> ends a line, two a paragraph', 'a<br>b<br/><BR>c</br>d', 'a b\nc d'],
  ['cells part words, rows paragraphs', '<table><tr><td>a<td>b</td><tr><th>c</table>d', 'a b\nc\nd'],
  ['entities are undone', '&lt;a&gt; &amp;amp; &eacute;&euro;&acE;&hellip;', '<a> &amp; é€∾̳…'],
  [
    'entities without semicolon, as browsers have them',
    '&ampx &notit; &notin; &copy2 &unknown; &',
    '&x ¬it; ∉ ©2 &unknown; &',
  ],
  [
    'numbers, broken ones too',
    '&#65;&#x42;&#67x&#x44 &#150;&#xd800;&#0;&#1114112;&#; &#x;',
    'ABCxD –\ufffd\ufffd\ufffd&#; &#x;',
  ],
  ['a no-break space is white space', 'a&nbsp;&#160;b', 'a b'],
  ['a picture is its description', '<img src=x alt="Big sale">now', 'Big sale now'],
  [
    'buttons and fields show their text',
    '<input type=submit value="Log in"><input placeholder=Password><input type=hidden value=x>',
    'Log in Password',
  ],
  ['what is shown instead of scripts', '<noscript><b>a</b></noscript>', 'a'],
  ['text that looks like a tag', 'a < b <3 <>', 'a < b <3 <>'],
  ['nothing in place of an empty end tag', 'a</>b', 'ab'],
  ['raw text ends with its own end tag only', '<script>a</b></scripts>c</script >d<style>e</style/>f', 'df'],
  ['fields keep markup as text', '<textarea><b>&lt;</textarea><xmp><i>&lt;</xmp>', '<b><\n<i>&lt;'],
  ['plain text goes on to the end', '<plaintext>a</plaintext>', 'a</plaintext>'],
  ['attributes may hold what looks like an end', '<a title="a>b" alt=\'>\' x=/>c', 'c'],
  ['a comment ends where browsers end it', '<!-->a<!--->b<!-- x --!>c<!-- -- >d-->e<!--<!-->f', 'abcef'],
  [
    'declarations are none of the text, and end at the first >, also in quotes',
    '<!DOCTYPE html "a>b<?x y?>c<![CDATA[d]]>e',
    'bce',
  ],
  ['CDATA is text in SVG', '<svg><![CDATA[a<b]]]></svg>c', 'a<b]c'],
  ['SVG ends where HTML goes on, and its styles hold markup', '<svg><style><p>a</p></style>b', 'a\nb'],
  ['NUL is nothing', 'a\0b<scr\0ipt>c', 'abc'],
]

for (const [name, read] of readers) {
  t.test(`${name}: HTML is what a reader sees of it`, async t => {
    for (const [why, html, visible] of rows) t.equal(read('html', html).visible, visible, why)
  })

  t.test(`${name}: comments, titles and templates are hidden, and nothing to tell of`, async t => {
    const { visible, hidden, flags } = read(
      'html',
      '<title>a</title><!-- b -->c<!--d--><template><p>e</template><iframe><b></iframe>',
    )
    t.equal(visible, 'c')
    t.equal(hidden, 'a\nb\nd\ne<b>')
    t.same(flags, [])
  })

  t.test(`${name}: markup that never ends is told of, and its text is not lost`, async t => {
    const unfinished = [
      'a<b',
      'a<a href="',
      'a<!-- b',
      'a<style>b',
      'a<title>b',
      'a<!doctype',
      'a<svg><![CDATA[b',
    ]
    for (const html of unfinished) t.same(read('html', html).flags, ['html-unfinished'], html)
    for (const html of ['a<', 'a</', 'a&am', '<plaintext>a', '<p>a', 'a<'])
      t.same(read('html', html).flags, [], html)
    t.equal(read('html', 'a<').visible, 'a<')
    t.equal(read('html', 'a&amp').visible, 'a&')
    t.equal(read('html', 'a<!-- b -').hidden, 'b')
  })

  t.test(`${name}: plain letters written as numbers are told of when there are many`, async t => {
    const obscured = (text: string) => [...text].map(c => `&#${c.codePointAt(0)};`).join('')
    t.same(read('html', obscured('Viagra')).flags, [])
    t.same(read('html', obscured('Viagra pills')).flags, ['html-obscured'])
    t.same(read('html', obscured('Привет, мир')).flags, [])
  })
}
