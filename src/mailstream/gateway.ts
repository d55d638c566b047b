/**
 * The gateway: the journey of a mail through one engine thread, as a list.
 *
 *   listener → session ⇄ admission → content → policy │ spool │ routing → delivery
 *
 * Left of the spool a mail may still be refused while its sender is connected, so that no refusal becomes a bounce to
 * somebody who never sent it. `spool` is the moment of truth: 250 means on disk. Right of it the mail is ours, to be
 * delivered or to be returned.
 *
 * Each stage knows the vocabulary in `mail/` and none knows another; this file introduces them to each other.
 */
import type { AdmissionMemory } from '#admission/admission.ts'
import type { Configuration } from '#config/schema.ts'
import type { ContentRules } from '#content/rules.ts'
import type { BulkMemory } from '#content/spam/bulk/memory.ts'
import { type Clock, systemClock } from '#mail/clock.ts'
import { createMessageIdSource } from '#mail/message-id.ts'
import { createAdmissionStage } from '#mailstream/admission-stage.ts'
import { openContentStage } from '#mailstream/content-stage.ts'
import { createRoutingStage, startDeliveryStage } from '#mailstream/delivery-stage.ts'
import { openDoorStage } from '#mailstream/door-stage.ts'
import { createPolicyStage } from '#mailstream/policy-stage.ts'
import { openSpoolStage, type SpoolStage } from '#mailstream/spool-stage.ts'
import type { Role, Stage } from '#mailstream/stage.ts'
import type { TlsMaterial } from '#network/tls.ts'
import type { Track } from '#observe/event.ts'
import type { Log } from '#observe/log.ts'

interface Stages {
  readonly door: Stage
  readonly admission: Stage
  readonly content: Stage
  readonly policy: Stage
  readonly spool: Stage
  readonly routing: Stage
  readonly delivery: Stage
}

export const gateway = (stages: Stages): Role => ({
  name: 'gateway',
  beforeAccept: [stages.door, stages.admission, stages.content, stages.policy],
  accept: stages.spool,
  afterAccept: [stages.routing, stages.delivery],
})

export interface GatewayOptions {
  readonly configuration: Configuration
  readonly thread: number
  readonly threads: number
  readonly shards: readonly { readonly shard: number; readonly directory: string }[]
  readonly admission: AdmissionMemory
  /** Absent: messages that are alike are not counted. */
  readonly bulk?: BulkMemory
  readonly tls: TlsMaterial
  readonly content: ContentRules
  readonly track: Track
  readonly log: Log
  readonly clock?: Clock
}

export interface Gateway {
  readonly role: Role
  readonly spool: SpoolStage
}

/** Opens the door last: nobody is greeted before there is a place for mail. Rejects with a sentence in the message. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { configuration, thread, threads, track, log, clock = systemClock } = options
  const spool = await openSpoolStage({ ...options, clock })
  try {
    const nextId = createMessageIdSource(thread, clock, spool.newestId)
    const admission = createAdmissionStage(options.admission, configuration, thread, clock)
    const content = await openContentStage(options.content, log, options.bulk)
    const policy = createPolicyStage(configuration)
    const routing = createRoutingStage(configuration, clock)
    const { intake, shards: queues } = spool
    const delivery = startDeliveryStage({
      configuration,
      threads,
      queues,
      intake,
      routing,
      nextId,
      track,
      clock,
      log,
    })
    const door = await openDoorStage({
      ...options,
      admission: admission.admission,
      content: content.scanning,
      judging: policy.judging,
      intake,
      nextId,
      clock,
    })
    return { role: gateway({ door, admission, content, policy, spool, routing, delivery }), spool }
  } catch (error) {
    await spool.drain?.(0)
    throw error
  }
}
