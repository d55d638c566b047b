/**
 * Rules and models that come as signed bundles.
 */
import { z } from 'zod'
import { readBundleKey } from '#config/grammar/bundle-key.ts'
import { type Flaw, flaw } from '#config/grammar/reading.ts'
import { span } from '#config/grammar/span.ts'
import { written } from '#config/grammar/written.ts'

/** The form that the URL parser gives it. */
function readUrl(text: string): string | Flaw {
  const url = URL.parse(text)
  if (url === null) return flaw('is no URL', 'https://updates.example.org/rules.bundle')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return flaw('is not a URL of HTTPS or HTTP')
  if (url.username !== '' || url.password !== '') return flaw('has a password in it, which logs would show')
  return url.href
}

export const updates = z
  .strictObject({
    keys: z
      .array(written(readBundleKey))
      .max(16)
      .prefault([])
      .meta({
        description:
          'Public keys whose bundles are trusted, as `sluice bundle key` prints them (see [updates.md](updates.md)). Without any, no bundle is used. A key that is taken out takes its bundles out of force at the next reload.',
        examples: [['Jeh4mvtG/NxXpb7vPGLW9j3KkNTrEyIVqjR8lS9ZVOA=']],
      }),
    url: written(readUrl)
      .optional()
      .meta({
        description:
          'Where the newest bundle is; the server need not be trusted. Default: bundles are brought by hand.',
        examples: ['https://updates.example.org/rules.bundle'],
      }),
    every: span({ min: 0 })
      .prefault('1h')
      .meta({
        description:
          'How often the running gateway asks there; `0s`: never, only `sluice update` does. What has not changed is not fetched again.',
        examples: ['15m'],
      }),
  })
  .prefault({})
  .meta({ description: 'Rules and models that come as signed bundles.' })
