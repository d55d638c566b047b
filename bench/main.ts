/**
 * `npm run bench -- CLAIM [options]`: measures one claim, writes `bench/results/CLAIM.json`, prints the figures.
 */
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import { postfixMissing } from '../test/peers/postfix.ts'
import type { Load } from './comparison.ts'
import { fileSystem } from './measure/machine.ts'
import { publish } from './measure/result.ts'

const directory = process.env.SLUICE_PEERS ?? '/var/tmp'

const positive = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a positive integer.')
  return value
}

const program = new Command('bench')
  .description('Measure a claim against Postfix on this machine. A quiet machine gives better figures.')
  .showHelpAfterError()

/** Loads other than the default go to files of their own. */
const fileOf = (claim: string, { size, sessions, content }: Load): string =>
  [
    claim,
    ...(content ? ['content'] : []),
    ...(size === 4_096 ? [] : [`${size}-octets`]),
    ...(sessions === 20 ? [] : [`${sessions}-sessions`]),
  ].join('-')

for (const claim of ['accept', 'relay'] as const) {
  program
    .command(claim)
    .description(
      claim === 'accept'
        ? 'Messages accepted and on disk per second.'
        : 'Messages accepted, stored and handed on per second.',
    )
    .option('--json', 'print one line of JSON', false)
    .option('--size <octets>', 'body of each message', positive, 4_096)
    .option('--sessions <n>', 'connections at once', positive, 20)
    .option('--messages <n>', 'messages in each round', positive, 6_000)
    .option('--content', 'scan and judge content as by default, which Postfix as it is does not', false)
    .option('--rounds <n>', 'rounds of each peer', positive, 5)
    .action(async ({ json, rounds, ...load }: Load & { json: boolean; rounds: number }) => {
      const { [claim]: measure } = (await import(`./${claim}.ts`)) as Record<
        string,
        typeof import('./accept.ts').accept
      >
      const figures = await measure!(load, rounds)
      const output = { json, claim: fileOf(claim, load), directory }
      publish({ ...output, parameters: { ...load, rounds } }, { ...figures })
    })
}

program
  .command('backlog')
  .description(
    'A deep queue: memory, time from start to the first accept, accept rate against an empty queue.',
  )
  .option('--json', 'print one line of JSON', false)
  .option('--messages <n>', 'messages in the queue', positive, 1_000_000)
  .option('--size <octets>', 'body of each message', positive, 4_096)
  .option('--sessions <n>', 'connections at once', positive, 20)
  .option('--domains <n>', 'domains that the queue is for', positive, 100)
  .option('--load <n>', 'messages of each load that measures the accept rate', positive, 10_000)
  .option('--rounds <n>', 'rounds of each queue', positive, 3)
  .addOption(
    new Option('--through <door>', 'how the queue is filled').choices(['spool', 'smtp']).default('spool'),
  )
  .action(async ({ json, ...parameters }) => {
    const { backlog } = await import('./backlog.ts')
    publish({ json, claim: 'backlog', directory, parameters }, { ...(await backlog(parameters)) })
  })

program
  .command('scan')
  .description(
    'The content scanner per core, against Hyperscan as it is, RegExp, RE2, postal-mime and mailparser.',
  )
  .option('--json', 'print one line of JSON', false)
  .option('--rounds <n>', 'rounds of each contestant', positive, 5)
  .action(async ({ json, rounds }) => {
    const { scan } = await import('./scan.ts')
    publish({ json, claim: 'scan', directory, parameters: { rounds } }, await scan(directory, rounds))
  })

program
  .command('accuracy')
  .description(
    "The anti-spam filter against Debian's bogofilter, SpamAssassin and rspamd, on real mail of yours that all of them learn from.",
  )
  .option('--json', 'print one line of JSON', false)
  .option('--corpus <folder>', 'packs of mail; README.md says how they look', process.env.SLUICE_CORPUS)
  .option('--keep <n>', 'one mail in so many: quick, and good for nothing but trying', positive, 1)
  .addOption(
    new Option('--only <names...>', 'these contestants alone').choices([
      'sluice',
      'bogofilter',
      'spamassassin',
      'rspamd',
    ]),
  )
  .option('--at-once <n>', 'trainings and measurements at the same time', positive, availableParallelism())
  .action(async ({ json, corpus, ...options }) => {
    const { accuracy } = await import('./accuracy.ts')
    const { accuracyTable } = await import('./accuracy/table.ts')
    const figures = await accuracy(corpus, options).catch(error => program.error(`bench: ${error.message}`))
    const claim = options.keep > 1 || options.only !== undefined ? 'accuracy-sample.local' : 'accuracy'
    publish({ json, claim, directory, parameters: options }, figures, accuracyTable)
  })

program
  .command('idle')
  .description('Clients that are slow on purpose: memory, mail of others meanwhile, and their end.')
  .option('--json', 'print one line of JSON', false)
  .option('--connections <n>', 'slow clients', positive, 5_000)
  .action(async ({ json, connections }) => {
    const { idle, deadlines } = await import('./idle.ts')
    publish(
      { json, claim: 'idle', directory, parameters: { connections, deadlines } },
      { ...(await idle(connections)) },
    )
  })

/** Why nothing can be measured here, or undefined. */
async function obstacle(): Promise<string | undefined> {
  if (fileSystem(directory) === 'tmpfs')
    return `${directory} is a tmpfs, on which nothing is durable. Set SLUICE_PEERS to a directory on a disk.`
  const missing = await postfixMissing()
  return missing && `${missing}.`
}

program.hook('preAction', async () => {
  const reason = await obstacle()
  if (reason !== undefined) program.error(`bench: ${reason}`)
})
await program.parseAsync()
