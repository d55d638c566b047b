import t from 'tap'
import { readers } from './reading.ts'

const hides: readonly (readonly [why: string, html: string])[] = [
  ['not displayed', '<p style="display:none">x</p>'],
  ['not displayed, in capitals and with spaces', '<p style=" DISPLAY : None !important">x</p>'],
  ['not displayed, inside', '<div style="display:none"><p style="display:block">x</div>'],
  ['not visible', '<p style="visibility:hidden">x</p>'],
  ['no size', '<p style="font-size:0">x</p>'],
  ['a pixel', '<p style="font-size:1px">x</p>'],
  ['half a point, by shorthand', '<p style="font:bold .5pt/1 Arial">x</p>'],
  ['a percent of the size around it', '<p style="font-size:1%">x</p>'],
  ['nothing of nothing', '<p style="font-size:0"><b style="font-size:2em">x</b>'],
  ['opacity', '<p style="opacity:0">x</p>'],
  ['white on the white of the page', '<font color="white">x</font>'],
  ['nearly white, where eyes see no difference', '<p style="color:#fefefe">x</p>'],
  ['as what is behind it', '<table bgcolor="#123456"><td><p style="color:rgb(18,52,86)">x'],
  ['colour without any', '<p style="color:transparent">x</p>'],
  ['colour of no opacity', '<p style="color:rgba(0, 0, 0, 0)">x</p>'],
  ['no room', '<div style="max-height:0;overflow:hidden">x</div>'],
  ['far beside the page', '<p style="text-indent:-9999px">x</p>'],
  ['by attribute', '<p hidden>x</p>'],
  ['by class', '<style>.a { display : none }</style><p class="b A">x</p>'],
  [
    'by class of one element, by id, in a list',
    '<style>/* } */ h1, p.a,#b{color:#fff}</style><p class=a>x</p><i id=b>x</i>',
  ],
  ['by a rule for all screens', '<style>@media screen { .a { display:none } }</style><p class=a>x</p>'],
  [
    'by a rule that is more important',
    '<style>.a{display:none!important}</style><p class=a style="display:block">x</p>',
  ],
]

const shows: readonly (readonly [why: string, html: string])[] = [
  ['behind what is hidden', '<p style="display:none"></p>x'],
  ['behind a paragraph that the next one ends', '<p style="display:none"><p>x'],
  ['behind a cell that the next one ends', '<table><tr><td style="display:none"><td>x'],
  ['behind an item that the next one ends', '<li style="display:none"><ul><li></ul><li>x'],
  ['behind a heading that another one ends', '<h1 style="display:none"></h2>x'],
  ['visible again', '<p style="visibility:hidden"><b style="visibility:visible">x'],
  ['large again', '<td style="font-size:0"><p style="font-size:14px">x'],
  [
    'formatting that goes on behind its paragraph',
    '<div style="font-size:0"><p><font style="font-size:14px"></p><p>x',
  ],
  ['formatting that ends across a block', '<div style="font-size:0"><b><p style="font-size:14px"></b>x'],
  ['white on black', '<td bgcolor=black><font color=white>x'],
  ['white on black by class', '<style>.a{background:#000}</style><td class=a style="color:#fff">x'],
  ['white on a picture', '<td background="a.png" style="color:#fff">x'],
  ['white on a gradient', '<td style="background:linear-gradient(red, blue);color:#fff">x'],
  ['a link, which has its own colour', '<td style="color:#fff"><a href="http://example.com/">x</a>'],
  ['a colour that is not known', '<font color="chucknorris">x</font>'],
  ['room and no overflow', '<div style="max-height:0">x</div>'],
  ['hidden from one client only', '<p style="mso-hide:all">x</p>'],
  ['a rule for small windows', '<style>@media (max-width:600px){.a{display:none}}</style><p class=a>x'],
  ['a rule for paper', '<style>@media print{.a{display:none}}</style><p class=a>x'],
  ['a rule for what is not simple', '<style>div .a, .a:hover{display:none}</style><p class=a>x'],
  ['the element takes back its attribute', '<p hidden style="display:block">x'],
]

for (const [name, read] of readers) {
  t.test(`${name}: what a reader does not see is hidden, and told of`, async t => {
    for (const [why, html] of hides) {
      const { visible, hidden, flags } = read('html', html)
      t.match({ visible, flags }, { visible: '', flags: ['html-hidden'] }, why)
      t.match(hidden, 'x', why)
    }
  })

  t.test(`${name}: what may be seen is visible`, async t => {
    for (const [why, html] of shows) t.match(read('html', html), { visible: 'x', flags: [] }, why)
  })

  t.test(`${name}: hidden text parts no visible words, and hidden words of two places are two`, async t => {
    const { visible, hidden } = read('html', 'v<i hidden>foo</i>iag<i hidden>bar</i>ra')
    t.equal(visible, 'viagra')
    t.equal(hidden, 'foo\nbar')
  })

  t.test(`${name}: white space that is hidden is nothing to tell of`, async t => {
    t.same(read('html', '<div style="display:none">&nbsp; &#160;</div>x').flags, [])
  })

  t.test(`${name}: beyond the depth that is tracked text is visible`, async t => {
    const deep = `${'<div style="font-size:0">'.repeat(300)}<p style="font-size:14px">x`
    t.equal(read('html', deep).visible, 'x')
    t.equal(read('html', `${deep}${'</div>'.repeat(301)}<p style="font-size:0">y`).visible, 'x')
  })
}
