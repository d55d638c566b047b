import t from 'tap'
import { readers } from './reading.ts'

const inText: readonly (readonly [why: string, text: string, links: readonly string[]])[] = [
  ['a URL', 'see http://example.com/a?b=c#d now', ['url http://example.com/a?b=c#d']],
  ['the scheme in capitals', 'HTTPS://EXAMPLE.COM', ['url HTTPS://EXAMPLE.COM']],
  ['what people write who mean http', 'hxxp://example.com/', ['url hxxp://example.com/']],
  [
    'backslashes, which browsers take for slashes',
    'http:\\\\example.com\\x',
    ['url http:\\\\example.com\\x'],
  ],
  ['schemes of programs', 'smb://server/share tg://x', ['url smb://server/share', 'url tg://x']],
  ['a scheme right behind a word', 'clickhttp://example.com', ['url http://example.com']],
  ['www. without a scheme', 'go to www.example.com.', ['url www.example.com']],
  ['a domain before a slash', 'go to example.com/offer!', ['url example.com/offer']],
  ['no domain at the end of a sentence', 'It ends here.Then it goes on e.g. so.', []],
  ['no path of a file', 'lib/foo.so/bar and/or 1.5/2', []],
  ['an address', 'mail bob.o-neil+x@mail.example.com, please', ['address bob.o-neil+x@mail.example.com']],
  ['the address in a mailto', '<mailto:bob@example.com?subject=x>', ['address bob@example.com']],
  ['no address without a domain', 'bob@localhost @example.com a@b @', []],
  [
    'punctuation of the sentence',
    '(see http://example.com/a), "http://example.com/b".',
    ['url http://example.com/a', 'url http://example.com/b'],
  ],
  [
    'brackets of the URL itself',
    'http://example.com/a_(b) [http://example.com/[c]]',
    ['url http://example.com/a_(b)', 'url http://example.com/[c]'],
  ],
  [
    'characters beyond ASCII',
    'http://bücher.example/größe ünal@müller.example',
    ['url http://bücher.example/größe', 'address ünal@müller.example'],
  ],
  [
    'a script without spaces',
    '请访问http://例え.example/道。或bob@example.com',
    ['url http://例え.example/道', 'address bob@example.com'],
  ],
  [
    'the quotation marks of a language',
    '«http://example.com» „http://example.org“',
    ['url http://example.com', 'url http://example.org'],
  ],
  ['a user before the host', 'http://bank.example@evil.example/', ['url http://bank.example@evil.example/']],
  ['a scheme and nothing else', 'http:// https://. ://', []],
  [
    'a link that characters without width pull apart',
    'http://ex\u200bample.com/',
    ['url http://example.com/'],
  ],
]

const inMarkup: readonly (readonly [why: string, html: string, links: readonly string[]])[] = [
  ['entities undone', '<a href="http://example.com/?a=1&amp;b=&#50;">', ['url http://example.com/?a=1&b=2']],
  [
    'an ampersand that begins a parameter',
    '<a href="http://example.com/?a=1&copy=2&lt">',
    ['url http://example.com/?a=1&copy=2<'],
  ],
  [
    'tabs and line ends, which browsers drop',
    '<a href=" http://exa\nmple\t.com/ ">',
    ['url http://example.com/'],
  ],
  [
    'quotes or none',
    "<a href=http://example.com/a><a href='http://example.com/b'>",
    ['url http://example.com/a', 'url http://example.com/b'],
  ],
  [
    'the first of two',
    '<a href="http://example.com/1" HREF="http://example.com/2">',
    ['url http://example.com/1'],
  ],
  [
    'other attributes',
    '<form action=/a><body background=b.png><img src=//example.com/c><button formaction=d><svg><a xlink:href="e">',
    ['url /a', 'url b.png', 'url //example.com/c', 'url d', 'url e'],
  ],
  [
    'pictures to choose from',
    '<img srcset="http://example.com/a,b 1x, http://example.com/c 2x">',
    ['url http://example.com/a,b', 'url http://example.com/c'],
  ],
  [
    'styles',
    '<td style="background: url( \'http://example.com/a.png\' ); x: URL(b.png)">',
    ['url http://example.com/a.png', 'url b.png'],
  ],
  [
    'a page that goes elsewhere by itself',
    '<meta http-equiv="Refresh" content="0; URL=\'http://example.com/\'">',
    ['url http://example.com/'],
  ],
  [
    'what relative links are relative to',
    '<base href="http://example.com/"><a href="x">',
    ['url http://example.com/', 'url x'],
  ],
  ['data: without its data', '<img src="data:image/png;base64,iVBORw0KGgo=">', ['url data:image/png;base64']],
  ['scripts', '<a href="java&#10;script:alert(1)">', ['url javascript:alert(1)']],
  [
    'addresses',
    '<a href="mailto:bob%40example.com,%20al@example.com?cc=x@example.com">',
    ['address bob@example.com', 'address %20al@example.com'],
  ],
  ['nothing for what is in the message itself', '<img src="cid:1"><a href="#top"><a href="">', []],
  [
    'comments, which one client obeys',
    '<!--[if mso]><a href="http://example.com/mso">x</a><![endif]-->',
    ['url http://example.com/mso'],
  ],
  [
    'code',
    '<script>location="http://example.com/s"</script><style>@import url(http://example.com/c.css);</style>',
    ['url http://example.com/s', 'url http://example.com/c.css'],
  ],
  ['a tag that never ends', '<a href="http://example.com/', ['url http://example.com/']],
]

const strip = (links: readonly string[], origin: string) =>
  links.map(link => link.replace(` ${origin} `, ' '))

for (const [name, read] of readers) {
  t.test(`${name}: links in text are found, with what belongs to them`, async t => {
    for (const [why, text, links] of inText) t.same(strip(read('plain', text).links, 'text'), links, why)
  })

  t.test(`${name}: links in markup are found wherever a client would follow them`, async t => {
    for (const [why, html, links] of inMarkup) t.same(strip(read('html', html).links, 'markup'), links, why)
  })

  t.test(`${name}: links of text go through the elements that the text goes through`, async t => {
    t.same(read('html', 'http://exam<b>ple.com</b><!-- x -->/a<br>b').links, [
      'url text http://example.com/a',
    ])
  })

  t.test(`${name}: a link longer than the limit is cut, not within a character, and told of`, async t => {
    const { links, flags } = read('plain', 'http://a.example/äöü http://b.example/', { linkLimit: 18 })
    t.same(links, ['url text http://a.example/', 'url text http://b.example/'])
    t.same(flags, ['link-long'])
  })

  t.test(
    `${name}: a run of text without end keeps its links, and no more of them than the limit`,
    async t => {
      const filler = '字'.repeat(20_000)
      t.same(read('plain', `${filler}bob@example.com${filler}http://example.com/`).links, [
        'address text bob@example.com',
        'url text http://example.com/',
      ])
      const { links, flags } = read('plain', `http://example.com/${'x'.repeat(100_000)} www.example.com`)
      t.same(links, [`url text http://example.com/${'x'.repeat(4096 - 19)}`, 'url text www.example.com'])
      t.same(flags, ['link-long'])
    },
  )

  t.test(`${name}: an anchor that shows the address of another host is told of`, async t => {
    const disagrees = (html: string) => read('html', html).flags.includes('link-disagrees')
    t.ok(disagrees('<a href="http://evil.example/">http://bank.example/login</a>'))
    t.ok(disagrees('<a href="http://bank.example@evil.example/">www.bank.example</a>'))
    t.ok(disagrees('<a href="http:evil.example"> bank.<b>example</b> </a>'))
    t.ok(disagrees('<a href="http://evil.example/">Log in at https://bank.example/ now</a>'))
    t.ok(disagrees('<a href="http://evil.example/">bаnk.example</a>'.replace('example<', 'com<')))
    t.notOk(disagrees('<a href="http://www.bank.example/x?y">bank.example</a>'))
    t.notOk(disagrees('<a href="https://login.bank.example/">http://Bank.Example/</a>'))
    t.notOk(disagrees('<a href="http://click.example/?u=1">Click here</a>'))
    t.notOk(disagrees('<a href="http://click.example/?u=1">bob@bank.example</a>'))
    t.notOk(disagrees('<a href="http://xn--bcher-kva.example/">bücher.example</a>'))
    t.notOk(disagrees('<a href="mailto:bob@evil.example">www.bank.example</a>'))
    t.notOk(disagrees('<a href="http://evil.example/">x</a> http://bank.example/'))
  })
}
