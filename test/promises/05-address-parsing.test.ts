/** Promise 5: address parsing is unambiguous and linear. `"a@evil x"@good` goes to good or is refused. */
import t from 'tap'
import { type Address, domainOf, isAddressError, parsePath } from '../../src/mail/address.ts'
import { readHeader } from '../../src/mail/headers.ts'

const mebibyte = 2 ** 20

/** Processor time of this thread, best of twenty runs: what compiled code costs, not what else the machine does. */
function milliseconds(work: () => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 20 && best >= 1; run++) {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    best = Math.min(best, (user + system) / 1_000)
  }
  return best
}

t.test('a quoted @ does not move the domain', async t => {
  for (const [path, domain] of [
    ['"a@evil x"@good.example', 'good.example'],
    ['"a@evil"@good.example', 'good.example'],
    ['"a\\"@evil"@good.example', 'good.example'],
    ['"<a@evil>"@good.example', 'good.example'],
    ['"a@evil.example,b"@good.example', 'good.example'],
  ] as const)
    t.equal(domainOf(parsePath(path) as Address), domain, path)
  for (const path of ['"a"@evil"@good.example', 'a@evil@good.example', '"a@evil x"x@good.example'])
    t.ok(isAddressError(parsePath(path)), path)
})

t.test('1 MB of address is judged in under 50 ms, whatever it is made of', async t => {
  const shapes = [
    'a',
    '.',
    'a.',
    '"',
    '\\',
    '"\\',
    '@',
    'a@',
    '[',
    'ü',
    '\u0308',
    '%',
    'xn--',
    '\ud800',
    ' ',
    '@a,',
  ]
  for (const shape of shapes)
    for (const [before, behind] of [
      ['', ''],
      ['"', '"@example.org'],
      ['jo@', ''],
      ['jo@[IPv6:', ']'],
    ]) {
      const text = before + shape.repeat(mebibyte / shape.length) + behind
      const spent = milliseconds(() => parsePath(text, { smtputf8: true }))
      t.ok(spent < 50, `${JSON.stringify(before + shape)}… took ${spent.toFixed(2)} ms`)
    }
})

t.test('the longest address that is looked at costs under a millisecond', async t => {
  for (const shape of ['a.', '\\"', 'ü', '\u0308', 'xn--a.', 'ß.'])
    for (const before of ['', '"', 'jo@']) {
      const text = before + shape.repeat(382 / shape.length)
      t.ok(milliseconds(() => parsePath(text, { smtputf8: true })) < 1, JSON.stringify(before + shape))
    }
})

t.test('1 MB of header is read in under 50 ms, whatever it is made of', async t => {
  const distinct = Array.from({ length: mebibyte / 12 }, (_, index) => `f${index}: x\r\n`).join('')
  const shapes = [
    'a:\r\n',
    ' \r\n',
    'a\r\n',
    'a',
    '\r',
    '\n',
    ':',
    'Received: x\r\n',
    'a:\r\n \r\n',
    '\r\r\n',
    'a ',
  ]
  for (const text of [distinct, ...shapes.map(shape => shape.repeat(mebibyte / shape.length))]) {
    const bytes = Buffer.from(text)
    const spent = milliseconds(() => readHeader(bytes))
    t.ok(spent < 50, `${JSON.stringify(text.slice(0, 12))}… took ${spent.toFixed(2)} ms`)
  }
})
