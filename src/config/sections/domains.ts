/**
 * Which domains we receive mail for, and where it goes.
 */
import { z } from 'zod'
import { readDomain } from '#config/grammar/domain.ts'
import { readNextHop, writeNextHop } from '#config/grammar/next-hop.ts'
import { flaw, isFlaw } from '#config/grammar/reading.ts'
import { written } from '#config/grammar/written.ts'

const hop = () =>
  written(text => {
    const read = readNextHop(text)
    return isFlaw(read) ? read : writeNextHop(read)
  })

/** `capture` never fails and `mx` ends with the domain's own servers: neither has a second in a list. */
const hops = () =>
  z
    .array(hop())
    .min(1)
    .max(16)
    .refine(list => list.length === 1 || !list.some(each => each === 'capture' || each === 'mx'), {
      error: '`capture` and `mx` stand alone, not in a list',
    })

export const nextHop = () => z.union([hop(), hops()])

const examples = [
  '10.0.0.20:25',
  'lmtp://[2001:db8::20]:24',
  'hub.example.org',
  ['10.0.0.20:25', '10.0.0.21:25'],
  'mx',
  'capture',
]

export const domains = z
  .record(
    written(text => (text === '*' ? text : readDomain(text))),
    z.strictObject({
      nextHop: nextHop()
        .optional()
        .meta({ description: 'Where mail for this domain goes. Default: the general `nextHop`.', examples }),
    }),
  )
  .prefault({})
  .meta({
    description:
      'The domains that we receive mail for. Subdomains are domains of their own. `"*"` is every domain; it is also what holds while no domain is named, and both only while the outside zone listens on loopback addresses alone.',
    examples: [{ 'example.org': {}, 'example.net': { nextHop: '10.0.0.20:25' } }],
  })

export const generalNextHop = nextHop().prefault('capture').meta({
  description:
    'Where mail goes whose domain names no next hop: `capture` (the built-in Maildir), `mx` (the mail servers of its domain in DNS), `smtp://HOST:PORT`, `lmtp://HOST:PORT`, `lmtp+unix:/PATH`, `HOST:PORT`, `HOST`, or a list to try in order.',
  examples,
})

export const hostname = written(text =>
  text === 'localhost' ? flaw('names no machine on a network') : readDomain(text),
)
  .optional()
  .meta({
    description:
      'Name in the greeting, EHLO, Received fields and notifications. Default: the host name of the machine.',
    examples: ['mx1.example.org'],
  })
