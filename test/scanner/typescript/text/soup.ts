/** Texts that look like mail, HTML and what people do to it; and places to cut them. */
import fc from 'fast-check'

const words = fc.constantFrom(
  'free',
  'Viagra',
  'Größe',
  'Привет',
  '你好',
  '👍🏽',
  'a',
  'x.y',
  '&',
  '<',
  '>',
  '"',
  "'",
  '--',
  '-->',
  ']]>',
  '%',
  '\0',
  '\u0007',
  '\u{10ffff}',
)

const spaces = fc.constantFrom(
  ' ',
  '  ',
  '\n',
  '\r\n',
  '\r',
  '\r\n\r\n',
  '\t',
  '\f',
  '\u0085',
  '\u00a0',
  '\u1680',
  '\u2003',
  '\u2028',
  '\u2029',
  '\u202f',
  '\u205f',
  '\u3000',
)

const invisibles = fc.constantFrom(
  '\u00ad',
  '\u034f',
  '\u061c',
  '\u115f',
  '\u17b4',
  '\u180e',
  '\u200b',
  '\u200d',
  '\u202e',
  '\u2060',
  '\u3164',
  '\ufe0f',
  '\ufeff',
  '\uffa0',
  '\u{e0041}',
)

const links = fc.constantFrom(
  'http://example.com/a?b=c&d=e',
  'HTTPS://user:pw@Example.COM:8443/x(y)',
  'hxxp://evil.example/',
  'http:\\\\evil.example\\x',
  'ftp://ftp.example',
  'file://server/share',
  'www.example.org',
  'xwww.example.org',
  'example.net/path',
  'a/b.c/d',
  'bob@example.com',
  'Bob.O’Neil@exämple.de',
  'jürgen@müller.example',
  'http://例え.example/道。',
  '(see http://example.com/a).',
  'http://',
  'mailto:al@example.com',
  '@',
  '://',
  'http://x'.padEnd(60, 'y/'),
)

const entities = fc.constantFrom(
  '&amp;',
  '&amp',
  '&ampx',
  '&AMP=',
  '&notin;',
  '&notit;',
  '&nbsp;',
  '&#65;',
  '&#x41',
  '&#x41;',
  '&#0;',
  '&#150;',
  '&#xd800;',
  '&#99999999;',
  '&#x;',
  '&#;',
  '&#',
  '&CounterClockwiseContourIntegral;',
  '&CounterClockwiseContourIntegralX',
  '&acE;',
  '&unknown;',
  '&lt;b&gt;',
  '&zwnj;',
)

const styles = fc.constantFrom(
  'display:none',
  'display : NONE !important',
  'display:block',
  'visibility:hidden',
  'visibility:visible',
  'font-size:0',
  'font-size:1px',
  'font-size:.05em',
  'font-size:14px',
  'font-size:200%',
  'font:0/0 a',
  'font: bold 12pt/1.5 Arial',
  'opacity:0',
  'opacity: 0.5',
  'color:#fff',
  'color:white;background:black',
  'background:#fefefe',
  'background:url(http://example.com/b.png) #fff',
  'color:rgb(255, 255, 255)',
  'color:rgba(0,0,0,0)',
  'color:transparent',
  'overflow:hidden;max-height:0',
  'overflow:hidden;width:1px',
  'text-indent:-9999px',
  'mso-hide:all',
  ';;:;',
  'color',
)

const values = fc.oneof(
  links,
  styles,
  entities,
  words,
  fc.constantFrom(
    '',
    '#top',
    'cid:1',
    'data:image/png;base64,AAAA',
    'java\tscript:alert(1)',
    ' http://\nexample.com/ ',
    'mailto:a%40b.example,c@d.example?subject=x',
    '//example.com/x',
    'a.png 1x, http://example.com/b.png 2x',
    '0;url="http://example.com/r"',
    'refresh',
    'hidden',
    'x y z',
    'white',
    '#FFFFFF',
    'ffffff',
  ),
)

const names = fc.constantFrom(
  ...'href src style class id hidden bgcolor color background srcset content http-equiv alt value type action'.split(
    ' ',
  ),
  'HREF',
  'data-x',
  'on"x',
)

const attribute = fc
  .tuple(names, fc.constantFrom('="', "='", '=', ' = "', ''), values)
  .map(([name, sign, value]) =>
    sign === '' ? name : `${name}${sign}${value}${sign.endsWith('"') ? '"' : sign.endsWith("'") ? "'" : ''}`,
  )

const elements = fc.constantFrom(
  ...'a b i font span div p br hr td tr table tbody th ul li dl dd dt h1 h2 h3 body html head img input'.split(
    ' ',
  ),
  ...'title style script textarea template iframe noscript xmp svg math desc select option center x-y object'.split(
    ' ',
  ),
  'DIV',
  'stylex',
)

const tag = fc
  .tuple(elements, fc.array(attribute, { maxLength: 3 }), fc.constantFrom('>', '>', '>', '/>', ' >', ''))
  .map(([name, attributes, end]) => `<${[name, ...attributes].join(' ')}${end}`)
const endTag = fc
  .tuple(elements, fc.constantFrom('>', '>', ' x>', ''))
  .map(([name, end]) => `</${name}${end}`)

const oddities = fc.constantFrom(
  '<!-- c -->',
  '<!-->',
  '<!--->',
  '<!--x--!>',
  '<!--x--',
  '<!--[if mso]><a href="http://example.com/mso">x</a><![endif]-->',
  '<![if !mso]>',
  '<![CDATA[x]]>',
  '<!DOCTYPE html>',
  '<?xml version="1"?>',
  '</>',
  '</ x>',
  '<',
  '</',
  '<!',
  '<!-',
  '<a',
  '<a href="',
  '<style>.x{display:none} b#y, .z { color:#fff !important }</style>',
  '<style>@media print{.x{display:none}} @media screen{.y{font-size:0}} /* } */ .z{',
  '<script>var a = "http://example.com/s"; if (a</b/.test(c)) </script >',
  '<title>a &amp; b</title>',
  '<plaintext>',
)

const text = fc.oneof(words, spaces, invisibles, links, entities)

export const plainText = fc.array(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 4 })), {
  maxLength: 40,
})

export const html = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: text },
    { weight: 4, arbitrary: tag },
    { weight: 2, arbitrary: endTag },
    { weight: 1, arbitrary: oddities },
  ),
  { maxLength: 60 },
)

export const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })
export const linkLimits = fc.constantFrom(8, 32, 4096)
