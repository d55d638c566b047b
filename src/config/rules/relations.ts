/**
 * Rules between numbers: what must be smaller than what, so that each can have an effect.
 */
import { writeSize } from '#config/grammar/size.ts'
import { writeSpan } from '#config/grammar/span.ts'
import type { Path } from '#config/json-schema.ts'
import type { Finding } from '#config/problem.ts'
import { error, type Rule, warning } from '#config/rules/rule.ts'
import type { Configuration } from '#config/schema.ts'

interface Relation {
  readonly small: Path
  readonly large: Path
  readonly write: (value: number) => string
  readonly severity: Finding['severity']
  readonly because: string
}

const count = String
const relations: readonly Relation[] = [
  {
    small: ['deadlines', 'command'],
    large: ['deadlines', 'session'],
    write: writeSpan,
    severity: 'error',
    because: 'the session would end before its first command may',
  },
  {
    small: ['deadlines', 'message'],
    large: ['deadlines', 'session'],
    write: writeSpan,
    severity: 'error',
    because: 'a long message could never be finished',
  },
  {
    small: ['deadlines', 'tlsHandshake'],
    large: ['deadlines', 'session'],
    write: writeSpan,
    severity: 'error',
    because: 'the session would end during the handshake',
  },
  {
    small: ['session', 'greetingDelay'],
    large: ['deadlines', 'command'],
    write: writeSpan,
    severity: 'error',
    because: 'the greeting would come after the deadline of the first command',
  },
  {
    small: ['limits', 'tarpitDelay'],
    large: ['deadlines', 'command'],
    write: writeSpan,
    severity: 'error',
    because: 'a reply would come after the deadline',
  },
  {
    small: ['limits', 'headerSize'],
    large: ['limits', 'messageSize'],
    write: writeSize,
    severity: 'error',
    because: 'the header is part of the message',
  },
  {
    small: ['limits', 'lineLength'],
    large: ['limits', 'messageSize'],
    write: writeSize,
    severity: 'error',
    because: 'a line is part of the message',
  },
  {
    small: ['limits', 'connections', 'perAddress'],
    large: ['limits', 'connections', 'perNetwork'],
    write: count,
    severity: 'warning',
    because: 'the limit of the network would always be met first',
  },
  {
    small: ['limits', 'connections', 'perNetwork'],
    large: ['limits', 'connections', 'total'],
    write: count,
    severity: 'warning',
    because: 'one network could take all connections',
  },
  {
    small: ['limits', 'tarpitAfterErrors'],
    large: ['limits', 'errorsPerSession'],
    write: count,
    severity: 'warning',
    because: 'the session would be closed before the tarpit begins',
  },
  {
    small: ['spool', 'inlineSize'],
    large: ['spool', 'segmentSize'],
    write: writeSize,
    severity: 'error',
    because: 'a segment could not hold the largest inline content',
  },
  {
    small: ['delivery', 'concurrencyPerNextHop'],
    large: ['delivery', 'concurrency'],
    write: count,
    severity: 'warning',
    because: 'one next hop could take all connections',
  },
  {
    small: ['delivery', 'delayNotice'],
    large: ['delivery', 'lifetime'],
    write: writeSpan,
    severity: 'warning',
    because: 'the mail would be returned before the notice is sent',
  },
]

const at = (configuration: Configuration, path: Path): number =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], configuration) as number

const name = (path: Path): string => path.join('.')

const asRule = ({ small, large, write, severity, because }: Relation): Rule => ({
  rule: `\`${name(small)}\` is not larger than \`${name(large)}\`.`,
  because,
  check(configuration) {
    const [low, high] = [at(configuration, small), at(configuration, large)]
    if (low <= high) return []
    const reason = `${write(low)} is more than ${name(large)} (${write(high)}): ${because}`
    return [
      (severity === 'error' ? error : warning)(
        small,
        reason,
        `${write(high)} at most, or raise ${name(large)}`,
      ),
    ]
  },
})

export const relationRules: readonly Rule[] = [
  ...relations.map(asRule),
  {
    rule: 'Every wait in `delivery.retry` is shorter than `delivery.lifetime`.',
    because: 'the mail would be returned before it is tried again',
    check: ({ delivery }) =>
      delivery.retry.flatMap((wait, index) =>
        wait < delivery.lifetime
          ? []
          : [
              warning(
                ['delivery', 'retry', index],
                `${writeSpan(wait)} is not less than delivery.lifetime (${writeSpan(delivery.lifetime)}): mail would be returned untried`,
              ),
            ],
      ),
  },
  {
    rule: 'Client certificates that may relay are asked for.',
    because: 'a client shows none unless it is asked',
    check: ({ zones }) =>
      (['outside', 'inside'] as const).flatMap(zone => {
        const { relayForCertificates, listen } = zones[zone]
        if (relayForCertificates.length === 0 || listen.some(each => each.requestClientCertificate)) return []
        return [
          warning(
            ['zones', zone, 'relayForCertificates'],
            'no listener of the zone asks for a client certificate',
            'set requestClientCertificate: true on a listener',
          ),
        ]
      }),
  },
  {
    rule: 'A listener that asks for a client certificate has TLS.',
    because: 'there is no certificate without TLS',
    check: ({ zones }) =>
      (['outside', 'inside'] as const).flatMap(zone =>
        zones[zone].listen.flatMap((listener, index) =>
          listener.requestClientCertificate && listener.tls === 'off'
            ? [
                error(
                  ['zones', zone, 'listen', index, 'requestClientCertificate'],
                  'the listener has tls: off',
                  'set tls: starttls',
                ),
              ]
            : [],
        ),
      ),
  },
  {
    rule: 'Lexicons are named where content is scanned.',
    because: 'nothing would look for what they say',
    check: ({ content }) =>
      content.scan || content.lexicons.length === 0
        ? []
        : [
            warning(
              ['content', 'lexicons'],
              'content.scan is false, so that nothing looks for them',
              'set content.scan: true',
            ),
          ],
  },
]
