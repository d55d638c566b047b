/** Plays every dialogue of this folder (see `script.ts` for how they are written). */
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parseScript, play } from './script.ts'

for (const name of readdirSync(import.meta.dirname)
  .filter(name => name.endsWith('.smtp'))
  .sort()) {
  t.test(name.replace('.smtp', '').replaceAll('-', ' '), async t => {
    const script = parseScript(readFileSync(`${import.meta.dirname}/${name}`, 'utf8'))
    t.equal(await play(script, false), undefined, 'as it stands')
    t.equal(await play(script, true), undefined, 'octet by octet')
  })
}
