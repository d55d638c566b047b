/**
 * Texts with a grammar of their own as parts of the schema: the readers of this folder, brought to zod.
 */
import { z } from 'zod'
import { readNetwork } from '#config/grammar/address.ts'
import { controlFlaw, type Flaw, isFlaw, quoted } from '#config/grammar/reading.ts'

/** A text with a grammar of its own. `pattern` is the part of the grammar that JSON Schema can say. */
export const written = <T>(read: (text: string) => T | Flaw, pattern?: RegExp) =>
  z
    .string()
    .meta(pattern === undefined ? {} : { pattern: pattern.source })
    .transform((text, context): T => {
      const result = controlFlaw(text) ?? read(text)
      return isFlaw(result) ? refuse(context, text, result) : result
    })

/** Reports the flaw to zod; the suggestion travels in `params`. */
export function refuse(context: z.RefinementCtx, value: unknown, found: Flaw): never {
  context.addIssue({
    code: 'custom',
    message: `${quoted(value)} ${found.reason}`,
    params: { suggestion: found.suggestion },
  })
  return z.NEVER
}

export const networks = () => written(readNetwork)
