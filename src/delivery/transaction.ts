/**
 * One mail transaction as a client: MAIL, RCPT…, content, and what became of each recipient.
 *
 * Promises: the content goes out octet for octet (promise 22) but for dot-stuffing; a recipient is `delivered` only
 * when the server said so after the whole content; a connection that breaks in between leaves a `deferred`. When it
 * broke after the end of data and before the reply, the server may have the mail: the next attempt is the documented
 * duplicate (RFC 5321 §4.5.4.1, RFC 1047).
 * Round trips: with PIPELINING two (envelope with DATA, content), with CHUNKING as well and small content one.
 */

import type { Exchange, Lost } from '#delivery/channel.ts'
import type { Command } from '#delivery/command.ts'
import * as commands from '#delivery/command.ts'
import type { Ahead, Connection } from '#delivery/connection.ts'
import { collect, sendInChunks, sendStuffed } from '#delivery/content.ts'
import type { Mail, TransactionResult } from '#delivery/mail.ts'
import { objectionTo } from '#delivery/preflight.ts'
import { type ServerReply, textOfReply } from '#delivery/reply-reader.ts'
import type { Recipient } from '#mail/envelope.ts'
import type { RecipientOutcome } from '#mail/queue.ts'

/** Content up to this size goes out with its envelope when BDAT allows it, accepted or not. */
const bdatAtOnce = 65_536

/**
 * Throws what reading the content throws; the connection is closed then, so that nothing half is ever accepted.
 * `following` gives the mail that will be handed over next on this connection, when it is known in time: its envelope
 * leaves with the content of this one, which saves it a round trip and us a system call.
 */
export async function transact(
  connection: Connection,
  mail: Mail,
  following: () => Mail | undefined = () => undefined,
): Promise<TransactionResult> {
  const { ahead } = connection
  connection.ahead = undefined
  try {
    if (ahead?.mail === mail) return await ahead.run()
    const objection = await objectionTo(mail, connection.features)
    if (objection !== undefined) return concluded(mail.recipients, 'failed', objection)
    return await new Transaction(connection, mail, following).run()
  } catch (error) {
    connection.channel.close()
    throw error
  }
}

const concluded = (
  recipients: readonly Recipient[],
  outcome: 'failed' | 'deferred',
  text: string,
): TransactionResult => ({
  outcomes: recipients.map(({ address }) => ({ recipient: address, outcome, text })),
  surplus: [],
  lost: undefined,
  untouched: false,
})

class Transaction implements Ahead {
  readonly #connection: Connection
  readonly mail: Mail
  readonly #following: () => Mail | undefined
  readonly #outcomes: RecipientOutcome[] = []
  readonly #surplus: Recipient[] = []
  #accepted: Recipient[] = []
  #recipients: Recipient[] = []
  #lost: Lost | undefined
  #replies = 0
  #contentSent = false
  /** Set when the envelope was sent ahead. */
  #lines: Command[] | undefined
  #early: Promise<Exchange> | undefined

  constructor(connection: Connection, mail: Mail, following: () => Mail | undefined) {
    this.#connection = connection
    this.mail = mail
    this.#following = following
  }

  async run(): Promise<TransactionResult> {
    const lines = this.#lines ?? this.#envelopeCommands()
    const { features, target } = this.#connection
    if (this.#early === undefined) this.#connection.transactions++
    if (this.#recipients.length === 0) return this.#result()
    if (!features.pipelining) await this.#oneByOne(lines)
    else if (features.chunking && target.protocol === 'smtp' && this.mail.size <= bdatAtOnce)
      await this.#allAtOnce(lines)
    else await this.#pipelined(lines)
    return this.#result()
  }

  /**
   * The commands to send before the content of the transaction before this one is answered; undefined when this one must
   * wait for its turn. Only with DATA: BDAT needs one flush as it is.
   */
  sendAhead(): string | undefined {
    const { features, channel, deadlines } = this.#connection
    const { smtputf8, requireTls } = this.mail.envelope
    if (!features.pipelining || features.chunking || smtputf8 || requireTls) return undefined
    if (features.size !== undefined && this.mail.size > features.size) return undefined
    this.#lines = this.#envelopeCommands()
    if (this.#recipients.length === 0) return undefined
    this.#connection.transactions++
    this.#connection.ahead = this
    const commandLines = [...this.#lines, commands.data]
    this.#early = channel.expect(commandLines.length, deadlines.command)
    return commandLines.join('')
  }

  #result(): TransactionResult {
    const lost = this.#lost ?? this.#connection.channel.lost
    const inUse = this.#connection.transactions > 1
    // An envelope that was sent ahead may be lost in the server: that is not the mail's fault either.
    const passed = lost?.leaving === true || (lost !== undefined && this.#early !== undefined)
    const untouched = inUse && passed && this.#replies === 0 && !this.#contentSent
    return { outcomes: this.#outcomes, surplus: this.#surplus, lost, untouched }
  }

  /** MAIL and RCPT; recipients that cannot be written are failed here, a sender that cannot be fails all. */
  #envelopeCommands(): Command[] {
    const { features } = this.#connection
    const { envelope, recipients, size } = this.mail
    const mail = commands.mail(envelope, size, features)
    if (commands.isUnsafe(mail)) {
      for (const recipient of recipients) this.#conclude(recipient, 'failed', `5.1.7 ${mail.detail}`)
      return []
    }
    const lines: Command[] = [mail]
    for (const recipient of recipients) {
      if (this.#recipients.length === features.recipients) {
        this.#surplus.push(recipient)
        continue
      }
      const rcpt = commands.rcpt(recipient, features)
      if (commands.isUnsafe(rcpt)) this.#conclude(recipient, 'failed', `5.1.3 ${rcpt.detail}`)
      else {
        this.#recipients.push(recipient)
        lines.push(rcpt)
      }
    }
    return lines
  }

  /** One flush for the whole message (RFC 3030 §2 with RFC 2920). */
  async #allAtOnce(lines: readonly Command[]): Promise<void> {
    this.#contentSent = true
    const content = await collect(this.mail.content())
    const exchange = await this.#flush([...lines, commands.bdat(content.length)], [content], 'data')
    const final = exchange.replies[lines.length]
    this.#readEnvelope(exchange)
    this.#finish(this.#accepted, final === undefined ? [] : [final])
    // A server that refused MAIL or all of RCPT has read the chunk all the same (RFC 3030 §2), and forgets it at RSET.
    this.#connection.unfinished = final === undefined || final.code >= 300
  }

  /** Envelope and DATA in one flush, content in the next; BDAT where DATA cannot carry what must be sent. */
  async #pipelined(lines: readonly Command[]): Promise<void> {
    if (this.#connection.features.chunking) {
      this.#readEnvelope(await this.#flush(lines))
      await this.#content(undefined)
      return
    }
    const exchange = await (this.#early === undefined
      ? this.#flush([...lines, commands.data])
      : this.#early.then(early => this.#answered(early)))
    this.#readEnvelope(exchange)
    await this.#content(exchange.replies[lines.length])
  }

  /** For servers without PIPELINING: a command, its reply, the next command (RFC 5321 §2.1). */
  async #oneByOne(lines: readonly Command[]): Promise<void> {
    const replies: ServerReply[] = []
    for (const line of lines) {
      const exchange = await this.#flush([line])
      replies.push(...exchange.replies)
      if (exchange.lost !== undefined || (replies.length === 1 && replies[0]!.code >= 300)) break
    }
    this.#readEnvelope({ replies, lost: this.#lost })
    if (this.#accepted.length === 0) return
    const answer = this.#connection.features.chunking
      ? undefined
      : (await this.#flush([commands.data])).replies[0]
    await this.#content(answer)
  }

  /** Sorts the recipients by what the server said to MAIL and to each RCPT. */
  #readEnvelope({ replies }: Exchange): void {
    this.#connection.unfinished = true
    const [mail] = replies
    for (const [index, recipient] of this.#recipients.entries()) {
      const reply = mail !== undefined && mail.code >= 300 ? mail : replies[index + 1]
      if (reply === undefined) this.#conclude(recipient, 'deferred', this.#lost?.text ?? '4.5.0 no reply')
      else if (reply.code < 300) this.#accepted.push(recipient)
      else if (reply !== mail && isTooMany(reply) && this.#accepted.length > 0) this.#surplus.push(recipient)
      else this.#conclude(recipient, outcomeOf(reply, 'rcpt'), textOfReply(reply))
    }
  }

  /** `answer` is the reply to DATA; undefined means BDAT, or that DATA was never answered. */
  async #content(answer: ServerReply | undefined): Promise<void> {
    const { channel, features, deadlines, target } = this.#connection
    if (this.#lost !== undefined) {
      this.#abandon(this.#lost.text)
      return
    }
    if (answer !== undefined && answer.code !== 354) {
      for (const recipient of this.#accepted)
        this.#conclude(recipient, outcomeOf(answer, 'data'), textOfReply(answer))
      this.#accepted = []
      return
    }
    if (this.#accepted.length === 0) {
      // RFC 2920 §3.1: a server may say 354 though it took nobody; it gets an empty message.
      if (answer !== undefined) await this.#flush(['.\r\n' as Command])
      return
    }
    const wanted = target.protocol === 'lmtp' ? this.#accepted.length : 1 // RFC 2033 §4.2
    let early = false
    const final = channel.expect(wanted, deadlines.data).then(exchange => {
      early = true
      return exchange
    })
    this.#contentSent = true
    const complete = features.chunking
      ? await sendInChunks(channel, this.mail, () => early)
      : await sendStuffed(
          channel,
          this.mail.content(),
          () => early,
          () => this.#envelopeOfNext(),
        )
    this.#take(await final)
    // The reply came before the end of the message: where that ends on the wire is no longer clear.
    if (!complete) channel.close()
  }

  #take({ replies, lost }: Exchange): void {
    this.#lost = lost
    this.#replies += replies.length
    this.#finish(this.#accepted, replies)
    // A refused BDAT leaves the transaction open until RSET (RFC 3030 §2); the end of DATA never does.
    this.#connection.unfinished =
      this.#connection.features.chunking && replies.some(({ code }) => code >= 300)
  }

  /** Final replies: one for all (SMTP) or one each (LMTP). */
  #finish(accepted: readonly Recipient[], replies: readonly ServerReply[]): void {
    const each = this.#connection.target.protocol === 'lmtp'
    for (const [index, recipient] of accepted.entries()) {
      const reply = replies[each ? index : 0]
      if (reply !== undefined) this.#conclude(recipient, outcomeOf(reply, 'end'), textOfReply(reply))
      else
        this.#conclude(
          recipient,
          'deferred',
          `${this.#lost?.text ?? '4.5.0 no reply'} (after the end of data: it may arrive twice)`,
        )
    }
    this.#accepted = []
  }

  #abandon(text: string): void {
    for (const recipient of this.#accepted) this.#conclude(recipient, 'deferred', text)
    this.#accepted = []
  }

  /** Writes commands (with RSET before them when the last transaction was left open) and waits for their replies. */
  async #flush(
    lines: readonly Command[],
    content: readonly Uint8Array[] = [],
    deadline: 'command' | 'data' = 'command',
  ): Promise<Exchange> {
    const { channel, deadlines } = this.#connection
    const resets = this.#connection.unfinished && lines[0]!.startsWith('MAIL') ? 1 : 0
    const text = (resets === 1 ? commands.reset : '') + lines.join('')
    channel.write([text, ...content])
    const exchange = await channel.expect(resets + lines.length, deadlines[deadline])
    this.#answered(exchange)
    return resets === 0 ? exchange : { replies: exchange.replies.slice(1), lost: exchange.lost }
  }

  #answered(exchange: Exchange): Exchange {
    this.#lost = exchange.lost
    this.#replies += exchange.replies.filter(({ code }) => code !== 421).length
    return exchange
  }

  /** After a transaction that must go on (surplus recipients) nothing else may be sent. */
  #envelopeOfNext(): string | undefined {
    const next = this.#surplus.length === 0 ? this.#following() : undefined
    return next && new Transaction(this.#connection, next, this.#following).sendAhead()
  }

  #conclude({ address }: Recipient, outcome: RecipientOutcome['outcome'], text: string): void {
    this.#outcomes.push({ recipient: address, outcome, text })
  }
}

/** RFC 5321 §4.5.3.1.10: 452, and 552 from old servers, mean that the others may follow in another transaction. */
const isTooMany = ({ code, enhanced }: ServerReply): boolean =>
  (code === 452 && (enhanced === undefined || /^4\.5\.3$/.test(enhanced))) ||
  (code === 552 && (enhanced === undefined || /^5\.5\.3$/.test(enhanced)))

function outcomeOf(reply: ServerReply, phase: 'rcpt' | 'data' | 'end'): RecipientOutcome['outcome'] {
  if (reply.code >= 500) return phase === 'rcpt' && isTooMany(reply) ? 'deferred' : 'failed'
  if (phase === 'end' && reply.code < 300) return 'delivered'
  return 'deferred'
}
