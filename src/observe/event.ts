/**
 * The story of a message, told in events. One JSON line each; `sluice trace` puts them in order.
 *
 * Promises: every connection, refusal, acceptance, attempt and end is an event with its reason; addresses and texts from
 * outside are data in JSON strings, so that no stranger writes a line of his own (promise 28).
 */
import type { NotScanned, ScanSummary } from '#mail/content.ts'
import type { ZoneName } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { Reason } from '#mail/reason.ts'
import type { VerdictKind, VerdictReason } from '#mail/verdict.ts'

export interface OpinionInBrief {
  readonly score: number
  /** What weighs most, first. */
  readonly symbols: readonly { readonly name: string; readonly weight: number }[]
}

interface InSession {
  readonly session: string
}

export type TrackingEvent =
  | (InSession & {
      readonly event: 'connected'
      readonly zone: ZoneName
      readonly listener: string
      readonly client: string
      readonly port: number
    })
  | (InSession & {
      readonly event: 'refused'
      readonly client: string
      readonly stage: 'connect' | 'helo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'session'
      readonly reason: Reason
      readonly reply: string
      readonly detail?: string
      readonly id?: MessageId
      readonly from?: string
      readonly to?: string
    })
  | (InSession & { readonly event: 'authenticated'; readonly client: string; readonly user: string })
  /** The content is complete, and this is in it. */
  | (InSession &
      Omit<ScanSummary, 'kind' | 'opinion'> & {
        readonly event: 'scanned'
        readonly id: MessageId
        readonly opinion?: OpinionInBrief
      })
  /** It was not looked at, though it should have been; the message goes on. */
  | (InSession & Omit<NotScanned, 'kind'> & { readonly event: 'not-scanned'; readonly id: MessageId })
  /** What was decided, before anything is done about it. Absent for a message that nobody judges. */
  | (InSession & {
      readonly event: 'judged'
      readonly id: MessageId
      /** Absent when the message could not be scanned. */
      readonly score?: number
      readonly verdicts: readonly {
        readonly kind: VerdictKind
        readonly because: VerdictReason
        readonly from?: number
        readonly redirectedTo?: string
        readonly to: readonly string[]
      }[]
    })
  | (InSession & {
      readonly event: 'accepted'
      readonly id: MessageId
      readonly client: string
      readonly helo: string
      readonly from: string
      readonly to: readonly string[]
      readonly size: number
      /** Milliseconds from end of data to the commit. */
      readonly commit: number
    })
  | (InSession & {
      readonly event: 'disconnected'
      readonly client: string
      readonly messages: number
      readonly seconds: number
    })
  | {
      readonly event: 'attempt'
      readonly id: MessageId
      readonly domain: string
      readonly nextHop: string
      readonly tls?: string
      readonly outcomes: readonly {
        readonly to: string
        readonly outcome: 'delivered' | 'deferred' | 'failed'
        readonly reply: string
      }[]
      readonly milliseconds: number
      readonly nextAttemptAt?: number
    }
  | {
      readonly event: 'notified'
      readonly id: MessageId
      readonly kind: 'failed' | 'delayed' | 'success'
      readonly notification: MessageId
      readonly to: string
    }
  | {
      /** Failed recipients of whom nobody is told: the message was itself a notification, or asked for silence. */
      readonly event: 'dropped'
      readonly id: MessageId
      readonly to: readonly string[]
      readonly why: 'null-sender' | 'notify-never'
    }
  | { readonly event: 'done'; readonly id: MessageId; readonly seconds: number }
  | {
      readonly event: 'operator'
      readonly action: 'hold' | 'release' | 'retry' | 'remove'
      readonly id: MessageId
      readonly by: string
    }

/** Called per event, on the hot path: serialises into a buffer, never waits. */
export type Track = (event: TrackingEvent) => void
