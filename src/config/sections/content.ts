/**
 * What is looked for in the content of messages.
 */
import { z } from 'zod'
import { path } from '#config/grammar/texts.ts'

export const content = z
  .strictObject({
    scan: z
      .boolean()
      .default(true)
      .meta({
        description:
          'Whether content is scanned while it comes in. What is found is told by `sluice trace` and counted; what is done about it is said in `spam`.',
        examples: [false],
      }),
    lexicons: z
      .array(path())
      .max(64)
      .prefault([])
      .meta({
        description:
          'Files of rules about the words of a message (see [lexicon.md](lexicon.md)). They are read again at a reload. Compiled, they are kept under `data/patterns`.',
        examples: [['/etc/sluice/lexicons/fraud.yaml']],
      }),
    model: path()
      .optional()
      .meta({
        description:
          'File of the trained model that scores messages, as `sluice train` writes it. Default: the one that ships; without any the symbols score alone. It is read again at a reload.',
        examples: ['/etc/sluice/our.model'],
      }),
  })
  .prefault({})
  .meta({ description: 'What is looked for in the content of messages.' })
