/**
 * Claim: thousands of clients that are slow on purpose cost little memory, hold nobody else up, and are ended by deadlines that no
 * dripping octet extends.
 *
 * One run per peer: mail from a quiet address is timed, then `connections` slow clients connect from 50 addresses in 10 networks
 * (half of what the default limits let each have), mail is timed again, memory is read, and for Sluice the end of every slow
 * connection is waited for. Deadlines are shortened (command 20 s, message 25 s) so that their ends can be seen; nothing else
 * differs from the defaults. Postfix runs with its default 100 processes: one process per connection is its design, and the
 * deadlines of its stress mode are what lets others in.
 */
import { startPostfix } from '../test/peers/postfix.ts'
import type { Owner } from '../test/peers/process.ts'
import { freePort, until } from '../test/peers/ready.ts'
import { round } from './measure/figures.ts'
import { memoryOctets } from './measure/process-tree.ts'
import { progress } from './measure/result.ts'
import { scope } from './measure/scope.ts'
import { kinds, type SlowReport, startSlowClients } from './slow/clients.ts'
import { type Latency, sendMany } from './slow/mailer.ts'
import { startSluice } from './sluice.ts'

export const deadlines = { command: 20, message: 25 } as const

const quietAddress = '127.200.0.1'
const mails = 100
const secondsOfMail = 12

interface IdleFigures {
  readonly connected: number
  readonly greeted: number
  readonly refused: number
  readonly memoryPerConnectionKB: number
  readonly acceptMilliseconds: { readonly before: Latency; readonly during: Latency }
}

interface Ends {
  /** Slow connections that the server had closed when all deadlines were over. */
  readonly ended: number
  /** Of the latest, in seconds behind its deadline. */
  readonly latestOverrun: number
}

export interface Idle {
  readonly connections: number
  readonly sluice: IdleFigures & Ends
  readonly postfix: IdleFigures
}

export async function idle(connections: number): Promise<Idle> {
  const sluice = process.env.NOS
    ? (undefined as never)
    : await scope(async owner => measureSluice(owner, connections))
  const postfix = await scope(async owner => {
    const running = await startPostfix(owner, { role: 'hold', log: false })
    return (await measure(owner, running, connections)).figures
  })
  return { connections, sluice, postfix }
}

async function measureSluice(owner: Owner, connections: number): Promise<IdleFigures & Ends> {
  const running = await startSluice(owner, {
    nextHop: `127.0.0.1:${await freePort()}`,
    configuration: {
      deadlines: { command: `${deadlines.command}s`, message: `${deadlines.message}s` },
      delivery: { retry: ['1h'] },
    },
  })
  const { figures, report } = await measure(owner, running, connections)
  progress('waiting for the deadlines')
  const last = await until(
    'every slow connection to end',
    async () => {
      const now = await report()
      return now.open === 0 && now
    },
    deadlines.message + 30,
  ).catch(report)
  return { ...figures, ...ends(last) }
}

function ends({ lifetimes }: SlowReport): Ends {
  const overruns = kinds.flatMap(kind => {
    const deadline = kind === 'message' ? deadlines.message : deadlines.command
    return lifetimes[kind].map(milliseconds => milliseconds / 1_000 - deadline)
  })
  return {
    ended: overruns.length,
    latestOverrun: round(overruns.reduce((a, b) => Math.max(a, b), -Infinity)),
  }
}

async function measure(
  owner: Owner,
  { port, pid }: { readonly port: number; readonly pid: number },
  connections: number,
): Promise<{ readonly figures: IdleFigures; readonly report: () => Promise<SlowReport> }> {
  await sendMany(port, quietAddress, 20, secondsOfMail)
  const before = await sendMany(port, quietAddress, mails, secondsOfMail)
  const memory = memoryOctets(pid)
  const slow = startSlowClients({ port, connections, addresses, recipient: 'jo@example.test', pause: 700 })
  owner.teardown(slow.stop)
  // Some peers never greet them all; then the figures are those of the ones that they did.
  await until('slow clients', async () => (await slow.report()).greeted === connections, 10).catch(
    () => undefined,
  )
  const { connected, greeted, refused } = await slow.report()
  const memoryPerConnectionKB = round((memoryOctets(pid) - memory) / Math.max(1, greeted) / 1_024)
  const during = await sendMany(port, quietAddress, mails, secondsOfMail)
  const figures = {
    connected,
    greeted,
    refused,
    memoryPerConnectionKB,
    acceptMilliseconds: { before: rounded(before), during: rounded(during) },
  }
  progress(JSON.stringify(figures))
  return { figures, report: slow.report }
}

const addresses = Array.from(
  { length: 50 },
  (_, index) => `127.100.${index % 10}.${1 + Math.floor(index / 10)}`,
)

const rounded = (latency: Latency): Latency => ({
  ...latency,
  median: round(latency.median),
  p99: round(latency.p99),
  highest: round(latency.highest),
})
