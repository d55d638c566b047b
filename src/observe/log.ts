/**
 * The log of the gateway: what an operator must know about the machine, as opposed to tracking, which tells about mail.
 *
 * Promises: one line per entry on standard error, written before the call returns, so that the last words of a dying
 * thread are kept; JSON for machines, a short line when standard error is a terminal; text from outside is data inside
 * JSON strings, or has its control characters replaced (promise 28).
 * Leaves out: files and rotation; the journal of systemd or the redirection of a shell has both.
 */
import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { type DestinationStream, destination, type Logger, pino } from 'pino'

export type Log = Logger
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

const standardError = 2

export interface LogOptions {
  readonly level: LogLevel
  /** Engine thread, or `main`. */
  readonly thread: number | 'main'
  /** Where lines go instead of standard error, as short lines or as JSON. */
  readonly write?: (line: string) => void
  readonly format?: 'json' | 'short'
}

export function createLog(options: LogOptions): Log {
  const format = options.format ?? (isatty(standardError) ? 'short' : 'json')
  return pino(
    {
      level: options.level,
      base: { thread: options.thread },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
    },
    outlet(format, options.write),
  )
}

function outlet(format: 'json' | 'short', write?: (line: string) => void): DestinationStream {
  if (format === 'short') {
    const put = write ?? writeToTerminal
    return { write: line => put(shortLine(line)) }
  }
  return write === undefined ? destination({ dest: standardError, sync: true }) : { write }
}

/** A terminal that is gone, or does not take more at the moment, must not end a thread. */
function writeToTerminal(line: string): void {
  try {
    writeSync(standardError, line)
  } catch {
    // There is nobody to tell.
  }
}

const colourOf = new Map([
  ['warn', '\u001b[33m'],
  ['error', '\u001b[31m'],
])
// A terminal obeys escape sequences, wherever they came from.
const unprintable = /[\u0000-\u001f\u007f-\u009f]/g

/** `12:01:03 warn  thread 1: The words. key=value` */
export function shortLine(json: string): string {
  const { level, time, thread, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>
  const where = thread === 'main' ? '' : `thread ${String(thread)}: `
  const facts = Object.entries(rest).map(([key, value]) => ` ${key}=${plain(value)}`)
  const cause = err === undefined ? '' : ` error=${plain((err as { message?: unknown }).message ?? err)}`
  const text = `${String(level).padEnd(5)} ${where}${plain(msg ?? '')}${facts.join('')}${cause}`
  const colour = colourOf.get(String(level))
  const clock = new Date(String(time)).toTimeString().slice(0, 8)
  return `${clock} ${colour === undefined ? text : `${colour}${text}\u001b[0m`}\n`
}

const plain = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replace(unprintable, '?')
