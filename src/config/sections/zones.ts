/**
 * Zones: which addresses are listened on, and what a client may do that comes in there.
 */
import { z } from 'zod'
import { readAddress, readEndpoint } from '#config/grammar/address.ts'
import { type Flaw, isFlaw } from '#config/grammar/reading.ts'
import { fingerprint } from '#config/grammar/texts.ts'
import { networks, written } from '#config/grammar/written.ts'

const privateNetworks = [
  '127.0.0.0/8',
  '::1/128',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
]

const shortForm = /^(\[[^\]]+\]|[^:[\]]+):\d{1,5}$/

/** Called per key, for meta belongs to one place in the schema. */
const address = () =>
  written(readAddress).meta({
    description: 'IP address to listen on. `0.0.0.0` and `::` are all addresses of the machine.',
    examples: ['192.0.2.1', '2001:db8::1'],
  })

const port = () =>
  z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .meta({ description: 'TCP port; 0 lets the system choose a free one.', examples: [25, 465, 587] })

const mailListener = z
  .strictObject({
    address: address(),
    port: port(),
    tls: z
      .enum(['starttls', 'required', 'implicit', 'off'])
      .default('starttls')
      .meta({
        description:
          'STARTTLS is offered (`starttls`), demanded before any mail (`required`) or not offered (`off`), or TLS begins with the first octet (`implicit`, port 465).',
        examples: ['required', 'implicit'],
      }),
    proxyFrom: z
      .array(networks())
      .prefault([])
      .meta({
        description:
          'Networks whose connections begin with a PROXY protocol header (v1 or v2), which names the real client. A connection from there without one is refused.',
        examples: [['192.0.2.10/32']],
      }),
    requestClientCertificate: z
      .boolean()
      .default(false)
      .meta({
        description: 'Ask the client for a certificate, for `relayForCertificates`.',
        examples: [true],
      }),
  })
  .meta({ description: 'A listener with settings of its own.' })

const mailShort = written((text): z.output<typeof mailListener> | Flaw => {
  const endpoint = readEndpoint(text)
  return isFlaw(endpoint) ? endpoint : mailListener.parse(endpoint)
}, shortForm)

const managementListener = z
  .strictObject({ address: address(), port: port() })
  .meta({ description: 'A listener of the management zone.' })

const managementShort = written((text): z.output<typeof managementListener> | Flaw => {
  const endpoint = readEndpoint(text)
  return isFlaw(endpoint) ? endpoint : managementListener.parse(endpoint)
}, shortForm)

interface MailZoneDefaults {
  readonly listen: string[]
  readonly relayFrom: string[]
  readonly requireFqdnSender: boolean
}

const mailZone = (description: string, defaults: MailZoneDefaults) =>
  z
    .strictObject({
      listen: z
        .array(z.union([mailShort, mailListener]))
        .max(64)
        .prefault(defaults.listen)
        .meta({
          description:
            'Where SMTP is spoken in this zone: `ADDRESS:PORT`, or a listener with settings of its own. An empty list: nowhere.',
          examples: [
            ['192.0.2.1:25', '[2001:db8::1]:25'],
            [{ address: '192.0.2.1', port: 465, tls: 'implicit' }],
          ],
        }),
      relayFrom: z
        .array(networks())
        .prefault(defaults.relayFrom)
        .meta({
          description: 'Networks whose clients may send to any domain through this zone.',
          examples: [['192.0.2.0/24', '2001:db8:1::/48']],
        }),
      relayForUsers: z
        .boolean()
        .default(true)
        .meta({ description: 'Users who signed in may send to any domain.', examples: [false] }),
      relayForCertificates: z
        .array(fingerprint())
        .prefault([])
        .meta({
          description:
            'SHA-256 fingerprints of client certificates that may send to any domain; as `openssl x509 -noout -fingerprint -sha256` prints them, with or without colons.',
          examples: [['5e4b6c1f0a7d9238c4e1b05f66d3a2978b1c40de57f2a96340cbd8127e95fa13']],
        }),
      requireFqdnSender: z
        .boolean()
        .default(defaults.requireFqdnSender)
        .meta({
          description: 'Refuse a sender whose domain has no dot in it, for it can receive no bounce.',
          examples: [false],
        }),
      lineEndings: z
        .enum(['refuse', 'normalise'])
        .default('refuse')
        .meta({
          description:
            'What happens to a message with a bare CR, a bare LF or a NUL: it is refused, or it is rewritten to CRLF. Normalise only for old clients that you know.',
          examples: ['normalise'],
        }),
      auth: z
        .boolean()
        .default(true)
        .meta({
          description: 'Offer AUTH, on connections with TLS, while a users file is set.',
          examples: [false],
        }),
    })
    .prefault({})
    .meta({ description })

export const zones = z
  .strictObject({
    outside: mailZone('Where the internet reaches us.', {
      listen: ['127.0.0.1:2525'],
      relayFrom: [],
      requireFqdnSender: true,
    }),
    inside: mailZone('Where our own mail servers and devices reach us.', {
      listen: [],
      relayFrom: privateNetworks,
      requireFqdnSender: false,
    }),
    management: z
      .strictObject({
        listen: z
          .array(z.union([managementShort, managementListener]))
          .max(64)
          .prefault(['127.0.0.1:9025'])
          .meta({
            description:
              'Where health and metrics are served over HTTP. Never an address that the internet reaches.',
            examples: [['127.0.0.1:9025'], ['10.0.0.5:9025']],
          }),
      })
      .prefault({})
      .meta({ description: 'Where operators and monitoring reach us.' }),
  })
  .prefault({})
  .meta({
    description: 'The networks that the machine stands between, each with its listeners and its rules.',
  })
