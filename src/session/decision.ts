/**
 * What becomes of a message whose content is complete: the envelope that goes to the spool, or the one answer that its sender
 * gets for all recipients.
 *
 * Promises: a refusal says nothing of why; its text names the message, so that an operator finds the story that a sender
 * complains about.
 */
import type { Envelope } from '#mail/envelope.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { treated } from '#mail/treated.ts'
import { type Judgement, sentenceOfVerdict, strongestSymbols } from '#mail/verdict.ts'

export function decisionOn(envelope: Envelope, judgement: Judgement | undefined): Envelope | Refusal {
  if (judgement === undefined) return envelope
  const { opinion, verdicts } = judgement
  const [first] = verdicts
  const sentence = (verdict: Judgement['verdicts'][number]) => sentenceOfVerdict(verdict, opinion?.score)
  if (first?.kind === 'refuse') {
    const detail = [sentence(first), ...strongestSymbols(opinion)].join(', ')
    return refuse('spam-score', replies.contentRefused(envelope.id), detail)
  }
  if (first?.kind === 'defer') return refuse('not-scanned', replies.notScannedNow, sentence(first))
  return treated(envelope, verdicts, sentence)
}
