/**
 * The one schema of the configuration: from it come the types, the defaults, JSON Schema, `sluice check` and the manual.
 *
 * Promises: every key has a default, so that no file at all is a valid configuration; an unknown key is an error.
 * Leaves out: reading files (`load.ts`) and checks that look at the machine (`check.ts`).
 */
import { z } from 'zod'

const sizes = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const
const spans = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `25MiB`, `512 KiB` or plain octets → octets. */
const size = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d+ ?(B|KiB|MiB|GiB)$/)])
  .transform(value => {
    if (typeof value === 'number') return value
    const [, count, unit] = /^(\d+) ?(\w+)$/.exec(value)!
    return Number(count) * sizes[unit as keyof typeof sizes]
  })

/** `30s`, `5m`, `1h`, `5d`, `100ms` → milliseconds. */
const span = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/)
  .transform(value => {
    const [, count, unit] = /^(\d+)(\w+)$/.exec(value)!
    return Number(count) * spans[unit as keyof typeof spans]
  })

const listener = z.strictObject({
  address: z.string(),
  port: z.number().int().min(0).max(65535),
  /** `starttls`: offered; `required`: no mail before STARTTLS; `implicit`: TLS from the first byte; `off`: none. */
  tls: z.enum(['starttls', 'required', 'implicit', 'off']).default('starttls'),
  /** Networks whose connections begin with a PROXY protocol header. */
  proxyFrom: z.array(z.string()).default([]),
  requestClientCertificate: z.boolean().default(false),
})

/** `ADDRESS:PORT` is short for a listener with all defaults. */
const listeners = z.array(
  z.union([z.string(), listener]).transform(value => {
    if (typeof value !== 'string') return value
    const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(value) ?? []
    return listener.parse({ address: bracketed ?? plain ?? '', port: Number(port) })
  }),
)

const mailZone = (defaults: { listen: string[]; relayFrom: string[]; requireFqdnSender: boolean }) =>
  z.strictObject({
    listen: listeners.prefault(defaults.listen),
    /** Networks whose clients may send to any domain through this zone. */
    relayFrom: z.array(z.string()).default(defaults.relayFrom),
    /** Users who signed in may send to any domain. */
    relayForUsers: z.boolean().default(true),
    /** SHA-256 fingerprints (hex) of client certificates that may send to any domain. */
    relayForCertificates: z.array(z.string()).default([]),
    requireFqdnSender: z.boolean().default(defaults.requireFqdnSender),
    /** What happens to a bare CR, bare LF or NUL in a message. */
    lineEndings: z.enum(['refuse', 'normalise']).default('refuse'),
    auth: z.boolean().default(true),
  })

const deadlines = z.strictObject({
  tlsHandshake: span.prefault('30s'),
  /** From one reply to the end of the next command. RFC 5321 §4.5.3.2.7 asks for 5 minutes at least. */
  command: span.prefault('5m'),
  /** From DATA or the first BDAT to the end of the message, whatever its size. */
  message: span.prefault('15m'),
  session: span.prefault('2h'),
})

const limits = z.strictObject({
  messageSize: size.prefault('50MiB'),
  headerSize: size.prefault('1MiB'),
  /** Longest line of a message in octets without CRLF. RFC 5321 §4.5.3.1.6 says 998; much real mail is longer. */
  lineLength: size.prefault(65_536),
  recipients: z.number().int().min(100).default(1_000),
  hops: z.number().int().min(10).default(50),
  messagesPerSession: z.number().int().nonnegative().default(0),
  errorsPerSession: z.number().int().positive().default(20),
  connections: z
    .strictObject({
      perAddress: z.number().int().positive().default(200),
      /** IPv4 /24, IPv6 /48. */
      perNetwork: z.number().int().positive().default(1_000),
      total: z.number().int().positive().default(10_000),
    })
    .prefault({}),
  /** Per client address and minute (IPv6: per /64); 0 is no limit. */
  rates: z
    .strictObject({
      connections: z.number().int().nonnegative().default(600),
      messages: z.number().int().nonnegative().default(3_000),
      recipients: z.number().int().nonnegative().default(10_000),
      errors: z.number().int().nonnegative().default(60),
    })
    .prefault({}),
  /** Networks that the rates do not apply to. */
  ratesExempt: z.array(z.string()).default(['127.0.0.0/8', '::1/128']),
  tlsHandshakes: z.number().int().positive().default(200),
  /** After this many errors in a session each further reply to an error waits `tarpitDelay`. */
  tarpitAfterErrors: z.number().int().positive().default(5),
  tarpitDelay: span.prefault('2s'),
})

/** `capture`, `mx`, `smtp://HOST:PORT`, `lmtp://HOST:PORT`, `HOST:PORT`, or a list to try in order. */
const nextHop = z.union([z.string(), z.array(z.string()).min(1)])

export const schema = z.strictObject({
  /** Name in greeting, EHLO, Received and notifications. Default: the host name of the machine. */
  hostname: z.string().optional(),
  data: z.string().default('./data'),
  /** Engine threads; 0 is one per core. */
  threads: z.number().int().min(0).max(64).default(0),
  zones: z
    .strictObject({
      outside: mailZone({ listen: ['127.0.0.1:2525'], relayFrom: [], requireFqdnSender: true }).prefault({}),
      inside: mailZone({
        listen: [],
        relayFrom: [
          '127.0.0.0/8',
          '::1/128',
          '10.0.0.0/8',
          '172.16.0.0/12',
          '192.168.0.0/16',
          'fc00::/7',
          'fe80::/10',
        ],
        requireFqdnSender: false,
      }).prefault({}),
      management: z.strictObject({ listen: listeners.prefault(['127.0.0.1:9025']) }).prefault({}),
    })
    .prefault({}),
  /** Domains that we relay for, with the next hop of each. `*` is every domain; it is the default while none is named. */
  domains: z.record(z.string(), z.strictObject({ nextHop: nextHop.optional() })).default({}),
  /** Next hop of a domain that names none. */
  nextHop: nextHop.default('capture'),
  tls: z
    .strictObject({
      /** PEM files; without them a self-signed certificate is made under `data/tls`. */
      certificate: z.string().optional(),
      key: z.string().optional(),
      minimumVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2'),
    })
    .prefault({}),
  users: z.strictObject({ file: z.string().optional() }).prefault({}),
  limits: limits.prefault({}),
  deadlines: deadlines.prefault({}),
  session: z
    .strictObject({
      /** How long an unknown client must be silent before the greeting. */
      greetingDelay: span.prefault('100ms'),
      /** How long a client that waited once is known. */
      knownFor: span.prefault('1d'),
    })
    .prefault({}),
  spool: z
    .strictObject({
      segmentSize: size.prefault('64MiB'),
      /** Larger content is written to a file of its own while it arrives. */
      inlineSize: size.prefault('1MiB'),
      /** Content kept in memory for the first delivery attempt, per thread. */
      memory: size.prefault('32MiB'),
      /** Mail is answered 452 while the file system has less than this free. */
      minimumFree: size.prefault('256MiB'),
    })
    .prefault({}),
  delivery: z
    .strictObject({
      concurrencyPerNextHop: z.number().int().positive().default(20),
      concurrency: z.number().int().positive().default(200),
      messagesPerConnection: z.number().int().positive().default(1_000),
      tls: z.enum(['opportunistic', 'required', 'off']).default('opportunistic'),
      /** Waits between attempts; the last one repeats. Each is varied by ±10 %. */
      retry: z.array(span).min(1).prefault(['1m', '5m', '15m', '30m', '1h', '2h', '4h']),
      lifetime: span.prefault('5d'),
      delayNotice: span.prefault('4h'),
      /** DNS servers to ask instead of those of the system, `ADDRESS` or `ADDRESS:PORT`. */
      dns: z.array(z.string()).default([]),
      mxPort: z.number().int().min(1).max(65535).default(25),
      /** Networks that DNS may not send our mail to: whoever owns a domain would reach our own loopback with it. */
      mxIgnore: z
        .array(z.string())
        .default([
          '0.0.0.0/8',
          '127.0.0.0/8',
          '169.254.0.0/16',
          '224.0.0.0/3',
          '::/127',
          'fe80::/10',
          'ff00::/8',
        ]),
      deadlines: z
        .strictObject({
          connect: span.prefault('30s'),
          greeting: span.prefault('5m'),
          command: span.prefault('5m'),
          data: span.prefault('10m'),
        })
        .prefault({}),
    })
    .prefault({}),
  tracking: z
    .strictObject({
      fileSize: size.prefault('64MiB'),
      files: z.number().int().min(1).default(16),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
})

/** What a configuration file may say. */
export type ConfigurationInput = z.input<typeof schema>
/** A complete configuration: every key present, sizes in octets, spans in milliseconds. Survives structured clone. */
export type Configuration = z.output<typeof schema>
