/** The named characters of the native scanner are those of the TypeScript one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { characterEntities } from 'character-entities'
import { characterEntitiesLegacy } from 'character-entities-legacy'
import t from 'tap'
import { entityTable } from '../../../native/scripts/entity-table.ts'
import { readers } from '../../scanner/typescript/text/reading.ts'

const committed = join(import.meta.dirname, '../../../native/src/text/entity_table.inc')

t.test('the committed table is what the data of the packages make', async t => {
  t.equal(readFileSync(committed, 'utf8'), entityTable(), 'node native/scripts/entity-table.ts makes it')
})

t.test('all 2,231 names of the standard are known', async t => {
  t.equal(Object.keys(characterEntities).length + characterEntitiesLegacy.length, 2_231)
})

for (const [name, read] of readers) {
  t.test(`${name}: every name stands for its characters`, async t => {
    const rows = Object.entries(characterEntities)
    const html = rows.map(([entity]) => `<p>[&${entity};]`).join('')
    // The same characters, read as they are: white space and what has no width is treated alike.
    const plain = rows.map(([, characters]) => `[${characters.replaceAll(/[\t\n]/g, ' ')}]`).join('\n\n')
    t.equal(read('html', html).visible, read('plain', plain).visible)
  })

  t.test(`${name}: the old names stand for theirs without semicolon`, async t => {
    for (const entity of characterEntitiesLegacy)
      t.equal(read('html', `[&${entity} ]`).visible, read('plain', `[${characterEntities[entity]} ]`).visible)
  })
}
