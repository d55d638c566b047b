/** Small rules against small messages: a row each, with the reason why it hits or not. */
import t from 'tap'
import { createEvaluator } from '../../../src/content/spamassassin/evaluator.ts'
import type { MessageContext } from '../../../src/content/spamassassin/message-view.ts'
import { readRules } from '../../../src/content/spamassassin/read.ts'
import { buildRuleset, type Ruleset } from '../../../src/content/spamassassin/ruleset.ts'
import { typescriptEngine } from '../../../src/scanner/typescript-scanner.ts'
import { wire } from './mails.ts'
import { withReferenceMatches } from './reference.ts'

const scanner = typescriptEngine.open({})

const rulesOf = (text: string): Ruleset => buildRuleset(readRules([{ path: 'x.cf', text }]))

function evaluate(ruleset: Ruleset, message: string, context: Omit<MessageContext, 'header'> = {}) {
  const octets = wire(message)
  scanner.write(octets)
  const scan = withReferenceMatches(scanner.end(), ruleset.patterns, octets)
  const evaluator = createEvaluator(ruleset)
  const evaluation = evaluator.evaluate(scan, { header: octets, ...context })
  return { ...evaluation, names: [...evaluator.hitNames()].sort() }
}

const hits = (rules: string, message: string, context: Omit<MessageContext, 'header'> = {}) =>
  evaluate(rulesOf(rules), message, context).names

const plain = `Received: from a.example.net (a.example.net [203.0.113.7]) by mx.example.org (Postfix) with ESMTP id 1
Received: from b.example.net (unknown [198.51.100.9])
	by a.example.net (Postfix) with ESMTPSA id 2
From: "Doe, John" <John@Example.NET>, other@example.com
To: bob@example.org
Cc: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from  here
Message-ID: <1@a.example.net>
Content-Type: text/plain; charset=utf-8

First paragraph
ends here.

Second http://www.example.com/a?b=1 paragraph.
`

t.test('header rules see the value that SpamAssassin would see', async t => {
  const rows: readonly (readonly [why: string, rule: string, hits: boolean])[] = [
    ['encoded words are decoded', 'Subject =~ /^Gr\\xc3\\xbc\\xc3\\x9fe from/', true],
    ['raw is as it came', 'Subject:raw =~ /^=\\?utf-8\\?Q/', true],
    ['other fields do not count', 'Subject =~ /John/', false],
    ['names of fields have no case', 'sUBJECT =~ /from/', true],
    ['the end is the end of the value', 'Subject =~ /here$/', true],
    ['not: hits where nothing is found', 'Subject !~ /nothing/', true],
    ['not: does not hit where it is found', 'Subject !~ /from/', false],
    ['a field that is not there is empty', 'X-Nothing =~ /^$/', true],
    ['not: a field that is not there hits', 'X-Nothing !~ /x/', true],
    ['unless it says what to take', 'X-Nothing =~ /^UNSET$/ [if-unset: UNSET]', true],
    ['and then only where it is not there', 'Subject =~ /UNSET/ [if-unset: UNSET]', false],
    [
      'addresses come one a line, a comma in quotes is none',
      'From:addr =~ /^John\\@Example\\.NET\\nother\\@example\\.com$/',
      true,
    ],
    ['the first field alone', 'Received:first =~ /^from a.*id 1$/', true],
    ['names without quotes', 'From:name =~ /^Doe, John$/', true],
    ['names are decoded', 'Cc:name =~ /^J\\xc3\\xb6rg$/', true],
    ['several fields are one text', 'Received =~ /id 1\\nfrom b/', true],
    ['folds are one blank', 'Received =~ /9\\]\\) by a/', true],
    ['all of the header', 'ALL =~ /^Message-ID: <1/m', true],
    ['all of it as it came', 'ALL:raw =~ /\\)\\n\\tby a/', true],
    ['To and Cc together', 'ToCc =~ /bob.*\\n.*joerg/', true],
    ['message ids of several names', 'MESSAGEID =~ /^<1\\@/', true],
    [
      'the way of the message, nearest first',
      'X-Spam-Relays-External =~ /^\\[ ip=203\\.0\\.113\\.7 rdns=a\\.example\\.net helo=a\\.example\\.net /',
      true,
    ],
    ['and before', 'X-Spam-Relays-External =~ /ip=198\\.51\\.100\\.9 rdns= .* auth=ESMTPSA /', true],
  ]
  for (const [why, rule, expected] of rows)
    t.same(hits(`header A ${rule}\n`, plain), expected ? ['A'] : [], why)
})

t.test('the client of the session is the nearest relay', async t => {
  const rule =
    'header A X-Spam-Relays-External =~ /^\\[ ip=192\\.0\\.2\\.99 rdns=c\\.example helo=friend by=mx .*\\[ ip=203/\n'
  const client = { address: '192.0.2.99', name: 'c.example', helo: 'friend' }
  t.same(hits(rule, plain, { client, receivedBy: 'mx' }), ['A'])
  t.same(hits(rule, plain), [])
})

t.test('the envelope is what the session says', async t => {
  t.same(hits('header A EnvelopeFrom =~ /^x\\@/\n', plain, { envelopeFrom: 'x@example.net' }), ['A'])
  t.same(hits('header A EnvelopeFrom =~ /^x\\@/\n', plain), [])
})

t.test('presence of fields', async t => {
  t.same(hits('header A exists:Cc\nheader B exists:Bcc\nheader C exists:ToCc\n', plain), ['A', 'C'])
})

t.test('body rules see paragraphs, and the subject', async t => {
  const rows: readonly (readonly [why: string, rule: string, hits: boolean])[] = [
    ['lines of a paragraph are one', '/paragraph ends/', true],
    ['a paragraph has a beginning', '/^Second/', true],
    ['and an end', '/here\\.$/', true],
    ['nothing matches across two', '/here\\.\\s+Second/', false],
    ['a dot that takes everything does not either', '/here.*Second/s', false],
    ['the subject counts', '/Gr\\xc3\\xbc/', true],
    ['other fields do not', '/bob\\@example/', false],
    ['case as the rule says', '/first/', false],
    ['case as the rule says', '/first/i', true],
  ]
  for (const [why, rule, expected] of rows)
    t.same(hits(`body A ${rule}\n`, plain), expected ? ['A'] : [], why)
  t.same(hits('body A /Gr/\ntflags A nosubject\n', plain), [], 'unless the rule does not want it')
})

const html = `From: a@example.net
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<p>Click <a href="http://www.example.com/x">here</a></p>
<!-- secret -->
--b
Content-Type: application/zip; name="a.zip"
Content-Transfer-Encoding: base64

UEsDBA==
--b--
`

t.test('rawbody, full, uri and mimeheader rules look at source, message, links and parts', async t => {
  const rows: readonly (readonly [why: string, rule: string, hits: boolean])[] = [
    ['source with its tags', 'rawbody A /<a href="http/', true],
    ['line ends are line feeds', 'rawbody A /<\\/p>\\n<!--/', true],
    ['a dollar is before a line end', 'rawbody A /<\\/p>$/m', true],
    ['text without tags', 'body A /Click here/', true],
    ['the message as it came', 'full A /^UEsDBA==$/m', true],
    ['links', 'uri A /^http:\\/\\/www\\.example\\.com\\/x$/', true],
    ['not text', 'uri A /Click/', false],
    ['fields of parts', 'mimeheader A Content-Type =~ /^application\\/zip/', true],
    ['fields of the message are fields of a part', 'mimeheader A Content-Type =~ /^multipart/', true],
    ['where a header rule sees the message alone', 'header A Content-Type =~ /^application/', false],
  ]
  for (const [why, rule, expected] of rows) t.same(hits(`${rule}\n`, html), expected ? ['A'] : [], why)
})

t.test('multiple counts, up to maxhits', async t => {
  const count = (flags: string) =>
    evaluate(rulesOf(`body __E /e/\ntflags __E ${flags}\nmeta A __E\n`), 'Subject: e\n\neee ee\n').hits[0]
      ?.value
  t.equal(count('multiple'), 6)
  t.equal(count('multiple maxhits=4'), 4)
  t.equal(count('nice'), 1)
  t.same(hits('header __H Subject =~ /./\ntflags __H multiple\nmeta A __H == 3\n', 'Subject: abc\n\nx\n'), [
    'A',
    '__H',
  ])
})

t.test('metas follow what they need, in any order of lines', async t => {
  const rules = `meta C B && !NONE
meta B A + A > 1
body A /x/
meta D !A
meta E E2
meta E2 E
meta F E || A
body NONE /nothing/
`
  t.same(hits(rules, 'Subject: s\n\nx\n'), ['A', 'B', 'C', 'F'])
  t.same(hits(rules, 'Subject: s\n\ny\n'), ['D'])
  const { rules: verdicts } = rulesOf(rules)
  t.match(
    verdicts.find(({ name }) => name === 'E'),
    { status: 'refused', reasons: [/needs itself: E needs E2 needs E/] },
  )
})

t.test('scores add up, sub-rules and rules that are off do not count', async t => {
  const ruleset = rulesOf(`required_score 2
body A /x/
score A 1.25
body __B /x/
meta C __B
score C 0.75
describe C Has an x
body D /x/
score D 0
body T_E /x/
body F /x/
tflags F nice
`)
  const { score, spam, hits: found } = evaluate(ruleset, 'Subject: s\n\nx\n')
  t.equal(score, 1.01)
  t.equal(spam, false)
  t.same(
    found.map(({ name, score, description }) => [name, score, description]),
    [
      ['A', 1.25, ''],
      ['F', -1, ''],
      ['C', 0.75, 'Has an x'],
      ['T_E', 0.01, ''],
    ],
  )
  t.equal(ruleset.rules.find(({ name }) => name === 'D')?.status, 'off')
})

t.test('of four scores that of the score set counts', async t => {
  const source = readRules([{ path: 'x.cf', text: 'body A /x/\nscore A 1 2 3 4\n' }])
  t.equal(buildRuleset(source).rules[0]?.score, 1)
  t.equal(buildRuleset(source, { scoreSet: 'bayes-network' }).rules[0]?.score, 4)
})

t.test('tags are replaced, with what stands before, between and behind', async t => {
  const tags =
    'replace_tag A [a4]\nreplace_tag B [b8]\nreplace_inter W \\W?\nreplace_post P {1,2}\nreplace_pre Q x?\nreplace_rules R\n'
  const found = (pattern: string, text: string) =>
    hits(`${tags}body R ${pattern}\n`, `Subject: s\n\n${text}\n`).length === 1
  t.equal(found('/<A><B>/', '48'), true)
  t.equal(found('/^<A><B>$/', '4-8'), false)
  t.equal(found('/<inter W>^<A><B>$/', '4-8'), true)
  t.equal(found('/<post P>^<A><B>$/', 'aabb'), true)
  t.equal(found('/<inter W><post P>^<A><B>$/', 'aa.88'), true)
  t.equal(found('/<pre Q>^<A><B>$/', 'xaxb'), true)
  t.equal(found('/<NO>/', '<no>'), false)
})

t.test('one message leaves nothing to the next', async t => {
  const ruleset = rulesOf('body A /x/\nmeta B !A\nheader C exists:Cc\n')
  const evaluator = createEvaluator(ruleset)
  const names = (message: string) => {
    const octets = wire(message)
    scanner.write(octets)
    evaluator.evaluate(withReferenceMatches(scanner.end(), ruleset.patterns, octets), { header: octets })
    return [...evaluator.hitNames()].sort()
  }
  t.same(names('Cc: a@b.example\n\nx\n'), ['A', 'C'])
  t.same(names('Subject: s\n\ny\n'), ['B'])
  t.same(names('Cc: a@b.example\n\nx\n'), ['A', 'C'])
})

t.test('what cannot be tested is refused with the reason', async t => {
  const rows: readonly (readonly [rule: string, reason: RegExp])[] = [
    ['body A /(?{ system })/', /recursion, a condition or code/],
    ['body A /(a/', /not closed/],
    ['body A no delimiters', /no delimiters/],
    ['body A /a/q', /flags q/],
    ['body A /x*/', /matches where there is nothing/],
    ['body A /\\x{263a}/', /never match octets/],
    ['body A /(?!spam)[sz][pq][a4][mn]/', /a lookahead, which must be confirmed, and no literal/],
    ['full A /spam(?=x)/', /of the whole message nothing is kept/],
    ['header A From:addr =~ /^(a+)+$/', /exponential/],
    ['header A From:host =~ /x/', /:host/],
    ['header A ALL-TRUSTED =~ /x/', /relays of our own network/],
    ['header A Subject =~ /%{NAME}/', /another rule captured/],
    ['body A eval:no_such_function()', /no_such_function is not known/],
    ['full A eval:check_razor2()', /not known|plugin/],
    ['meta A NO_SUCH', /cannot hit without: NO_SUCH/],
    ['meta A (B', /not closed/],
  ]
  for (const [rule, reason] of rows) {
    const { status, reasons } = rulesOf(`${rule}\n`).rules[0]!
    t.equal(status, 'refused', rule)
    t.match(reasons[0], reason, rule)
  }
})

t.test('a meta of a rule that is refused says so, and goes on without it', async t => {
  const ruleset = rulesOf('header A eval:check_rbl("x")\nbody B /x/\nmeta C A || B\n')
  t.match(
    ruleset.rules.find(({ name }) => name === 'C'),
    { status: 'approximated', reasons: ['takes as not hit: A'] },
  )
  t.same(evaluate(ruleset, 'Subject: s\n\nx\n').names, ['B', 'C'])
})
