/**
 * What a client may ask of us: sizes, counts, rates and time.
 */
import { z } from 'zod'
import { size } from '#config/grammar/size.ts'
import { longestTimer, span } from '#config/grammar/span.ts'
import { networks } from '#config/grammar/written.ts'

const million = 1_000_000

/** A count with its default; bounds inclusive. */
const count = (fallback: number, min: number, description: string, example: number, max = 100 * million) =>
  z
    .number()
    .int()
    .min(min)
    .max(max)
    .default(fallback)
    .meta({ description, examples: [example] })

const connections = z
  .strictObject({
    perAddress: count(200, 1, 'Connections of one client address at a time.', 50),
    perNetwork: count(1_000, 1, 'Connections of one network at a time (IPv4 /24, IPv6 /48).', 200),
    total: count(10_000, 1, 'Connections of everybody at a time.', 20_000, million),
  })
  .prefault({})
  .meta({ description: 'Connections at a time.' })

const rates = z
  .strictObject({
    connections: count(600, 0, 'Connections a minute.', 120),
    messages: count(3_000, 0, 'Messages a minute.', 600),
    recipients: count(10_000, 0, 'Recipients a minute.', 2_000),
    errors: count(60, 0, 'Errors a minute: refused recipients, failed AUTH, unknown commands.', 30),
  })
  .prefault({})
  .meta({ description: 'What one client address may do in a minute (IPv6: one /64). 0 is no limit.' })

export const limits = z
  .strictObject({
    messageSize: size({ min: 1_024, max: 2 ** 31 })
      .prefault('50MiB')
      .meta({ description: 'Largest message, as offered with SIZE.', examples: ['25MiB'] }),
    headerSize: size({ min: 16_384, max: 2 ** 26 })
      .prefault('1MiB')
      .meta({ description: 'Largest header of a message.', examples: ['256KiB'] }),
    lineLength: size({ min: 998, max: 2 ** 24 })
      .prefault('64KiB')
      .meta({
        description:
          'Longest line of a message in octets without CRLF. RFC 5321 §4.5.3.1.6 says 998; much real mail is longer.',
        examples: [998],
      }),
    // RFC 5321 §4.5.3.1.8: at least 100.
    recipients: count(1_000, 100, 'Recipients of one message.', 200, 100_000),
    hops: count(50, 10, 'Received fields of one message; more is a loop (RFC 5321 §6.3).', 30, 1_000),
    messagesPerSession: count(0, 0, 'Messages in one session; 0 is no limit.', 100),
    errorsPerSession: count(20, 1, 'Errors after which a session is closed.', 10, million),
    connections,
    rates,
    ratesExempt: z
      .array(networks())
      .prefault(['127.0.0.0/8', '::1/128'])
      .meta({ description: 'Networks that the rates do not apply to.', examples: [['10.0.0.0/8']] }),
    tlsHandshakes: count(200, 1, 'TLS handshakes under way at a time.', 100, million),
    tarpitAfterErrors: count(
      5,
      1,
      'After this many errors in a session each further reply to an error waits `tarpitDelay`.',
      3,
      million,
    ),
    tarpitDelay: span({ min: 0, max: 60_000 })
      .prefault('2s')
      .meta({ description: 'How long such a reply waits.', examples: ['5s'] }),
  })
  .prefault({})
  .meta({ description: 'What one client, and all of them, may ask of us.' })

const deadline = (fallback: string, description: string, example: string) =>
  span()
    .prefault(fallback)
    .meta({ description, examples: [example] })

export const deadlines = z
  .strictObject({
    tlsHandshake: deadline('30s', 'For a TLS handshake.', '10s'),
    command: deadline(
      '5m',
      'From one reply to the end of the next command. RFC 5321 §4.5.3.2.7 asks for 5 minutes at least.',
      '10m',
    ),
    message: deadline(
      '15m',
      'From DATA or the first BDAT to the end of the message, whatever its size.',
      '30m',
    ),
    session: deadline('2h', 'For a whole session.', '1h'),
  })
  .prefault({})
  .meta({
    description: 'Absolute ends: a client that sends one octet now and then does not get past them.',
  })

export const session = z
  .strictObject({
    greetingDelay: span({ min: 0, max: 30_000 })
      .prefault('100ms')
      .meta({
        description:
          'How long an unknown client must be silent before the greeting; one that speaks first is refused.',
        examples: ['0s', '2s'],
      }),
    knownFor: span({ min: 0, max: longestTimer })
      .prefault('1d')
      .meta({
        description: 'How long a client that waited once is known and does not wait again.',
        examples: ['7d'],
      }),
  })
  .prefault({})
  .meta({ description: 'How a session begins.' })
