/**
 * Makes native/src/text/entity_table.inc: the named characters of HTML for the native scanner, out of the packages that the
 * TypeScript scanner reads them from. The table is committed, so that a build of the native core needs no Node; a test
 * compares it with what this makes.
 *
 *   node native/scripts/entity-table.ts >native/src/text/entity_table.inc
 */
import { characterEntities } from 'character-entities'
import { characterEntitiesLegacy } from 'character-entities-legacy'

const legacy = new Set(characterEntitiesLegacy)
const octal = (octet: number) => `\\${octet.toString(8).padStart(3, '0')}`
const inOrder = (a: string, b: string) => (a < b ? -1 : 1)

const row = (name: string) => {
  const text = [...Buffer.from(characterEntities[name]!)].map(octal).join('')
  return `{"${name}", "${text}", ${legacy.has(name)}},\n`
}

/** The rows in the order of their octets, as `Entity` in native/src/text/entity.h. */
export const entityTable = () =>
  `// Made by native/scripts/entity-table.ts; do not edit.\n${Object.keys(characterEntities).sort(inOrder).map(row).join('')}`

if (import.meta.main) process.stdout.write(entityTable())
