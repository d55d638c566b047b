/**
 * An SMTP client that shows what it does: one command at a time, each line and each reply told.
 *
 * The client of delivery hides the dialogue and pipelines it, as it should; an operator who tries a gateway wants to see
 * each step. Sockets, replies, TLS and dot-stuffing are those of delivery.
 * Leaves out: the proof of the server's certificate. What is sent with it is a trial, and the password of a trial user.
 */
import { Channel } from '#delivery/channel.ts'
import { DotStuffing } from '#delivery/dot-stuffing.ts'
import { type ServerReply, textOfReply } from '#delivery/reply-reader.ts'

export interface Trial {
  readonly address: string
  readonly port: number
  readonly hostname: string
  readonly from: string
  readonly to: readonly string[]
  /** Wire form: CRLF line ends, not dot-stuffed. */
  readonly content: Uint8Array
  readonly tls: boolean
  readonly user?: { readonly name: string; readonly password: string }
  /** `>` what we say, `<` what the server says, `*` what happens. */
  readonly tell: (direction: '>' | '<' | '*', line: string) => void
}

export type TrialResult =
  | { readonly kind: 'accepted'; readonly reply: string; readonly refused: readonly string[] }
  /** `permanent`: 5xx. `temporary`: 4xx. `lost`: no reply at all. */
  | { readonly kind: 'permanent' | 'temporary' | 'lost'; readonly step: string; readonly reply: string }

/** Milliseconds that the server may take for one reply; RFC 5321 §4.5.3.2 is more patient, an operator is not. */
const patience = 60_000

/** Never rejects. */
export async function tryMail(trial: Trial): Promise<TrialResult> {
  const peer = `${trial.address}:${trial.port}`
  const channel = await Channel.dial(trial, peer, patience)
  if (!(channel instanceof Channel)) return { kind: 'lost', step: 'connect', reply: channel.text }
  trial.tell('*', `connected to ${peer}`)
  try {
    return await new Dialogue(channel, trial).run()
  } catch (error) {
    if (error instanceof Stopped) return error.result
    throw error
  } finally {
    if (channel.lost === undefined) {
      trial.tell('>', 'QUIT')
      channel.close('QUIT\r\n')
    }
  }
}

class Stopped extends Error {
  readonly result: TrialResult & { kind: 'permanent' | 'temporary' | 'lost' }
  constructor(result: TrialResult & { kind: 'permanent' | 'temporary' | 'lost' }) {
    super(result.reply)
    this.result = result
  }
}

class Dialogue {
  readonly #channel: Channel
  readonly #trial: Trial
  #features: readonly string[] = []

  constructor(channel: Channel, trial: Trial) {
    this.#channel = channel
    this.#trial = trial
  }

  async run(): Promise<TrialResult> {
    const { from, to, tls, user } = this.#trial
    await this.#expect('greeting')
    await this.#hello()
    if (tls) await this.#encrypt()
    if (user !== undefined) await this.#signIn(user)
    await this.#say(`MAIL FROM:<${from}>${this.#mailParameters()}`)
    const refused: string[] = []
    for (const recipient of to) {
      const reply = await this.#ask(`RCPT TO:<${recipient}>`)
      if (reply.code >= 400) refused.push(`<${recipient}>: ${textOfReply(reply)}`)
      if (refused.length === to.length) throw this.#stopped(`RCPT TO:<${recipient}>`, reply)
    }
    await this.#say('DATA')
    return { kind: 'accepted', reply: textOfReply(await this.#sendContent()), refused }
  }

  #mailParameters(): string {
    const { content, from, to } = this.#trial
    const has = (keyword: string) => this.#features.some(line => line.split(' ')[0] === keyword)
    const size = has('SIZE') ? ` SIZE=${content.length}` : ''
    const eight = has('8BITMIME') && content.some(octet => octet > 127) ? ' BODY=8BITMIME' : ''
    const unicode = has('SMTPUTF8') && /[^\x00-\x7f]/.test(from + to.join()) ? ' SMTPUTF8' : ''
    return size + eight + unicode
  }

  async #hello(): Promise<void> {
    const reply = await this.#say(`EHLO ${this.#trial.hostname}`)
    this.#features = reply.lines.slice(1).map(line => line.toUpperCase())
  }

  async #encrypt(): Promise<void> {
    await this.#say('STARTTLS')
    const socket = await this.#channel.encrypt({ rejectUnauthorized: false }, patience)
    if ('text' in socket) throw new Stopped({ kind: 'lost', step: 'TLS handshake', reply: socket.text })
    const { subject } = socket.getPeerCertificate()
    this.#trial.tell(
      '*',
      `${socket.getProtocol()} ${socket.getCipher().name}, certificate of ${String(subject?.CN)}, not verified`,
    )
    await this.#hello()
  }

  /** RFC 4954 §4 with PLAIN (RFC 4616). */
  async #signIn({ name, password }: NonNullable<Trial['user']>): Promise<void> {
    const secret = Buffer.from(`\0${name}\0${password}`).toString('base64')
    await this.#say(`AUTH PLAIN ${secret}`, 'AUTH PLAIN ********')
  }

  async #sendContent(): Promise<ServerReply> {
    const { content } = this.#trial
    const stuffing = new DotStuffing()
    this.#channel.write([stuffing.stuff(content), stuffing.end()])
    this.#trial.tell('>', `(${content.length.toLocaleString('en-US')} octets of content)`)
    this.#trial.tell('>', '.')
    return this.#expect('end of data')
  }

  /** Sends a command and insists on a good reply. `shown` is told instead of a secret. */
  async #say(command: string, shown = command): Promise<ServerReply> {
    const reply = await this.#ask(command, shown)
    if (reply.code >= 400) throw this.#stopped(shown, reply)
    return reply
  }

  async #ask(command: string, shown = command): Promise<ServerReply> {
    this.#trial.tell('>', shown)
    this.#channel.write([`${command}\r\n`])
    return this.#reply(shown)
  }

  async #expect(step: string): Promise<ServerReply> {
    const reply = await this.#reply(step)
    if (reply.code >= 400) throw this.#stopped(step, reply)
    return reply
  }

  async #reply(step: string): Promise<ServerReply> {
    const { replies, lost } = await this.#channel.expect(1, patience)
    const [reply] = replies
    if (reply === undefined) throw new Stopped({ kind: 'lost', step, reply: lost?.text ?? 'no reply' })
    for (const [index, line] of reply.lines.entries())
      this.#trial.tell('<', `${reply.code}${index < reply.lines.length - 1 ? '-' : ' '}${line}`)
    return reply
  }

  #stopped(step: string, reply: ServerReply): Stopped {
    const kind = reply.code >= 500 ? 'permanent' : 'temporary'
    return new Stopped({ kind, step, reply: textOfReply(reply) })
  }
}
