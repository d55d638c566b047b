/**
 * What a session needs of the engine around it, one value per thread and zone.
 *
 * Leaves out: sockets. They are on the other side of `Transport`.
 */
import type { Admission } from '#mail/admission.ts'
import type { Clock } from '#mail/clock.ts'
import type { ContentScanning } from '#mail/content.ts'
import type { Intake } from '#mail/intake.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { Timers } from '#mail/timers.ts'
import type { Judging } from '#mail/verdict.ts'
import type { Track } from '#observe/event.ts'
import type { DeadlineWatch } from '#session/deadline-watch.ts'
import type { SessionSettings } from '#session/settings.ts'

export interface SessionHost {
  /** The settings in force. Asked once per session and once per message, so that a reload reaches running sessions. */
  readonly settings: () => SessionSettings
  readonly admission: Admission
  readonly content: ContentScanning
  readonly judging: Judging
  readonly intake: Intake
  readonly nextId: () => MessageId
  readonly track: Track
  /** Resolves with false for a wrong name or password, after the same work as for a right one. */
  readonly authenticate: (user: string, password: string) => Promise<boolean>
  readonly clock: Clock
  readonly timers: Timers
  readonly watch: DeadlineWatch
  /** An exception that cost a message or a command: for the log. `session` names where. */
  readonly complain: (error: unknown, session: string) => void
}
