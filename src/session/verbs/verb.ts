/**
 * A verb is a row: `check` says whether the command may come now, `proceed` does it and returns its reply. Neither sees
 * a socket.
 */
import type { Refusal } from '#mail/refusal.ts'
import type { TrackingEvent } from '#observe/event.ts'
import type { Answer, Conversation } from '#session/conversation.ts'

export type Stage = Extract<TrackingEvent, { event: 'refused' }>['stage']

export interface Verb {
  /** Upper case. */
  readonly name: string
  /** Where a refusal of it is counted. */
  readonly stage: Stage
  /** It brings no message nearer: only so many are answered between two messages. */
  readonly idle?: true
  check(conversation: Conversation, argument: string): Refusal | undefined
  /** `argument` is what follows the verb and one space, without trailing spaces. */
  proceed(conversation: Conversation, argument: string): Answer | Promise<Answer>
}
