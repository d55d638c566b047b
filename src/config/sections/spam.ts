/**
 * What is done with a message by its score: general settings, and what is different for a zone, a domain, a recipient.
 */
import { z } from 'zod'
import { readDomain } from '#config/grammar/domain.ts'
import { readMailbox } from '#config/grammar/mailbox.ts'
import { type Flaw, flaw } from '#config/grammar/reading.ts'
import { written } from '#config/grammar/written.ts'
import { nearest } from '#config/nearest.ts'

function readZone(text: string): MailZone | Flaw {
  const zone = mailZones.find(name => name === text)
  return (
    zone ?? flaw('is no zone that mail comes in through', nearest(text, mailZones) ?? mailZones.join(' or '))
  )
}

type MailZone = (typeof mailZones)[number]
const mailZones = ['outside', 'inside'] as const

/** What a band may say, from the mildest to the hardest. */
const actions = ['pass', 'tag', 'redirect', 'hold', 'refuse', 'discard'] as const

const band = z
  .strictObject({
    from: z
      .number()
      .min(0)
      .max(1)
      .meta({
        description:
          'Score at which the band begins, from 0 to 1: of messages with this score so large a share is spam. It ends where the next one begins.',
        examples: [0.9],
      }),
    do: z.enum(actions).meta({
      description:
        'What is done: nothing (`pass`), delivered with fields in the header (`tag`), delivered to another address (`redirect`), kept in the queue until an operator releases it (`hold`), refused while the sender is connected (`refuse`), or taken and thrown away, of which nobody is told (`discard`).',
      examples: ['tag', 'hold'],
    }),
  })
  .meta({ description: 'A range of scores, and what is done with a message in it.' })

const bands = () =>
  z
    .array(band)
    .max(16)
    .meta({
      description:
        'What is done from which score on, in rising order; below the first band a message passes. An empty list: everything passes.',
      examples: [
        [
          { from: 0.5, do: 'tag' },
          { from: 0.9, do: 'hold' },
          { from: 0.99, do: 'refuse' },
        ],
      ],
    })

/** Marks what is more likely spam than not, and keeps nothing from anybody: harder bands are for whoever has seen his own mail scored. */
export const defaultBands: z.output<typeof band>[] = [{ from: 0.5, do: 'tag' }]

const longestPrefix = 64

const subject = () =>
  written(text =>
    text.length > longestPrefix ? flaw(`is longer than ${longestPrefix} characters`) : text.trim(),
  ).meta({
    description:
      'Put before the subject of what is tagged. Empty: the subject stays. A changed subject breaks the DKIM signature of the sender.',
    examples: ['[SPAM]'],
  })

/** In the order in which they stand in the header. */
const headerNames = ['flag', 'score', 'symbols', 'report', 'recipient'] as const

const headers = () =>
  z.array(z.enum(headerNames)).meta({
    description:
      'Fields that are put before the header of what is tagged or redirected: `X-Sluice-Spam-Flag` (`flag`), `-Score` (`score`), `-Symbols` with their weights (`symbols`), `-Report`, the same in sentences (`report`), and `-Recipient`, for whom redirected mail was (`recipient`). See [verdicts.md](verdicts.md).',
    examples: [['flag', 'score'], []],
  })

const headersFor = () =>
  z.enum(['tagged', 'judged']).meta({
    description:
      'Which messages get them: those that are tagged or redirected, or all that were judged, also when they pass.',
    examples: ['judged'],
  })

const redirectTo = () =>
  written(readMailbox).meta({
    description: 'Where `redirect` delivers to.',
    examples: ['spam@example.org'],
  })

const unscanned = () =>
  z.enum(['pass', 'tag', 'hold', 'defer']).meta({
    description:
      'What is done with a message that could not be scanned: nothing (`pass`), delivered with the header saying that nobody knows (`tag`), kept for an operator (`hold`), or put off with 451 so that its sender tries again (`defer`).',
    examples: ['defer'],
  })

/** What a zone, a domain or a recipient may have of its own; what it does not say it has from the next wider. */
const exception = (description: string) =>
  z
    .strictObject({
      bands: bands().optional(),
      subject: subject().optional(),
      headers: headers().optional(),
      headersFor: headersFor().optional(),
      redirectTo: redirectTo().optional(),
      unscanned: unscanned().optional(),
    })
    .meta({ description })

export const spam = z
  .strictObject({
    judge: z
      .array(z.enum(['outside', 'inside', 'authenticated']))
      .prefault(['outside'])
      .meta({
        description:
          'Whose mail is judged: what strangers bring to the outside zone (`outside`) or our own servers to the inside zone (`inside`), and what comes with a password or a listed client certificate, in either zone (`authenticated`).',
        examples: [['outside', 'authenticated'], []],
      }),
    bands: bands().prefault(defaultBands),
    subject: subject().prefault(''),
    headers: headers().prefault(['flag', 'score', 'symbols', 'recipient']),
    headersFor: headersFor().prefault('tagged'),
    redirectTo: redirectTo().optional(),
    unscanned: unscanned().prefault('tag'),
    zones: z
      .record(
        written(readZone),
        exception('For mail that comes in through this zone, `outside` or `inside`.'),
      )
      .prefault({})
      .meta({
        description: 'What is different for mail that comes in through a zone.',
        examples: [{ inside: { bands: [{ from: 0.99, do: 'hold' }] } }],
      }),
    domains: z
      .record(written(readDomain), exception('For mail to this domain. Subdomains are domains of their own.'))
      .prefault({})
      .meta({
        description: 'What is different for mail to a domain.',
        examples: [
          { 'example.org': { bands: [{ from: 0.9, do: 'redirect' }], redirectTo: 'spam@example.org' } },
        ],
      }),
    recipients: z
      .record(written(readMailbox), exception('For mail to this address.'))
      .prefault({})
      .meta({
        description: 'What is different for mail to a recipient.',
        examples: [{ 'abuse@example.org': { bands: [] } }],
      }),
  })
  .prefault({})
  .meta({
    description:
      'What is done with a message by its score. The nearest setting counts: that of the recipient, else of its domain, else of the zone, else the general one.',
  })
