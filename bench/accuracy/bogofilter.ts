/** Bogofilter with the settings of Debian, its own list of words, and all digits of its score. */
import { mkdirSync } from 'node:fs'
import { run } from '../../test/peers/process.ts'
import { type Contestant, lines, numbersOf, runOffline } from './contestant.ts'

export const bogofilter: Contestant = {
  name: 'bogofilter',
  version: async () => /version (\S+)/.exec((await run('bogofilter', ['-V'])).output)?.[1] ?? 'unknown',
  async teach(_, { ham, spam, folder }) {
    mkdirSync(folder)
    // The home of the account may hold settings.
    const env = { HOME: folder, BOGOFILTER_DIR: folder }
    const learn = (kind: '-s' | '-n', files: readonly string[]) =>
      runOffline(['bogofilter', '-d', folder, kind, '-b'], { input: lines(files), env })
    const [first, second] = [await learn('-s', spam), await learn('-n', ham)]
    return {
      cpuSeconds: first.cpuSeconds + second.cpuSeconds,
      async score(files) {
        // Its exit code tells the verdict on the last mail.
        const command = ['sh', '-c', 'bogofilter -d "$1" -b -TT; [ $? -le 2 ]', 'sh', folder]
        const { output, cpuSeconds } = await runOffline(command, { input: lines(files), env })
        return {
          scores: { bogofilter: numbersOf(output, files) },
          costs: { bogofilter: { mails: files.length, cpuSeconds } },
        }
      },
    }
  },
}
