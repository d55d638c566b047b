/**
 * The `sluice` command: from the arguments to the command that serves them.
 *
 * Promises: a wrong command line ends with status 2 and a suggestion; anything else that goes wrong ends with status 1
 * and one sentence, and shows a stack only when asked (`--debug`, or SLUICE_DEBUG=1). Only the module of the command
 * that is wanted is loaded, so that a question to the queue does not pay for the engine.
 * Leaves out: what the commands do (`commands/`). A new command is a file there and a row here.
 */
import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'

const commands = new Map<string, () => Promise<Command>>([
  ['run', async () => (await import('#commands/run.ts')).runCommand()],
  ['check', async () => (await import('#commands/check.ts')).checkCommand()],
  ['send', async () => (await import('#commands/send.ts')).sendCommand()],
  ['queue', async () => (await import('#commands/queue.ts')).queueCommand()],
  ['trace', async () => (await import('#commands/trace.ts')).traceCommand()],
  ['scan', async () => (await import('#commands/scan.ts')).scanCommand()],
  ['spamassassin', async () => (await import('#commands/spamassassin.ts')).spamassassinCommand()],
  ['lexicon', async () => (await import('#commands/lexicon.ts')).lexiconCommand()],
  ['train', async () => (await import('#commands/train.ts')).trainCommand()],
  ['learn', async () => (await import('#commands/learn.ts')).learnCommand()],
  ['propose', async () => (await import('#commands/propose.ts')).proposeCommand()],
  ['bundle', async () => (await import('#commands/bundle.ts')).bundleCommand()],
  ['update', async () => (await import('#commands/update.ts')).updateCommand()],
  ['tune', async () => (await import('#commands/tune.ts')).tuneCommand()],
  ['password', async () => (await import('#commands/password.ts')).passwordCommand()],
])

const exit = { failure: 1, usage: 2 } as const

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return String(manifest.version)
}

/** Throws instead of ending the process, for the command and all commands below it. */
function throwOnExit(command: Command): void {
  command.exitOverride()
  command.commands.forEach(throwOnExit)
}

/** The command that is named first; all of them where none is, for help and for suggestions. */
async function createProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command('sluice')
    .description('Edge mail security appliance: an SMTP gateway that writes to disk before it says 250.')
    .version(version())
    .option('--debug', 'show the stack of an unexpected error')
    .showHelpAfterError('Run with --help to see what there is.')
  const named = commands.get(argv.find(argument => !argument.startsWith('-')) ?? '')
  for (const load of named === undefined ? commands.values() : [named]) program.addCommand(await load())
  throwOnExit(program)
  return program
}

/** A plain Error holds a sentence that a command wrote for the operator. Any other kind nobody expected. */
const isSentence = (error: Error): boolean =>
  Object.getPrototypeOf(error) === Error.prototype && !('code' in error)

function report(thrown: unknown, debug: boolean): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  process.stderr.write(`sluice: ${debug ? error.stack : error.message}\n`)
  if (!debug && !isSentence(error)) process.stderr.write('Run again with --debug to see where it happened.\n')
}

async function main(argv: readonly string[]): Promise<void> {
  const debug = argv.includes('--debug') || process.env.SLUICE_DEBUG === '1'
  try {
    await (await createProgram(argv)).parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has written its message; help and version end with 0.
      process.exitCode = error.exitCode === 0 ? 0 : exit.usage
      return
    }
    report(error, debug)
    process.exitCode = exit.failure
  }
}

// A reader that has seen enough (`sluice queue list | head`) is not an error.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  process.exit()
})

// Halves the time until a command answers, which goes into reading source. Where it cannot be written it is not used.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/sluice', import.meta.url)))

await main(process.argv.slice(2))
