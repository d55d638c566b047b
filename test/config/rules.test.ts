/**
 * The rules between settings: each row is a configuration, what is said of it, and why that matters.
 */
import t from 'tap'
import { loadText } from '../../src/config/load.ts'
import type { FileFact, Machine } from '../../src/config/rules/machine.ts'
import { rules } from '../../src/config/rules/table.ts'
import { on } from './machine.ts'

/** `error PATH` or `warning PATH`, in the order of the file. */
async function judge(text: string, machine: Partial<Machine> = {}): Promise<readonly string[]> {
  const result = await loadText(text, on(machine))
  const problems = result.kind === 'ok' ? result.warnings : result.problems
  return problems.map(({ severity, path }) => `${severity} ${path}`)
}

type Row = readonly [why: string, text: string, ...judgement: string[]]

function table(name: string, rows: readonly Row[]): void {
  t.test(name, async t => {
    for (const [why, text, ...judgement] of rows) t.strictSame(await judge(text), judgement, why)
  })
}

const elsewhere = 'nextHop: 10.0.0.2\n'
const outside = (listen: string) => `zones: {outside: {listen: ["${listen}"]}}\n`

table('without domains we are reached from loopback only', [
  ['the trial', outside('127.0.0.1:25')],
  ['the whole of 127/8 is loopback', outside('127.3.2.1:25')],
  ['IPv6 loopback', outside('[::1]:25')],
  ['everybody would relay', `${outside('0.0.0.0:25')}${elsewhere}`, 'error domains'],
  ['an address of the machine', `${outside('192.0.2.1:25')}${elsewhere}`, 'error domains'],
  [
    'with a domain it is a gateway',
    `${outside('192.0.2.1:25')}nextHop: 10.0.0.2\ndomains: {example.org: {}}\n`,
  ],
  [
    'the star is every domain',
    `${outside('192.0.2.1:25')}${elsewhere}domains: {example.org: {}, "*": {}}\n`,
    'error domains["*"]',
  ],
  ['the star on loopback is a test', 'domains: {"*": {nextHop: 10.0.0.2}}\n'],
  ['inside is for our own servers', `zones: {inside: {listen: ["10.0.0.1:25"]}}\n${elsewhere}`],
])

const relay = (zone: string, network: string) => `zones: {${zone}: {relayFrom: ["${network}"]}}\n`

table('the internet may not relay', [
  ['all of IPv4', relay('outside', '0.0.0.0/0'), 'error zones.outside.relayFrom[0]'],
  ['all of IPv6', relay('outside', '::/0'), 'error zones.outside.relayFrom[0]'],
  // The two halves are the whole.
  ['half of IPv4', relay('outside', '128.0.0.0/1'), 'error zones.outside.relayFrom[0]'],
  ['all global IPv6', relay('outside', '2000::/3'), 'error zones.outside.relayFrom[0]'],
  ['IPv4 in the clothes of IPv6', relay('outside', '::ffff:0:0/96'), 'error zones.outside.relayFrom[0]'],
  ['one provider', relay('outside', '192.0.0.0/8')],
  ['private IPv6', relay('outside', 'fc00::/7')],
  [
    'inside it may be meant, behind a firewall',
    relay('inside', '0.0.0.0/0'),
    'warning zones.inside.relayFrom[0]',
  ],
  [
    'whoever speaks PROXY names any client',
    'zones: {outside: {listen: [{address: 127.0.0.1, port: 25, proxyFrom: ["::/0"]}]}}\n',
    'error zones.outside.listen[0].proxyFrom[0]',
  ],
])

const zones = (outside: string, inside: string, management = '') =>
  `zones: {outside: {listen: [${outside}]}, inside: {listen: [${inside}]}, management: {listen: [${management}]}}\nnextHop: 10.0.0.2\ndomains: {example.org: {}}\n`

table('each address and port has one zone', [
  ['two addresses', zones('"192.0.2.1:25"', '"10.0.0.1:25"')],
  ['the same twice in a zone', zones('"192.0.2.1:25", "192.0.2.1:25"', ''), 'error zones.outside.listen[1]'],
  ['the same in two zones', zones('"192.0.2.1:25"', '"192.0.2.1:25"'), 'error zones.inside.listen[0]'],
  [
    'two spellings of one address',
    zones('"[2001:db8::1]:25"', '"[2001:DB8:0::1]:25"'),
    'error zones.inside.listen[0]',
  ],
  [
    'everywhere covers the other zone',
    zones('"0.0.0.0:25"', '"10.0.0.1:25"'),
    'error zones.inside.listen[0]',
  ],
  // A socket on :: takes IPv4 too.
  ['so does :: for IPv4', zones('"[::]:25"', '"10.0.0.1:25"'), 'error zones.inside.listen[0]'],
  ['0.0.0.0 does not take IPv6', zones('"0.0.0.0:25"', '"[fd00::1]:25"')],
  ['both wildcards in one zone are how everywhere is written', zones('"0.0.0.0:25", "[::]:25"', '')],
  ['free ports never meet', zones('"127.0.0.1:0", "127.0.0.1:0"', '"127.0.0.1:0"')],
  [
    'SMTP and HTTP on one port',
    zones('"127.0.0.1:25"', '', '"127.0.0.1:25"'),
    'error zones.management.listen[0]',
  ],
  [
    'management for everybody',
    zones('"127.0.0.1:25"', '', '"0.0.0.0:9025"'),
    'warning zones.management.listen[0]',
  ],
  ['nobody listens', zones('', ''), 'warning zones'],
])

const hop = (nextHop: string, listen = '192.0.2.1:25') =>
  `${outside(listen)}nextHop: 10.0.0.9\ndomains: {example.org: {nextHop: ${nextHop}}}\nhostname: mx1.example.org\n`
const looped = 'error domains["example.org"].nextHop'

table('mail is not sent to ourselves', [
  ['our listener', hop('192.0.2.1:25'), looped],
  ['the port is what is left out', hop('192.0.2.1'), looped],
  ['another port', hop('192.0.2.1:2525')],
  ['a wildcard is all our addresses', hop('10.0.0.1:25', '0.0.0.0:25'), looped],
  ['loopback is ours too', hop('127.0.0.1:25', '0.0.0.0:25'), looped],
  ['localhost is loopback', hop('localhost:2525', '127.0.0.1:2525'), looped],
  ['our own name', hop('mx1.example.org', '0.0.0.0:25'), looped],
  ['another machine', hop('10.0.0.2:25', '0.0.0.0:25')],
  ['IPv6', hop('"[2001:db8::1]:25"', '[2001:db8::1]:25'), looped],
  ['in a list', hop('["10.0.0.2:25", "192.0.2.1:25"]'), `${looped}[1]`],
  ['the general next hop', `nextHop: 127.0.0.1:2525\n`, 'error nextHop'],
])

table('mail does not end where nobody looks, or begin again', [
  // The default, forgotten: mail would be accepted and never seen.
  [
    'capture on a gateway',
    `${outside('192.0.2.1:25')}domains: {example.org: {nextHop: 10.0.0.2}}\n`,
    'warning nextHop',
  ],
  ['capture inside', 'zones: {inside: {listen: ["10.0.0.1:25"]}}\n', 'warning nextHop'],
  ['capture for one domain is meant', `${elsewhere}domains: {example.org: {nextHop: capture}}\n`],
  // Its MX is us.
  ['mx for a domain of ours', 'nextHop: mx\ndomains:\n  example.org: {}\n', 'warning domains["example.org"]'],
  ['mx that was written is meant', 'nextHop: mx\ndomains: {example.org: {nextHop: mx}}\n'],
  ['mx for everything in a trial', 'nextHop: mx\n'],
])

table('limits leave each other an effect', [
  ['command and session', 'deadlines: {command: 3h}\n', 'error deadlines.command'],
  ['message and session', 'deadlines: {session: 10m}\n', 'error deadlines.message'],
  ['header and message', 'limits: {messageSize: 512KiB}\n', 'error limits.headerSize'],
  ['inline and segment', 'spool: {segmentSize: 1MiB, inlineSize: 2MiB}\n', 'error spool.inlineSize'],
  ['connections', 'limits: {connections: {perAddress: 2000}}\n', 'warning limits.connections.perAddress'],
  ['tarpit', 'limits: {errorsPerSession: 3}\n', 'warning limits.tarpitAfterErrors'],
  ['notice and return', 'delivery: {lifetime: 1h, retry: [1m]}\n', 'warning delivery.delayNotice'],
  ['a wait longer than life', 'delivery: {retry: [1m, 6d]}\n', 'warning delivery.retry[1]'],
  [
    'certificates nobody asks for',
    `zones: {outside: {relayForCertificates: [${'ab'.repeat(32)}]}}\n`,
    'warning zones.outside.relayForCertificates',
  ],
  [
    'certificates without TLS',
    'zones: {outside: {listen: [{address: 127.0.0.1, port: 25, tls: off, requestClientCertificate: true}]}}\n',
    'error zones.outside.listen[0].requestClientCertificate',
  ],
  ['a name without a dot', 'hostname: mail\n', 'warning hostname'],
  [
    'rules that nothing looks for',
    'content: {scan: false, lexicons: [a.yaml]}\n',
    'warning content.lexicons',
  ],
])

const ours = 'domains: {example.org: {}, example.net: {}}\n'

table('what is done by score can be done', [
  ['the bands of the manual', 'spam: {bands: [{from: 0.5, do: tag}, {from: 0.9, do: hold}]}\n'],
  [
    'bands that fall',
    'spam: {bands: [{from: 0.9, do: hold}, {from: 0.5, do: tag}]}\n',
    'error spam.bands[1].from',
  ],
  [
    'the same place twice: which one?',
    'spam: {zones: {inside: {bands: [{from: 0.5, do: tag}, {from: 0.5, do: hold}]}}}\n',
    'error spam.zones.inside.bands[1].from',
  ],
  ['a redirect to nowhere', 'spam: {bands: [{from: 0.9, do: redirect}]}\n', 'error spam.bands[0].do'],
  [
    'a domain redirects to the general address',
    `${ours}spam: {redirectTo: q@example.org, domains: {example.net: {bands: [{from: 0.9, do: redirect}]}}}\n`,
  ],
  [
    'a recipient redirects to the address of his domain',
    `${ours}spam: {domains: {example.net: {redirectTo: q@example.net}}, recipients: {jo@example.net: {bands: [{from: 0.9, do: redirect}]}}}\n`,
  ],
  [
    // Mail from inside to the same domain would go nowhere.
    'an address for mail from outside alone',
    `${ours}spam: {zones: {outside: {redirectTo: q@example.org}}, domains: {example.net: {bands: [{from: 0.9, do: redirect}]}}}\n`,
    'error spam.domains["example.net"].bands[0].do',
  ],
  ['a tag that nobody sees', 'spam: {headers: []}\n', 'warning spam.bands[0].do'],
  ['a tag in the subject alone', 'spam: {headers: [], subject: "[SPAM]"}\n'],
  [
    'a misspelt domain',
    `${ours}spam: {domains: {exmaple.org: {bands: []}}}\n`,
    'warning spam.domains["exmaple.org"]',
  ],
  [
    'an address of somebody else',
    `${ours}spam: {recipients: {jo@example.com: {bands: []}}}\n`,
    'warning spam.recipients["jo@example.com"]',
  ],
  ['our own mail goes to anybody', `${ours}spam: {judge: [inside], domains: {example.com: {bands: []}}}\n`],
  ['without domains every domain is ours', 'spam: {domains: {example.com: {bands: []}}}\n'],
  [
    'a score from nowhere',
    'content: {scan: false}\nspam: {bands: [{from: 0.9, do: hold}]}\n',
    'warning spam.bands',
  ],
  ['who scans nothing need not say it twice', 'content: {scan: false}\n'],
])

t.test('what the machine says counts', async t => {
  const file = (mode: number, content = '') => ({ kind: 'file', mode, content }) as const
  t.strictSame(await judge('tls: {key: /k}\n', { files: new Map([['/k', file(0o600)]]) }), ['error tls.key'])
  t.strictSame(await judge('tls: {certificate: /c}\n', { files: new Map([['/c', file(0o644)]]) }), [
    'error tls.certificate',
  ])
  t.strictSame(await judge('', { hostname: 'debian' }), [], 'a trial needs no name')
  t.strictSame(
    await judge(`${outside('192.0.2.1:25')}nextHop: 10.0.0.2\ndomains: {example.org: {}}\n`, {
      hostname: 'debian',
    }),
    ['warning hostname'],
    'a gateway does',
  )
  t.strictSame(await judge('users: {file: /u}\n', { files: new Map([['/u', { kind: 'missing' }]]) }), [
    'error users.file',
  ])
  t.strictSame(
    await judge('content: {lexicons: [/a, /b]}\n', {
      files: new Map<string, FileFact>([
        ['/a', file(0o644)],
        ['/b', { kind: 'missing' }],
      ]),
    }),
    ['error content.lexicons[1]'],
  )
  t.strictSame(await judge('users: {file: /u}\n', { files: new Map([['/u', file(0o644)]]) }), [
    'warning users.file',
  ])
  t.strictSame(
    await judge('data: /d\n', { data: { kind: 'unusable', at: '/d', why: 'is not a directory' } }),
    ['error data'],
  )
  // Only a warning: a full disk must not keep other settings from being changed.
  t.strictSame(await judge('spool: {minimumFree: 1GiB}\n', { data: { kind: 'usable', free: 2 ** 20 } }), [
    'warning spool.minimumFree',
  ])
})

t.test('each rule says what must hold and what goes wrong otherwise', async t => {
  for (const { rule, because } of rules) {
    t.match(rule, /^[A-Z`].*\.$/, rule)
    t.match(because, /^[a-z]/, because)
  }
  t.equal(new Set(rules.map(({ rule }) => rule)).size, rules.length)
})
