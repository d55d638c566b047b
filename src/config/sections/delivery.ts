/**
 * What happens behind the 250: the spool and the way out.
 */
import { z } from 'zod'
import { readServer } from '#config/grammar/address.ts'
import { size } from '#config/grammar/size.ts'
import { span, year } from '#config/grammar/span.ts'
import { networks, written } from '#config/grammar/written.ts'

const spool = {
  segmentSize: size({ min: 2 ** 20, max: 2 ** 31 })
    .prefault('64MiB')
    .meta({
      description: 'Size of one segment file; segments are allocated ahead and used again. Needs a restart.',
      examples: ['128MiB'],
    }),
  inlineSize: size({ max: 2 ** 30 })
    .prefault('1MiB')
    .meta({
      description: 'Larger content is written to a file of its own while it arrives.',
      examples: ['256KiB'],
    }),
  memory: size({ max: 2 ** 36 })
    .prefault('16MiB')
    .meta({
      description: 'Content kept in memory for the first delivery attempt, per thread.',
      examples: ['128MiB'],
    }),
  minimumFree: size()
    .prefault('256MiB')
    .meta({
      description: 'Mail is answered 452 while the file system has less than this free.',
      examples: ['2GiB'],
    }),
}

const deadline = (fallback: string, description: string, example: string) =>
  span()
    .prefault(fallback)
    .meta({ description, examples: [example] })

const deliveryDeadlines = z
  .strictObject({
    connect: deadline('30s', 'For a connection to one address.', '10s'),
    greeting: deadline('5m', 'For the greeting (RFC 5321 §4.5.3.2.1).', '1m'),
    command: deadline('5m', 'For the reply to one command (RFC 5321 §4.5.3.2.2 and following).', '2m'),
    data: deadline('10m', 'For the reply to the end of data (RFC 5321 §4.5.3.2.6).', '15m'),
  })
  .prefault({})
  .meta({ description: 'How long we wait for the other side.' })

const delivery = {
  concurrencyPerNextHop: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .meta({ description: 'Connections to one next hop at a time.', examples: [5] }),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .meta({ description: 'Connections to all next hops at a time.', examples: [500] }),
  messagesPerConnection: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .meta({ description: 'Messages over one connection before it is closed.', examples: [100] }),
  tls: z
    .enum(['opportunistic', 'required', 'off'])
    .default('opportunistic')
    .meta({
      description:
        'TLS when the next hop offers it (`opportunistic`), or mail waits until it does (`required`), or never (`off`).',
      examples: ['required'],
    }),
  retry: z
    .array(span())
    .min(1)
    .max(100)
    .prefault(['1m', '5m', '15m', '30m', '1h', '2h', '4h'])
    .meta({
      description: 'Waits between attempts; the last one repeats. Each is varied by ±10 %.',
      examples: [['5m', '30m', '4h']],
    }),
  lifetime: span({ max: year })
    .prefault('5d')
    .meta({
      description:
        'How long mail is tried before it is returned. RFC 5321 §4.5.4.1 asks for 4 to 5 days at least.',
      examples: ['7d'],
    }),
  delayNotice: span({ max: year })
    .prefault('4h')
    .meta({
      description: 'After this long the sender is told that mail still waits.',
      examples: ['1d'],
    }),
  dns: z
    .array(written(readServer))
    .max(8)
    .prefault([])
    .meta({
      description: 'DNS servers to ask instead of those of the system: `ADDRESS` or `ADDRESS:PORT`.',
      examples: [['10.0.0.53', '[2001:db8::53]:5353']],
    }),
  mxPort: z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(25)
    .meta({
      description: 'Port of the servers that DNS names. Other than 25 only in a test.',
      examples: [2526],
    }),
  mxIgnore: z
    .array(networks())
    .max(1_000)
    .prefault([
      '0.0.0.0/8',
      '127.0.0.0/8',
      '169.254.0.0/16',
      '224.0.0.0/3',
      '::/127',
      'fe80::/10',
      'ff00::/8',
    ])
    .meta({
      description:
        'Networks that DNS cannot send our mail to: the owner of any domain could reach our own loopback with it. Does not concern next hops that are named here.',
      examples: [['127.0.0.0/8', '10.0.0.0/8']],
    }),
  deadlines: deliveryDeadlines,
}

export const spoolSection = z
  .strictObject(spool)
  .prefault({})
  .meta({ description: 'Where accepted mail waits, on disk.' })

export const deliverySection = z
  .strictObject(delivery)
  .prefault({})
  .meta({ description: 'How mail is handed on.' })
