/**
 * From the verdicts on a message to its envelope as the queue keeps it.
 *
 * Promises: pure. Recipients who are treated alike share one treatment, and who gets the message as it is has none.
 */
import { needsSmtpUtf8 } from '#mail/address.ts'
import type { Envelope, Recipient } from '#mail/envelope.ts'
import type { Treatment } from '#mail/treatment.ts'
import type { Verdict } from '#mail/verdict.ts'

/**
 * The envelope with what the verdicts leave to do. `verdicts` are those of its recipients, in their order, and none of them
 * is `refuse` or `defer`. The same envelope when all of them pass.
 */
export function treated(
  envelope: Envelope,
  verdicts: readonly Verdict[],
  why: (verdict: Verdict) => string,
): Envelope {
  if (verdicts.every(verdict => verdict.kind === 'pass' && verdict.mark === undefined)) return envelope
  const treatments = new Treatments()
  const recipients: Recipient[] = []
  const redirected = new Map<string, { verdict: Redirect; recipients: Recipient[] }>()
  envelope.recipients.forEach((recipient, index) => {
    const verdict = verdicts[index]!
    if (verdict.kind !== 'redirect') recipients.push(treatments.give(recipient, lasting(verdict, why)))
    else {
      const key = JSON.stringify(verdict)
      const group = redirected.get(key) ?? { verdict, recipients: [] }
      group.recipients.push(recipient)
      redirected.set(key, group)
    }
  })
  for (const { verdict, recipients: from } of redirected.values())
    recipients.push(
      treatments.give(redirectedRecipient(verdict, from), {
        kind: 'redirect',
        from: from.map(({ address }) => address),
        mark: verdict.mark,
      }),
    )
  return { ...envelope, recipients, treatments: treatments.all }
}

type Redirect = Extract<Verdict, { kind: 'redirect' }>

function lasting(
  verdict: Exclude<Verdict, Redirect>,
  why: (verdict: Verdict) => string,
): Treatment | undefined {
  if ('mark' in verdict && verdict.mark !== undefined) return { kind: 'tag', mark: verdict.mark }
  if (verdict.kind === 'hold' || verdict.kind === 'discard') return { kind: verdict.kind, why: why(verdict) }
  return undefined
}

/**
 * One copy, however many recipients it was for: a mailbox for spam wants no hundred of them. Its sender hears nothing of
 * that address: a notification would go to somebody whose name was forged, and name a mailbox that is nobody's business.
 */
function redirectedRecipient({ to }: Redirect, from: readonly Recipient[]): Recipient {
  const original = from.length === 1 ? originalOf(from[0]!) : undefined
  return { address: to, notify: 'never', ...(original !== undefined && { originalRecipient: original }) }
}

/** RFC 3461 §5: mail that is forwarded keeps its original recipient, which is its recipient where none was named. */
const originalOf = ({ originalRecipient, address }: Recipient): string =>
  originalRecipient ?? `${needsSmtpUtf8(address) ? 'utf-8' : 'rfc822'};${address}`

class Treatments {
  readonly all: Treatment[] = []
  readonly #numbers = new Map<string, number>()

  give(recipient: Recipient, treatment: Treatment | undefined): Recipient {
    if (treatment === undefined) return recipient
    const key = JSON.stringify(treatment)
    const number = this.#numbers.get(key) ?? this.all.length
    if (number === this.all.length) {
      this.#numbers.set(key, number)
      this.all.push(treatment)
    }
    return { ...recipient, treatment: number }
  }
}
