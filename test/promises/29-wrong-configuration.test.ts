/**
 * Promise 29: a wrong configuration is refused with the line, the reason and a suggestion.
 *
 * Here: every mistake in a list of those that administrators make, in a file that is otherwise right, on the way that
 * `sluice run` and `sluice check` share. That the running configuration stays in force is the engine's half.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadText } from '../../src/config/load.ts'
import { on } from '../config/machine.ts'

const example = readFileSync(join(import.meta.dirname, '../../appliance/manual/sluice.example.yaml'), 'utf8')
const right = example.replace(/^(tls|users):\n(?: {2}.*\n)+/gm, '')

/** One line of the example as it is, as somebody typed it, and what they are told. */
const mistakes: readonly (readonly [
  why: string,
  line: string,
  typed: string,
  reason: RegExp,
  suggestion: RegExp,
])[] = [
  ['a letter too few', 'hostname: mx1.example.org', 'hostnam: mx1.example.org', /unknown key/, /^hostname$/],
  [
    'a name with a protocol',
    'hostname: mx1.example.org',
    'hostname: smtp://mx1.example.org',
    /not a domain name/,
    /example\.org/,
  ],
  ['a tab', '  messageSize: 25MiB', '\tmessageSize: 25MiB', /a tab indents this line/, /spaces/],
  ['a decimal unit', '  messageSize: 25MiB', '  messageSize: 25MB', /is not a size/, /^25MiB$/],
  ['no unit', '  lifetime: 5d', '  lifetime: 5', /is not a span of time/, /^5s$/],
  ['a word for a unit', '  lifetime: 5d', '  lifetime: 5 days', /is not a span of time/, /^5d$/],
  [
    'a key of another section',
    '  lifetime: 5d',
    '  messageSize: 5MiB',
    /unknown key/,
    /^limits\.messageSize$/,
  ],
  [
    'the relay for everybody',
    '    relayFrom: [10.0.0.0/24, "fd00:1::/64"]',
    '    relayFrom: [10.0.0.1/24]',
    /bits set behind its prefix/,
    /^10\.0\.0\.0\/24$/,
  ],
  [
    'IPv6 without quotes',
    '      - "[2001:db8::1]:25" # IPv6 needs the quotes',
    '      - [2001:db8::1]:25',
    /means something else in YAML/,
    /"\[2001:db8::1\]:25"/,
  ],
  [
    'IPv6 without brackets',
    '      - "[2001:db8::1]:25" # IPv6 needs the quotes',
    '      - 2001:db8::1:25',
    /is not ADDRESS:PORT/,
    /^\[2001:db8::1\]:25$/,
  ],
  [
    'a name to listen on',
    '    listen: [10.0.0.1:25]',
    '    listen: [localhost:25]',
    /does not begin with an IP address/,
    /^127\.0\.0\.1:25$/,
  ],
  [
    'not a list',
    '    listen: [10.0.0.1:25]',
    '    listen: 10.0.0.1:25',
    /is not a list/,
    /\["10\.0\.0\.1:25"\]/,
  ],
  [
    'one listener twice',
    '    listen: [10.0.0.1:25]',
    '    listen: [192.0.2.1:25]',
    /listened on twice/,
    /addresses of each zone/,
  ],
  [
    'a choice that does not exist',
    '        tls: implicit',
    '        tls: implict',
    /is none of/,
    /^implicit$/,
  ],
  [
    'an address for a domain',
    '  lists.example.org: { nextHop: lmtp://10.0.0.30:24 }',
    '  jo@example.org: {}',
    /is an address/,
    /^example\.org$/,
  ],
  [
    'the same domain twice',
    '  lists.example.org: { nextHop: lmtp://10.0.0.30:24 }',
    '  example.org: {}',
    /there twice/,
    /keep one/,
  ],
  [
    'every domain',
    '  lists.example.org: { nextHop: lmtp://10.0.0.30:24 }',
    '  "*": {}',
    /open relay/,
    /name the domains/,
  ],
  [
    'a protocol that is not spoken',
    '  lists.example.org: { nextHop: lmtp://10.0.0.30:24 }',
    '  lists.example.org: { nextHop: "smtps://10.0.0.30" }',
    /not spoken/,
    /^smtp:\/\/10\.0\.0\.30$/,
  ],
  ['our own address', 'nextHop: mx', 'nextHop: 10.0.0.1', /our own listener/, /server behind us/],
  ['a second command', 'nextHop: mx', 'nextHop: "10.0.0.9\\r\\nRSET"', /line break/, /example/],
]

t.test('the file is right without a mistake', async t => {
  t.match(await loadText(right, on()), { kind: 'ok', warnings: [] })
})

for (const [why, line, typed, reason, suggestion] of mistakes)
  t.test(`${why} is refused with the line, the reason and a suggestion`, async t => {
    const lines = right.split('\n')
    const index = lines.indexOf(line)
    t.ok(index >= 0, 'the line is in the example')
    const result = await loadText(lines.with(index, typed).join('\n'), { file: 'sluice.yaml', ...on() })
    t.equal(result.kind, 'invalid')
    const problems = result.kind === 'invalid' ? result.problems : []
    t.equal(problems.length, 1, 'one mistake is one problem')
    t.match(problems[0], {
      file: 'sluice.yaml',
      line: index + 1,
      reason,
      suggestion,
      source: typed.replace('\t', ' '),
    })
  })

t.test('every mistake of a file is told at once', async t => {
  const text = right.replace('25MiB', '25MB').replace('5d', '5').replace('hostname', 'hostnam')
  const result = await loadText(text, on())
  t.equal(result.kind === 'invalid' && result.problems.length, 3)
})
