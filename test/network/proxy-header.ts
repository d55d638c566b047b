/** Makes PROXY protocol headers of version 2, right ones and wrong ones, from the specification's side. */
import { isIPv4 } from 'node:net'

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

export function binaryHeader(header: {
  readonly version?: number
  readonly command?: number
  readonly family: number
  readonly content: Buffer
}): Buffer {
  const { version = 2, command = 1, family, content } = header
  const head = Buffer.from([(version << 4) | command, family, content.length >>> 8, content.length & 255])
  return Buffer.concat([signature, head, content])
}

/** Source, a destination of the same family, both ports. */
export function addressesOf(source: string, port: number): Buffer {
  const octets = octetsOf(source)
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(port)
  ports.writeUInt16BE(25, 2)
  return Buffer.concat([octets, Buffer.alloc(octets.length, 9), ports])
}

export const tlv = (type: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, value.length >>> 8, value.length & 255]), value])

function octetsOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  if (address.startsWith('::ffff:'))
    return Buffer.concat([Buffer.alloc(10), Buffer.from([255, 255]), octetsOf(address.slice(7))])
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const gap = new Array(8 - groups(head).length - groups(tail).length).fill('0')
  return Buffer.from(
    [...groups(head), ...gap, ...groups(tail)].map(group => group.padStart(4, '0')).join(''),
    'hex',
  )
}
