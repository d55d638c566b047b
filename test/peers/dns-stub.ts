/**
 * A DNS server for tests that builds its answers octet by octet, also those that no decent server would send.
 * UDP and TCP on the same free port of 127.0.0.1. The test says what is answered to `TYPE name`.
 */
import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import type { Owner } from './process.ts'
import { freePort } from './ready.ts'

export const typeNumbers = { A: 1, CNAME: 5, MX: 15, TXT: 16, AAAA: 28 } as const
export type RecordType = keyof typeof typeNumbers

export interface StubRecord {
  readonly name?: string
  readonly type: RecordType
  readonly ttl?: number
  readonly data: Uint8Array
}

export type StubAnswer =
  | { readonly records: readonly StubRecord[]; readonly rcode?: number; readonly truncated?: boolean }
  /** Complete message; the id of the query is put in. */
  | { readonly raw: (query: Buffer) => Uint8Array }
  | 'silence'

export interface DnsStub {
  /** `127.0.0.1:PORT` */
  readonly server: string
  /** `MX example.org`, in the order of arrival. */
  readonly questions: readonly string[]
  stop(): Promise<void>
}

/** What is answered to a name that the test says nothing of. */
const nxdomain: StubAnswer = { records: [], rcode: 3 }
export const noData: StubAnswer = { records: [] }
export const servfail: StubAnswer = { records: [], rcode: 2 }

export async function startDnsStub(
  owner: Owner,
  answers: Readonly<Record<string, StubAnswer>>,
): Promise<DnsStub> {
  const known = new Map(Object.entries(answers))
  const questions: string[] = []
  const respond = (query: Buffer, overTcp: boolean): Uint8Array | undefined => {
    const { name, type } = questionOf(query)
    questions.push(`${type} ${name}`)
    const named = [...known.keys()].some(key => key.endsWith(` ${name}`))
    const answer = known.get(`${type} ${name}`) ?? (named ? noData : nxdomain)
    if (answer === 'silence') return undefined
    if ('raw' in answer) return withId(answer.raw(query), query)
    return build(query, answer.records, answer.rcode ?? 0, answer.truncated === true && !overTcp, overTcp)
  }
  const udp = createSocket('udp4')
  udp.on('message', (query, peer) => {
    const response = respond(query, false)
    if (response !== undefined) udp.send(response, peer.port, peer.address)
  })
  const port = await freePort()
  await new Promise<void>(resolve => udp.bind(port, '127.0.0.1', resolve))
  const sockets = new Set<Socket>()
  const tcp = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    let held: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE()) {
        const query = held.subarray(2, 2 + held.readUInt16BE())
        held = held.subarray(2 + query.length)
        const response = respond(query, true)
        if (response !== undefined) socket.write(Buffer.concat([u16(response.length), response]))
      }
    })
  })
  await new Promise<void>(resolve => tcp.listen(port, '127.0.0.1', resolve))
  const stop = async () => {
    for (const socket of sockets) socket.destroy()
    await Promise.all([
      new Promise<void>(resolve => udp.close(resolve)),
      new Promise<void>(resolve => tcp.close(() => resolve())),
    ])
  }
  owner.teardown(stop)
  return { server: `127.0.0.1:${port}`, questions, stop }
}

const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255])
const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)])

/** Labels as they are: a test may put anything between the dots, also what no host name holds. */
export const dnsName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter(label => label !== '')
      .map(label => {
        const octets = Buffer.from(label, 'latin1')
        return Buffer.concat([Buffer.from([octets.length]), octets])
      }),
    Buffer.from([0]),
  ])

export const a = (address: string, ttl = 60): StubRecord => ({
  type: 'A',
  ttl,
  data: Buffer.from(address.split('.').map(Number)),
})

/** `groups` as 16-bit numbers. */
export const aaaa = (...groups: number[]): StubRecord => ({
  type: 'AAAA',
  data: Buffer.concat(groups.map(u16)),
})

export const mx = (preference: number, exchange: string | Uint8Array): StubRecord => ({
  type: 'MX',
  data: Buffer.concat([u16(preference), typeof exchange === 'string' ? dnsName(exchange) : exchange]),
})

export const cname = (name: string, target: string): StubRecord => ({
  name,
  type: 'CNAME',
  data: dnsName(target),
})

function questionOf(query: Buffer): { readonly name: string; readonly type: string } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at++]!; length > 0; length = query[at++]!) {
    labels.push(query.toString('latin1', at, at + length))
    at += length
  }
  const number = query.readUInt16BE(at)
  const type = Object.entries(typeNumbers).find(([, value]) => value === number)?.[0] ?? String(number)
  return { name: labels.join('.').toLowerCase(), type }
}

/** The question section, without the EDNS record that may follow. */
export function questionSection(query: Buffer): Buffer {
  let at = 12
  while (query[at] !== 0) at += query[at]! + 1
  return query.subarray(12, at + 5)
}

/** Header of RFC 1035 §4.1.1: response, recursion desired and available. */
export const header = (rcode: number, answers: number, truncated = false): Buffer =>
  Buffer.concat([
    u16(0),
    u16(0x8180 | (truncated ? 0x0200 : 0) | rcode),
    u16(1),
    u16(answers),
    u16(0),
    u16(0),
  ])

function withId(message: Uint8Array, query: Buffer): Uint8Array {
  const response = Buffer.from(message)
  if (response.length >= 2) query.copy(response, 0, 0, 2)
  return response
}

function build(
  query: Buffer,
  records: readonly StubRecord[],
  rcode: number,
  truncated: boolean,
  overTcp: boolean,
): Uint8Array {
  const rows = truncated
    ? []
    : records.map(({ name, type, ttl = 60, data }) =>
        Buffer.concat([
          name === undefined ? u16(0xc00c) : dnsName(name), // a pointer to the question
          u16(typeNumbers[type]),
          u16(1),
          u32(ttl),
          u16(data.length),
          data,
        ]),
      )
  const message = Buffer.concat([header(rcode, rows.length, truncated), questionSection(query), ...rows])
  const tooLong = !overTcp && message.length > 1_232
  return withId(tooLong ? build(query, [], rcode, true, false) : message, query)
}
