/** Sluice: `sluice train`, and the filter as a message meets it (`sluice-scores.ts`). */
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Contestant, lines, numbersOf, ownCost, runOffline } from './contestant.ts'

const main = join(import.meta.dirname, '../../src/main.ts')
const scorer = join(import.meta.dirname, 'sluice-scores.ts')

/** `sluice train` takes folders. */
function folderOf(files: readonly string[], folder: string): string {
  mkdirSync(folder)
  for (const [index, file] of files.entries()) symlinkSync(file, join(folder, `${index}.eml`))
  return folder
}

export const sluice: Contestant = {
  name: 'sluice',
  version: async () => execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim(),
  async teach(_, { ham, spam, folder }) {
    mkdirSync(folder)
    const model = join(folder, 'sluice.model')
    const folders = [
      ...['--ham', folderOf(ham, join(folder, 'ham'))],
      ...['--spam', folderOf(spam, join(folder, 'spam'))],
    ]
    const { cpuSeconds } = await runOffline([process.execPath, main, 'train', ...folders, '-o', model])
    return {
      cpuSeconds,
      async score(files) {
        const { output } = await runOffline([process.execPath, scorer, model], { input: lines(files) })
        return {
          scores: { sluice: numbersOf(output, files) },
          costs: { sluice: ownCost(output, files.length) },
        }
      },
    }
  },
}
