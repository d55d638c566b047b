/**
 * Tells tracking what happens in a session (observe/event.ts).
 *
 * Promises: each event once. `accepted` may come after `disconnected`, when the client left before its 250.
 */
import type { ScanResult } from '#mail/content.ts'
import type { Opinion } from '#mail/opinion.ts'
import type { Refusal } from '#mail/refusal.ts'
import type { Reply } from '#mail/reply.ts'
import type { Judgement } from '#mail/verdict.ts'
import type { OpinionInBrief, TrackingEvent } from '#observe/event.ts'
import type { Conversation } from '#session/conversation.ts'
import type { Reception } from '#session/reception.ts'
import type { Stage } from '#session/verbs/verb.ts'

type Refused = Extract<TrackingEvent, { event: 'refused' }>

const shownRecipients = 50
const shownPath = 320
const shownSymbols = 20

export class SessionStory {
  readonly #conversation: Conversation
  readonly #begun: number
  #over = false

  constructor(conversation: Conversation) {
    this.#conversation = conversation
    this.#begun = conversation.host.timers.monotonic()
  }

  connected(): void {
    const { host, peer } = this.#conversation
    const { session, zone, listener, address, port } = peer
    host.track({ event: 'connected', session, zone, listener, client: address, port })
  }

  /** `argument` is that of the command, for MAIL and RCPT. */
  refused({ reason, reply, detail }: Refusal, stage: Stage, argument: string): void {
    const { host, peer } = this.#conversation
    host.track({
      event: 'refused',
      session: peer.session,
      client: peer.address,
      stage,
      reason,
      reply: textOf(reply),
      ...(detail !== '' && { detail }),
      ...this.#subject(stage, argument),
    })
  }

  /** Before the message is accepted, and whether or not it then is. */
  scanned(reception: Reception): ScanResult | undefined {
    const { host, peer } = this.#conversation
    const result = reception.scanned()
    if (result === undefined) return undefined
    const base = { session: peer.session, id: reception.id }
    if (result.kind === 'not-scanned') {
      host.track({ event: 'not-scanned', ...base, reason: result.reason })
      return result
    }
    const { kind, opinion, ...facts } = result
    host.track({ event: kind, ...base, ...facts, ...(opinion !== undefined && { opinion: brief(opinion) }) })
    return result
  }

  /** One row for each verdict, with those who share it. */
  judged({ envelope }: Reception, { opinion, verdicts }: Judgement): void {
    const { host, peer } = this.#conversation
    const groups = Map.groupBy(envelope.recipients.entries(), ([index]) => verdicts[index]!)
    host.track({
      event: 'judged',
      session: peer.session,
      id: envelope.id,
      ...(opinion !== undefined && { score: opinion.score }),
      verdicts: [...groups].map(([{ kind, because, from, ...verdict }, recipients]) => ({
        kind,
        because,
        ...(from !== undefined && { from }),
        ...('to' in verdict && { redirectedTo: verdict.to }),
        to: recipients.map(([, { address }]) => address),
      })),
    })
  }

  accepted({ envelope, size }: Reception, commit: number): void {
    const { host, peer } = this.#conversation
    const { id, reversePath, recipients, origin } = envelope
    host.track({
      event: 'accepted',
      session: peer.session,
      id,
      client: peer.address,
      helo: origin.helo,
      from: reversePath,
      to: recipients.map(({ address }) => address),
      size,
      commit: Math.round(commit * 1000) / 1000,
    })
  }

  disconnected(): void {
    if (this.#over) return
    this.#over = true
    const { host, peer, messages } = this.#conversation
    const seconds = Math.round(host.timers.monotonic() - this.#begun) / 1000
    host.track({ event: 'disconnected', session: peer.session, client: peer.address, messages, seconds })
  }

  #subject(stage: Stage, argument: string): Pick<Refused, 'id' | 'from' | 'to'> {
    const { transaction } = this.#conversation
    if (stage === 'mail') return { from: pathIn(argument) }
    if (transaction === undefined) return stage === 'rcpt' ? { to: pathIn(argument) } : {}
    const { id, reversePath, recipients } = transaction
    if (stage === 'rcpt') return { from: reversePath, to: pathIn(argument) }
    const to = [...recipients.keys()].slice(0, shownRecipients).join(', ')
    return { ...(id !== undefined && { id }), from: reversePath, ...(to !== '' && { to }) }
  }
}

/** What a line of the tracking has room for; the sentences are in the card of the message. */
const brief = ({ score, symbols }: Opinion): OpinionInBrief => ({
  score,
  symbols: symbols.slice(0, shownSymbols).map(({ name, weight }) => ({ name, weight })),
})

const textOf = ({ code, enhanced, lines }: Reply): string =>
  `${code} ${enhanced === undefined ? '' : `${enhanced} `}${lines.join(' ')}`

/** What the client gave as a path, valid or not. */
function pathIn(argument: string): string {
  const start = argument.indexOf('<')
  const end = argument.lastIndexOf('>')
  return (start >= 0 && end > start ? argument.slice(start + 1, end) : argument).slice(0, shownPath)
}
