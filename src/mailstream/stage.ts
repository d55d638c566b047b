/**
 * What the stages of a mailstream have in common for those who run them, and how a role, a list of stages, is run.
 *
 * A mail passes the stages from left to right. So does a reload, and so does a drain: what is upstream ends first, so
 * that what it still hands on is taken.
 */
import type { Configuration } from '#config/schema.ts'
import type { ContentRules } from '#content/rules.ts'
import type { TlsMaterial } from '#network/tls.ts'

/** What a reload puts in force. */
export interface Settings {
  readonly configuration: Configuration
  readonly tls: TlsMaterial
  readonly content: ContentRules
}

export interface Stage {
  readonly name: string
  /** Puts new settings in force for what comes next; what is under way goes on. */
  reload?(settings: Settings): Promise<void> | void
  /** Takes nothing new and resolves when nothing is under way, after so many milliseconds at most. */
  drain?(milliseconds: number): Promise<void>
  /** Ends at once what `drain` is waiting for. */
  hurry?(): void
}

/** A role of the appliance: the stages that may still refuse, the disk, the stages that have to deliver. */
export interface Role {
  readonly name: string
  readonly beforeAccept: readonly Stage[]
  readonly accept: Stage
  readonly afterAccept: readonly Stage[]
}

const stagesOf = ({ beforeAccept, accept, afterAccept }: Role): readonly Stage[] => [
  ...beforeAccept,
  accept,
  ...afterAccept,
]

export async function reloadRole(role: Role, settings: Settings): Promise<void> {
  for (const stage of stagesOf(role)) await stage.reload?.(settings)
}

/** The disk ends last: what delivery settles in its last moments is still written. */
export async function drainRole(role: Role, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds
  for (const stage of [...role.beforeAccept, ...role.afterAccept, role.accept])
    await stage.drain?.(Math.max(0, deadline - performance.now()))
}

export function hurryRole(role: Role): void {
  for (const stage of stagesOf(role)) stage.hurry?.()
}
