/** swaks, the client that a mail administrator tests with: one message per run. */
import { run } from './process.ts'

export interface SwaksResult {
  /** 0 when every step was accepted; swaks(1) lists the others (24: RCPT, 26: DATA, 28: AUTH, 29: TLS). */
  readonly code: number | null
  /** The dialogue as swaks prints it. */
  readonly transcript: string
}

/** `args` beside server and port, such as `['--tls', '--auth', 'PLAIN']`. `data` is the whole message, LF line ends. */
export async function swaks(port: number, args: readonly string[], data?: string): Promise<SwaksResult> {
  const fixed = ['--server', `127.0.0.1:${port}`, '--timeout', '15', '--helo', 'swaks.client.test']
  const body = data === undefined ? [] : ['--data', '-']
  const { code, output, errors } = await run('swaks', [...fixed, ...body, ...args], {
    // swaks ends the last line once more.
    input: data?.replace(/\n$/, '') ?? '',
  })
  return { code, transcript: output + errors }
}
