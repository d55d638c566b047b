/**
 * `npm run bench -- CLAIM [options]`: measures one claim, writes `bench/results/CLAIM.json`, prints the figures.
 */
import { Command, InvalidArgumentError } from 'commander'
import { fileSystem } from './measure/machine.ts'
import { progress, publish } from './measure/result.ts'

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

/** Sizes and sessions other than the default go to files of their own. */
const fileOf = (claim: string, size: number, sessions: number): string =>
  [
    claim,
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
    .option('--messages <n>', 'messages in each round', positive, 10_000)
    .option('--rounds <n>', 'rounds of each peer', positive, 3)
    .action(async ({ json, rounds, ...load }) => {
      const { [claim]: measure } = (await import(`./${claim}.ts`)) as Record<
        string,
        typeof import('./accept.ts').accept
      >
      const figures = await measure!(load, rounds)
      const output = { json, claim: fileOf(claim, load.size, load.sessions), directory }
      publish({ ...output, parameters: { ...load, rounds } }, { ...figures })
    })
}

if (fileSystem(directory) === 'tmpfs') {
  progress(`${directory} is a tmpfs: nothing on it is durable. Set SLUICE_PEERS to a directory on a disk.`)
  process.exitCode = 1
} else await program.parseAsync()
