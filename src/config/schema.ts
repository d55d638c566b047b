/**
 * The one schema of the configuration: from it come the types, the defaults, JSON Schema, `sluice check` and the manual.
 *
 * Promises: every key has a description, an example and a default, so that no file at all is a valid configuration; an
 * unknown key is an error; no text in the output contains a control character (promise 6).
 * Leaves out: reading files (`load.ts`), rules between keys and looks at the machine (`rules/`).
 */
import { z } from 'zod'
import { size } from '#config/grammar/size.ts'
import { path } from '#config/grammar/texts.ts'
import { content } from '#config/sections/content.ts'
import { deliverySection, spoolSection } from '#config/sections/delivery.ts'
import { domains, generalNextHop, hostname } from '#config/sections/domains.ts'
import { deadlines, limits, session } from '#config/sections/limits.ts'
import { spam } from '#config/sections/spam.ts'
import { updates } from '#config/sections/updates.ts'
import { zones } from '#config/sections/zones.ts'

const tls = z
  .strictObject({
    certificate: path()
      .optional()
      .meta({
        description:
          'PEM file with our certificate and its chain. Default: a self-signed one that is made under `data/tls`.',
        examples: ['/etc/sluice/tls/mx1.pem'],
      }),
    key: path()
      .optional()
      .meta({
        description:
          'PEM file with the private key of the certificate; nobody else should be able to read it.',
        examples: ['/etc/sluice/tls/mx1.key'],
      }),
    minimumVersion: z
      .enum(['TLSv1.2', 'TLSv1.3'])
      .default('TLSv1.2')
      .meta({ description: 'Lowest version of TLS that is spoken with clients.', examples: ['TLSv1.3'] }),
  })
  .prefault({})
  .meta({ description: 'Our certificate. Files that change are read again at the next reload.' })

const users = z
  .strictObject({
    file: path()
      .optional()
      .meta({
        description: 'File of users with hashed passwords who may sign in with AUTH. Default: nobody may.',
        examples: ['/etc/sluice/users'],
      }),
  })
  .prefault({})
  .meta({ description: 'Who may sign in.' })

const tracking = z
  .strictObject({
    fileSize: size({ min: 2 ** 16, max: 2 ** 40 })
      .prefault('64MiB')
      .meta({ description: 'Size at which a tracking file is closed.', examples: ['256MiB'] }),
    files: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(16)
      .meta({ description: 'Tracking files that are kept; the oldest is removed.', examples: [64] }),
  })
  .prefault({})
  .meta({ description: 'The story of each message, for `sluice trace`.' })

const log = z
  .strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error'])
      .default('info')
      .meta({ description: 'What is logged: this level and those above it.', examples: ['debug'] }),
  })
  .prefault({})
  .meta({ description: 'The log of the program itself.' })

export const schema = z
  .strictObject({
    hostname,
    data: path()
      .prefault('./data')
      .meta({
        description:
          'Folder of everything that is kept: queue, tracking, certificates, captured mail. Needs a restart.',
        examples: ['/var/lib/sluice'],
      }),
    threads: z
      .number()
      .int()
      .min(0)
      .max(64)
      .default(0)
      .meta({ description: 'Engine threads; 0 is one per core. Needs a restart.', examples: [4] }),
    placement: z
      .enum(['auto', 'cores', 'off'])
      .default('auto')
      .meta({
        description:
          'Which CPUs the engine threads run on: each on a core of its own where that helps (`auto`: four cores or more, or several NUMA nodes, that are not shared with others), in any case (`cores`), or wherever the system puts them (`off`). `sluice tune` says what becomes of it. Needs a restart.',
        examples: ['off'],
      }),
    zones,
    domains,
    nextHop: generalNextHop,
    tls,
    users,
    limits,
    deadlines,
    session,
    content,
    spam,
    updates,
    spool: spoolSection,
    delivery: deliverySection,
    tracking,
    log,
  })
  .meta({ title: 'Sluice configuration' })

/** What a configuration file may say. */
export type ConfigurationInput = z.input<typeof schema>
/** A complete configuration: every key present, sizes in octets, spans in milliseconds. Survives structured clone. */
export type Configuration = z.output<typeof schema>
