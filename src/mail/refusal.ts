/**
 * A refusal: what the stranger may read (`reply`), what it is called (`reason`), and what only the operator reads
 * (`detail`). The wire text is bland, tracking says everything.
 */
import type { Reason } from '#mail/reason.ts'
import type { Reply } from '#mail/reply.ts'

export interface Refusal {
  readonly kind: 'refusal'
  readonly reason: Reason
  readonly reply: Reply
  readonly detail: string
}

export const refuse = (reason: Reason, reply: Reply, detail = ''): Refusal => ({
  kind: 'refusal',
  reason,
  reply,
  detail,
})

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refusal'
