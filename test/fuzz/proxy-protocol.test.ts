/** A load balancer's first bytes, and a stranger's: cut anywhere, changed anywhere, made of anything. */

import { isIP } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { canonicalAddress } from '../../src/network/cidr.ts'
import { longestHeader, parseProxyHeader } from '../../src/network/proxy-protocol.ts'
import { addressesOf, binaryHeader, tlv } from '../network/proxy-header.ts'

const address = fc.oneof(
  fc.ipV4(),
  fc
    .ipV6()
    .map(canonicalAddress)
    .filter(text => text !== undefined),
)
const port = fc.integer({ min: 0, max: 65_535 })
const tlvs = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 255 }).filter(type => type !== 0x20),
      fc.uint8Array({ maxLength: 40 }),
    ),
    {
      maxLength: 4,
    },
  )
  .map(records => Buffer.concat(records.map(([type, value]) => tlv(type, Buffer.from(value)))))

const binary = fc.tuple(address, port, tlvs).map(([source, sourcePort, records]) => ({
  source,
  port: sourcePort,
  bytes: binaryHeader({
    family: source.includes(':') ? 0x21 : 0x11,
    content: Buffer.concat([addressesOf(source, sourcePort), records]),
  }),
}))
const text = fc.tuple(address, port).map(([source, sourcePort]) => ({
  source,
  port: sourcePort,
  bytes: source.includes(':')
    ? Buffer.from(`PROXY TCP6 ${source} ::1 ${sourcePort} 25\r\n`)
    : Buffer.from(`PROXY TCP4 ${source} 127.0.0.1 ${sourcePort} 25\r\n`),
}))
const right = fc.oneof(binary, text)

t.test('every right header is read as it was meant, and not before its last octet', async () => {
  fc.assert(
    fc.property(right, fc.uint8Array({ maxLength: 20 }), fc.nat(), ({ source, port, bytes }, rest, cut) => {
      const whole = parseProxyHeader(Buffer.concat([bytes, rest]))
      const part = parseProxyHeader(bytes.subarray(0, cut % bytes.length))
      return (
        whole.kind === 'header' &&
        whole.length === bytes.length &&
        whole.source?.address === source &&
        whole.source.port === port &&
        part.kind === 'incomplete'
      )
    }),
    { numRuns: 3_000 },
  )
})

const changed = fc
  .tuple(
    right,
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
  )
  .map(([{ bytes }, changes]) => {
    const copy = Buffer.from(bytes)
    for (const [at, octet] of changes) copy[at % copy.length] = octet
    return copy
  })
const anything = fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes))
const signed = fc
  .tuple(fc.constantFrom('PROXY ', '\r\n\r\n\0\r\nQUIT\n'), anything)
  .map(([mark, bytes]) => Buffer.concat([Buffer.from(mark, 'latin1'), bytes]))

t.test('whatever comes leads to an answer that holds', async () => {
  fc.assert(
    fc.property(fc.oneof(changed, anything, signed), bytes => {
      const result = parseProxyHeader(bytes)
      if (result.kind === 'invalid') return result.reason.length > 0
      if (result.kind === 'incomplete') return bytes.length < longestHeader
      const { length, source } = result
      return (
        length <= bytes.length &&
        length <= longestHeader &&
        (source === undefined ||
          (isIP(source.address) > 0 && canonicalAddress(source.address) === source.address))
      )
    }),
    { numRuns: 10_000 },
  )
})

t.test('more bytes never turn a refusal into a header', async () => {
  fc.assert(
    fc.property(fc.oneof(changed, signed), anything, (bytes, more) => {
      const before = parseProxyHeader(bytes).kind
      return before === 'incomplete' || parseProxyHeader(Buffer.concat([bytes, more])).kind === before
    }),
    { numRuns: 5_000 },
  )
})
