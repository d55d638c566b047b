/**
 * What systemd wants to know of a service (sd_notify(3), Type=notify-reload): ready, status, reloading, stopping, alive.
 *
 * Node.js cannot send the datagram itself: it has no datagram sockets in the UNIX domain, and an addon for one message
 * every few seconds is not worth a compiler on the machine. The package `systemd-notify` runs the program of that name,
 * which is on every machine that has systemd, but knows only ready and status; the rest goes to the same program as
 * VARIABLE=VALUE. The program waits until systemd has read the message, so that it can be told whose it is; the unit
 * needs `NotifyAccess=all`, since the message comes from a child of the main process.
 *
 * Promises: does nothing where no systemd asks (NOTIFY_SOCKET); messages arrive in order; a failure is logged once and
 * never troubles the mail. Costs one short-lived process per message.
 */
import { spawn } from 'node:child_process'
import notify from 'systemd-notify'
import type { Log } from '#observe/log.ts'

export interface Notifier {
  ready(status: string): void
  status(text: string): void
  reloading(): void
  stopping(): void
  /** How often `alive` is to be called, in milliseconds: half of what systemd waits. `undefined`: it does not wait. */
  readonly interval: number | undefined
  alive(): void
  /** Resolves when everything said so far has been said. */
  settled(): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

export function createNotifier(environment: Environment, log: Log): Notifier {
  if (environment.NOTIFY_SOCKET === undefined || environment.NOTIFY_SOCKET === '') return silent
  let last = Promise.resolve()
  let failed = false
  let aliveUnderWay = false
  const queue = (send: () => Promise<unknown>) => {
    last = last.then(send).then(
      () => undefined,
      (error: unknown) => {
        if (!failed) log.warn({ error: String(error) }, 'systemd could not be notified')
        failed = true
      },
    )
    return last
  }
  return {
    ready: status => void queue(() => notify({ ready: true, status, pid: process.pid })),
    status: text => void queue(() => notify({ status: text })),
    // The time is read when the message is made, so that systemd can tell a reload from an older one.
    reloading: () =>
      void queue(() => send('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`)),
    stopping: () => void queue(() => send('STOPPING=1')),
    interval: watchdogInterval(environment),
    alive: () => {
      // One at a time: what piles up behind a slow systemd is worth nothing.
      if (aliveUnderWay) return
      aliveUnderWay = true
      void queue(() => send('WATCHDOG=1')).then(() => {
        aliveUnderWay = false
      })
    },
    settled: () => last,
  }
}

const nothing = () => undefined
const silent: Notifier = {
  ready: nothing,
  status: nothing,
  reloading: nothing,
  stopping: nothing,
  interval: undefined,
  alive: nothing,
  settled: async () => undefined,
}

/** WATCHDOG_PID names the process that is watched (sd_watchdog_enabled(3)). */
function watchdogInterval(environment: Environment): number | undefined {
  const microseconds = Number(environment.WATCHDOG_USEC ?? 0)
  const isOurs = (environment.WATCHDOG_PID ?? String(process.pid)) === String(process.pid)
  return isOurs && microseconds > 0 ? microseconds / 2_000 : undefined
}

function send(...variables: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('systemd-notify', variables, { stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(0, 1_000)
    })
    child.on('error', reject)
    child.on('close', code => (code === 0 ? resolve() : reject(new Error(errors.trim() || `exit ${code}`))))
  })
}
