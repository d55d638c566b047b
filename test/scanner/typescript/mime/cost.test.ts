/**
 * What an attacker may send costs time in proportion to its size. Measured is growth: twice as much of the same must not
 * take more than three times the processor's time, best of several runs each, so that a busy machine does not decide.
 */
import t from 'tap'
import type { ScanEngine } from '#scanner/scanner.ts'
import { availableEngines } from '../../engines.ts'

const repeat = (text: string, count: number) => text.repeat(Math.ceil(count))
const nested = Array.from({ length: 16 }, (_, level) =>
  [
    `Content-Type: multipart/mixed; boundary=${'b'.repeat(60)}${level}`,
    '',
    `--${'b'.repeat(60)}${level}`,
    '',
  ].join('\r\n'),
).join('')

/** Each makes a message of about so many octets. */
const attacks: Readonly<Record<string, (size: number) => string>> = {
  'lines that are nearly the boundaries of 16 multiparts': size =>
    `${nested}\r\n${repeat(`--${'b'.repeat(60)}x\r\n`, size / 65)}`,
  'parts without end': size =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${repeat('--b\r\n\r\n', size / 7)}`,
  'messages in messages without end': size => repeat('Content-Type: message/rfc822\r\n\r\n', size / 32),
  'a parameter list': size => `Content-Type: text/plain${repeat(';a*1=b', size / 6)}\r\n\r\n`,
  'comments in comments': size => `Content-Type: text/plain; ${repeat('(', size)}\r\n\r\n`,
  'encoded words that have no end': size => `Subject: ${repeat('=?a?q?', size / 6)}\r\n\r\n`,
  'encoded words that begin only': size => `Subject: ${repeat('=?', size / 2)}\r\n\r\n`,
  'encoded words': size => `Subject: ${repeat('=?a?q?b?= ', size / 10)}\r\n\r\n`,
  continuations: size => `Subject: a\r\n${repeat(' b\r\n', size / 4)}\r\n`,
  fields: size => `${repeat('A:b\r\n', size / 5)}\r\n`,
  'line starts': size =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${repeat('\r\n--', size / 4)}`,
  'white space behind a boundary': size =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b${repeat(' ', size)}`,
  'white space before boundaries that are none': size =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${repeat(`\r\n${' '.repeat(60)}-`, size / 63)}`,
  'a line of white space': size =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${repeat(' ', size)}`,
  'bare line ends': size => `A: b\r\n\r\n${repeat('\n\r', size / 2)}`,
  'an open quote': size => `Content-Type: text/plain; name="${repeat('\\', size)}\r\n\r\n`,
}

const limits = { header: 16_777_216, fields: 10_000_000, kept: 0 }

function seconds(engine: ScanEngine, message: Buffer): number {
  const scanner = engine.open({ limits })
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3; run += 1) {
    const start = process.cpuUsage()
    for (let at = 0; at < message.length; at += 16_384) scanner.write(message.subarray(at, at + 16_384))
    scanner.end()
    const { user, system } = process.cpuUsage(start)
    best = Math.min(best, (user + system) / 1e6)
  }
  return best
}

for (const engine of availableEngines().engines) {
  t.test(`the ${engine.name} scanner takes time in proportion to the size of an attack`, t => {
    const size = engine.name === 'native' ? 300_000 : 50_000
    for (const [name, make] of Object.entries(attacks)) {
      const messages = [size, size * 2].map(size => Buffer.from(make(size), 'latin1'))
      let figures = ''
      // One good measurement of several is enough: the square of the size would be seconds in each.
      const linear = [1, 2, 3, 4].some(() => {
        const [once, twice] = messages.map(message => seconds(engine, message)) as [number, number]
        figures = `${(once * 1e3).toFixed(1)} ms, twice as much ${(twice * 1e3).toFixed(1)} ms`
        // Compilers and collectors of V8 take some milliseconds when they like.
        return twice <= once * 3 + 0.04
      })
      t.ok(linear, `${name}: ${figures}`)
    }
    t.end()
  })
}
