/**
 * SpamAssassin with the rules and settings of Debian, tests of the network left out: its rules alone, and with what it has learned.
 *
 * Both come from one pass, since a pass is expensive: a rule has one score where Bayes is in use and another where it is not, and
 * the latter of all rules that hit add up to what SpamAssassin without Bayes gives (no meta rule asks for a result of Bayes).
 * Promises: on some mails that is compared with a SpamAssassin that has no Bayes, and a difference ends the run.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../test/peers/process.ts'
import { type Contestant, lines, numbersOf, ownCost, runOffline } from './contestant.ts'

const driver = join(import.meta.dirname, 'spamassassin.pl')
const compared = 60

export const spamassassin: Contestant = {
  name: 'spamassassin',
  version: async () =>
    /version (\S+)/.exec((await run('spamassassin', ['--version'])).output)?.[1] ?? 'unknown',
  async teach(_, { ham, spam, folder }) {
    mkdirSync(folder)
    const path = join(folder, 'bayes')
    const env = { HOME: folder }
    // Tokens go into a journal, which the second command adds to the database.
    const learn = (files: readonly string[], ...options: string[]) =>
      runOffline(['sa-learn', '--local', '-p', '/dev/null', '--dbpath', path, ...options, '-f', '-'], {
        input: lines(files),
        env,
      })
    const [first, second] = [await learn(spam, '--spam', '--no-sync'), await learn(ham, '--ham')]
    const check = (files: readonly string[], settings: readonly string[]) =>
      runOffline(['perl', driver, [...settings, 'use_auto_welcomelist 0', ''].join('\n')], {
        input: lines(files),
        env,
      })
    return {
      cpuSeconds: first.cpuSeconds + second.cpuSeconds,
      async score(files) {
        const { output } = await check(files, ['use_bayes 1', `bayes_path ${path}`, 'bayes_auto_learn 0'])
        const rules = numbersOf(output, files, 2)
        const some = files.slice(0, compared)
        const { output: withoutBayes } = await check(some, ['use_bayes 0'])
        const alone = numbersOf(withoutBayes, some)
        const different = some.find((_, index) => Math.abs(alone[index]! - rules[index]!) > 0.0005)
        if (different !== undefined)
          throw new Error(`SpamAssassin without Bayes scores ${different} otherwise`)
        return {
          scores: { spamassassin: numbersOf(output, files), spamassassinRules: rules },
          costs: {
            spamassassin: ownCost(output, files.length),
            spamassassinRules: ownCost(withoutBayes, some.length),
          },
        }
      },
    }
  },
}
