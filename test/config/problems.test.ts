/**
 * What an operator reads: a file, and every problem in it as `LINE:COLUMN PATH: reason → suggestion`.
 */
import t from 'tap'
import { loadText } from '../../src/config/load.ts'
import type { Problem } from '../../src/config/problem.ts'
import { on } from './machine.ts'

const say = ({ line, column, path, reason, suggestion }: Problem): string =>
  `${line}:${column} ${path}: ${reason}${suggestion === undefined ? '' : ` → ${suggestion}`}`

async function problemsOf(text: string): Promise<readonly string[]> {
  const result = await loadText(text, { file: 'sluice.yaml', ...on() })
  return result.kind === 'ok' ? [] : result.problems.map(say)
}

type Row = readonly [why: string, text: string, ...problems: string[]]

function table(name: string, rows: readonly Row[]): void {
  t.test(name, async t => {
    for (const [why, text, ...problems] of rows) t.strictSame(await problemsOf(text), problems, why)
  })
}

table('what is right has no problems', [
  ['no text at all', ''],
  ['comments only', '# nothing\n\n# yet\n'],
  ['a document marker alone', '---\n'],
  [
    'sections of which every line is a comment',
    'limits:\n  # messageSize: 1MiB\nzones:\n  outside:\ndomains:\n',
  ],
  ['a domain without settings', 'domains:\n  example.org:\n'],
  ['JSON is YAML', '{"limits": {"messageSize": "1MiB", "lineLength": 998}}'],
  [
    'an anchor used once more',
    'a: &a'.replace('a: &a', 'nextHop: &hub 10.0.0.2:25\ndomains: {example.org: {nextHop: *hub}}'),
  ],
  ['Windows line ends', 'threads: 2\r\nlog:\r\n  level: debug\r\n'],
])

table('a key that does not exist is a problem at its line, with the key that was meant', [
  ['a slip', 'zones:\n  outside:\n    lisen: []\n', '3:5 zones.outside.lisen: unknown key → listen'],
  [
    'another style of writing',
    'limits: {message_size: 1MiB}',
    '1:10 limits.message_size: unknown key → messageSize',
  ],
  [
    'the wrong section',
    'threads: 1\nmessageSize: 1MiB\n',
    '2:1 messageSize: unknown key → limits.messageSize',
  ],
  ['nothing like it', 'cheese: 1\n', '1:1 cheese: unknown key'],
  [
    'a key inside a listener',
    'zones: {inside: {listen: [{address: 10.0.0.1, port: 25, tsl: off}]}}',
    '1:57 zones.inside.listen[0].tsl: unknown key → tls',
  ],
  [
    'a key inside a domain',
    'domains:\n  example.org:\n    nexthop: mx\n',
    '3:5 domains["example.org"].nexthop: unknown key → nextHop',
  ],
])

table('keys that every object inherits are refused', [
  [
    '__proto__',
    'domains:\n  __proto__: {nextHop: mx}\n',
    '2:3 domains.__proto__: this key is never used → remove it',
  ],
  ['constructor', 'constructor: 1\n', '1:1 constructor: this key is never used → remove it'],
  ['prototype', 'limits: {prototype: 1}\n', '1:10 limits.prototype: this key is never used → remove it'],
])

table('a value of the wrong kind says what is expected and what was probably meant', [
  [
    'a number for a span',
    'deadlines:\n  command: 300\n',
    '2:12 deadlines.command: 300 is not a span of time with its unit → 300s',
  ],
  [
    'a decimal unit',
    'limits:\n  messageSize: 50MB\n',
    '2:16 limits.messageSize: "50MB" is not a size → 50MiB',
  ],
  [
    'a fraction of an octet',
    'limits:\n  messageSize: 1024.5\n',
    '2:16 limits.messageSize: 1024.5 is not a whole number of octets → for example 25MiB',
  ],
  [
    'yes is a text in YAML 1.2',
    'zones: {outside: {auth: yes}}',
    '1:25 zones.outside.auth: "yes" is not true or false → true',
  ],
  ['a text for a number', 'threads: "4"\n', '1:10 threads: "4" is not a number → 4'],
  [
    'one where a list is',
    'zones:\n  inside:\n    listen: 10.0.0.1:25\n',
    '3:13 zones.inside.listen: "10.0.0.1:25" is not a list → write ["10.0.0.1:25"]',
  ],
  ['a list where a section is', 'limits: [1]\n', '1:9 limits: a list is not a section of "key: value" lines'],
  [
    'no value',
    'limits:\n  messageSize:\n',
    '2:3 limits.messageSize: no value is given; expected is a size → for example 25MiB',
  ],
  [
    'a choice that does not exist',
    'log: {level: warning}',
    '1:14 log.level: "warning" is none of debug, info, warn or error → warn',
  ],
  ['infinity', 'threads: .inf\n', '1:10 threads: Infinity is not a number → for example 4'],
  [
    'a key that must be there',
    'zones: {inside: {listen: [{address: 10.0.0.1}]}}',
    '1:27 zones.inside.listen[0].port: this key is missing → for example 25',
  ],
])

table('a value out of bounds names the bound', [
  [
    'fewer than the standard asks for',
    'limits: {recipients: 5}',
    '1:22 limits.recipients: 5 is less than 100 → 100',
  ],
  ['more threads than there can be', 'threads: 65\n', '1:10 threads: 65 is more than 64 → 64'],
  // A timer of 25 days would fire at once.
  [
    'longer than a timer',
    'deadlines: {session: 25d}',
    '1:22 deadlines.session: "25d" is more than 24d → 24d',
  ],
  [
    'a deadline of nothing',
    'deadlines: {command: 0s}',
    '1:22 deadlines.command: "0s" is less than 1ms → 1ms',
  ],
  [
    'an empty list',
    'delivery: {retry: []}',
    '1:19 delivery.retry: the list has fewer than 1 entries → for example ["5m","30m","4h"]',
  ],
])

table('each entry of a list has its own place', [
  [
    'listeners',
    'zones:\n  inside:\n    listen:\n      - 10.0.0.1:25\n      - ::1:25\n',
    '5:9 zones.inside.listen[1]: "::1:25" is not ADDRESS:PORT → [::1]:25',
  ],
  [
    'networks',
    'limits:\n  ratesExempt: [10.0.0.0/8, 10.1.2.3/8]\n',
    '2:29 limits.ratesExempt[1]: "10.1.2.3/8" has bits set behind its prefix → 10.0.0.0/8',
  ],
  [
    'next hops',
    'nextHop: [10.0.0.2, "10.0.0.3:0"]',
    '1:21 nextHop[1]: "10.0.0.3:0" has no port between 1 and 65535',
  ],
  [
    'capture is no backup',
    'nextHop: [10.0.0.2, capture]',
    '1:10 nextHop: `capture` and `mx` stand alone, not in a list → for example 10.0.0.20:25',
  ],
])

table('no text that breaks a line gets through', [
  [
    'in the host name',
    'hostname: "mx1.example.org\\r\\nRCPT TO:<x>"\n',
    '1:11 hostname: "mx1.example.org\\r\\nRCPT TO:<x>" contains a line break or another control character → for example mx1.example.org',
  ],
  [
    'in a domain',
    'domains:\n  "a.example\\n": {}\n',
    '2:3 domains["a.example\\n"]: "a.example\\n" contains a line break or another control character',
  ],
  [
    'in a next hop',
    'nextHop: "10.0.0.2\\r\\n:25"\n',
    '1:10 nextHop: "10.0.0.2\\r\\n:25" contains a line break or another control character → for example 10.0.0.20:25',
  ],
])

table('a file that is not YAML is explained without its grammar', [
  [
    'a tab',
    'limits:\n\tmessageSize: 1MiB\n',
    '2:1 : a tab indents this line; YAML indents with spaces → replace the tab by spaces',
  ],
  [
    'brackets of IPv6',
    'zones:\n  inside:\n    listen:\n      - [::1]:25\n',
    '4:14 : "[::1]:25" means something else in YAML → put it in quotes: "[::1]:25"',
  ],
  ['the star', 'domains:\n  *: {}\n', '2:4 : "*" means something else in YAML → put it in quotes: "*"'],
  [
    'a key twice',
    'threads: 1\nlog: {}\nthreads: 2\n',
    '3:1 threads: this key is there twice, first in line 1 → keep one of them',
  ],
  [
    'a domain twice in two spellings',
    'domains:\n  example.org: {}\n  Example.org: {}\n',
    '3:3 domains["Example.org"]: Example.org and example.org are the same domain → keep one of them',
  ],
  [
    'a recipient twice in two spellings',
    'spam:\n  recipients:\n    jo@example.org: {}\n    Jo@Example.org: {}\n',
    '4:5 spam.recipients["Jo@Example.org"]: Jo@Example.org and jo@example.org are the same address → keep one of them',
  ],
  [
    'a name where an address belongs',
    'spam:\n  redirectTo: quarantine\n',
    '2:15 spam.redirectTo: "quarantine" is not a mail address → quarantine@example.org',
  ],
  [
    'a zone that no mail comes in through',
    'spam:\n  zones: {outsde: {}}\n',
    '2:11 spam.zones.outsde: "outsde" is no zone that mail comes in through → outside',
  ],
  [
    'an action that there is not',
    'spam:\n  bands: [{from: 0.9, do: reject}]\n',
    '2:27 spam.bands[0].do: "reject" is none of pass, tag, redirect, hold, refuse or discard',
  ],
  [
    'a score in percent',
    'spam:\n  bands: [{from: 90, do: hold}]\n',
    '2:18 spam.bands[0].from: 90 is more than 1 → 1',
  ],
  [
    'a prefix with a line break',
    'spam:\n  subject: "[SPAM]\\nBcc: x"\n',
    '2:12 spam.subject: "[SPAM]\\nBcc: x" contains a line break or another control character → for example [SPAM]',
  ],
  ['a list at the top', '- a\n- b\n', '1:1 : the file is not a list of "key: value" lines'],
  [
    'two documents',
    'threads: 1\n---\nthreads: 2\n',
    '2:1 : the file holds more than one document → remove the line ---',
  ],
  ['a control character', 'threads: 1 # \x1b[31m\n', '1:14 : the file contains a control character'],
])

// That they end at all is part of it: each would fill the memory or the stack of a careless reader.
t.test('a file made to exhaust us is refused with a line', async t => {
  for (const [why, text] of [
    ['deep nesting', '['.repeat(10_000)],
    ['deep nesting that ends', `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['an alias of itself', 'a: &a [*a]\n'],
    // Nine levels of nine: 387 million values if they were counted out.
    [
      'a bomb of aliases',
      `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join()}]`).join('\n')}\n`,
    ],
    ['an unknown alias', 'nextHop: *nowhere\n'],
    ['a tag', 'nextHop: !!js/function x\n'],
    ['a number of keys', Array.from({ length: 5_000 }, (_, i) => `a${i}:`).join('\n')],
  ] as const) {
    const result = await loadText(text, on())
    t.equal(result.kind, 'invalid', why)
    t.ok(result.kind === 'invalid' && result.problems.every(each => each.line >= 1 && each.column >= 1), why)
  }
})
