/**
 * `sluice run`: the gateway in the foreground, until a signal ends it.
 *
 * Promises: says in a few lines what listens where and what to try; what cannot start says why in a sentence and ends
 * with 1; SIGTERM and SIGINT drain and end with 0, a second one ends at once; SIGHUP applies the configuration file.
 */
import { relative } from 'node:path'
import { Command } from 'commander'
import { version } from '#commands/version.ts'
import { explainProblems } from '#config/explain.ts'
import { findConfigurationFile } from '#config/load.ts'
import { type Flags, isProblems, parseOverrides } from '#config/overrides.ts'
import { type Engine, StartRefused, startEngine } from '#engine/engine.ts'

interface Options extends Flags {
  readonly config?: string
  readonly drain: number
}

const collect = (value: string, values: readonly string[] = []): readonly string[] => [...values, value]

export const runCommand = (): Command =>
  new Command('run')
    .description('Run the gateway in the foreground.')
    .option(
      '-c, --config <file>',
      'configuration file (default: ./sluice.yaml, then /etc/sluice/sluice.yaml, then none)',
    )
    .option('--listen <zone=address:port>', 'listen there instead; may be given several times', collect)
    .option(
      '--next-hop <hop>',
      'where mail goes for domains that name nothing else: HOST:PORT, mx or capture',
    )
    .option(
      '--domain <domain>',
      'a domain that mail from outside is relayed for; may be given several times',
      collect,
    )
    .option('--data <directory>', 'data directory (default: ./data)')
    .option('--threads <count>', 'engine threads; 0 is one per core')
    .option('--drain <seconds>', 'how long sessions may finish after SIGTERM', Number, 30)
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `
Signals: SIGHUP applies the configuration file; SIGTERM and SIGINT let sessions finish and end; again: end at once.
Exit status: 0 after a signal, 1 when it cannot start, 2 for a wrong command line.`,
    )
    .action(run)

async function run(options: Options): Promise<void> {
  const overrides = parseOverrides(options)
  if (isProblems(overrides)) {
    process.stderr.write(explainProblems(overrides))
    process.exitCode = 2
    return
  }
  const file = options.config ?? findConfigurationFile()
  try {
    const starting = startEngine({
      source: { overrides, ...(file !== undefined && { file }) },
      version: version(),
      environment: process.env,
    })
    // Before anybody can be told that we are ready: whoever waited for that may send a signal the next moment.
    obeySignals(starting, options.drain * 1_000)
    process.stdout.write(introduction(await starting, options.data))
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    process.stderr.write(`sluice: ${error.message}\n`)
    process.exitCode = 1
  }
}

/** Milliseconds. A Ctrl-C under npm comes twice, from the terminal and from npm: that is one wish. */
const sameWish = 1_000

/** A signal that comes during the start is obeyed behind it. */
function obeySignals(starting: Promise<Engine>, patience: number): void {
  // Why it did not start is said by whoever started it.
  const withEngine = (act: (engine: Engine) => Promise<unknown>) =>
    starting.then(act, () => new Promise<never>(() => undefined))
  let asked: number | undefined
  const end = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (signal === 'SIGINT' && asked !== undefined && now - asked < sameWish) return
    const again = asked !== undefined
    asked ??= now
    withEngine(engine => engine.drain(again ? 0 : patience)).then(
      () => process.exit(0),
      error => {
        process.stderr.write(`sluice: ${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.on('SIGHUP', () => void withEngine(engine => engine.reload()))
}

/** What a newcomer needs to send the first mail and to find it again. */
function introduction(engine: Engine, data: string | undefined): string {
  const { threads, listeners, dataDirectory, configurationFile } = engine.status()
  const configuration = engine.configuration()
  const near = (path: string) => {
    const short = relative(process.cwd(), path)
    return short === '' || short.startsWith('..') ? path : `./${short}`
  }
  const captures = configuration.nextHop === 'capture'
  const mail = listeners.find(listener => listener.zone !== 'management')
  const recipient = `you@${Object.keys(configuration.domains).find(domain => !/[*[]/.test(domain)) ?? 'example.com'}`
  const rows = [
    ...listeners.map(({ zone, address }) => [
      zone,
      zone === 'management' ? `http://${address}/metrics and /healthz` : `${address}, SMTP`,
    ]),
    ['next hop', nextHopText(configuration.nextHop, near(engine.captureDirectory))],
    ['data', near(dataDirectory)],
    ['settings', configurationFile ?? 'defaults'],
  ]
  return [
    ...engine.warnings,
    `Sluice is ready: ${threads.length} engine thread${threads.length === 1 ? '' : 's'}, process ${process.pid}.`,
    ...rows.map(([name, text]) => `  ${name!.padEnd(11)} ${text}`),
    ...(mail === undefined ? [] : tryLines(mail.address, recipient, data)),
    ...(captures ? [`  ls ${near(engine.captureDirectory)}/new`] : []),
    '',
  ].join('\n')
}

const tryLines = (server: string, recipient: string, data: string | undefined): string[] => [
  'Try:',
  `  npm run -s sluice -- send --server ${server} --to ${recipient}`,
  `  swaks --server ${server} --from you@example.org --to ${recipient}`,
  `  npm run -s sluice -- queue list${data === undefined ? '' : ` --data ${data}`}`,
]

function nextHopText(nextHop: string | readonly string[], capture: string): string {
  if (nextHop === 'capture') return `capture: mail ends in ${capture}, and is sent nowhere`
  if (nextHop === 'mx') return 'as DNS says (MX)'
  return typeof nextHop === 'string' ? nextHop : nextHop.join(', then ')
}
