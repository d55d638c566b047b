/**
 * The configuration as JSON Schema (draft 2020-12): for editors, for the console's forms, for the manual, and for the
 * suggestions that go with a problem.
 *
 * Promises: it describes what a file may say (not what comes out of it), with the description, default and examples of
 * every key. Beside the standard keywords: `unit`, either `size` or `span`.
 * Leaves out what JSON Schema cannot say, such as the grammar of a next hop: a file that it accepts may still be refused
 * by `sluice check`, never the other way round.
 */
import { z } from 'zod'
import { schema } from '#config/schema.ts'

/** The keywords that our schema uses. */
export interface JsonSchema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly unit?: 'size' | 'span'
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | JsonSchema
  readonly propertyNames?: JsonSchema
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly required?: readonly string[]
}

export type Path = readonly (string | number)[]

const make = (): JsonSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      // zod drops examples of whatever is transformed, since it cannot know which side they show. Ours show the input.
      const examples = z.globalRegistry.get(zodSchema)?.examples
      if (examples !== undefined) jsonSchema.examples = examples as unknown[]
    },
  }) as JsonSchema

export const jsonSchema: JsonSchema = { $id: 'urn:sluice:configuration', ...make() } as JsonSchema

/** What the schema says of a path: all branches that the path can mean; empty for a path that does not exist. */
export function schemasAt(path: Path, from: JsonSchema = jsonSchema): readonly JsonSchema[] {
  const branches = from.anyOf === undefined ? [from] : [from, ...from.anyOf]
  const [first, ...rest] = path
  if (first === undefined) return branches
  return branches.flatMap(branch => {
    const next = typeof first === 'number' ? branch.items : child(branch, first)
    return next === undefined ? [] : schemasAt(rest, next)
  })
}

function child(branch: JsonSchema, key: string): JsonSchema | undefined {
  if (branch.properties !== undefined && Object.hasOwn(branch.properties, key)) return branch.properties[key]
  return typeof branch.additionalProperties === 'object' ? branch.additionalProperties : undefined
}

/** The names that may stand below a path. */
export const keysAt = (path: Path): readonly string[] =>
  schemasAt(path).flatMap(branch => Object.keys(branch.properties ?? {}))

/** True for a path whose value is a mapping and nothing else. */
export function isSection(path: Path): boolean {
  const branches = schemasAt(path)
  return branches.length > 0 && branches.every(branch => branch.type === 'object')
}

/** Calls `visit` for every named key, sections before what is in them. */
export function walk(
  visit: (path: readonly string[], node: JsonSchema) => void,
  from = jsonSchema,
  path: string[] = [],
) {
  for (const [name, node] of Object.entries(from.properties ?? {})) {
    visit([...path, name], node)
    walk(visit, node, [...path, name])
  }
}
