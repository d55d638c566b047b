/**
 * The policy as a stage of one engine thread.
 */
import type { Configuration } from '#config/schema.ts'
import type { Judging } from '#mail/verdict.ts'
import type { Stage } from '#mailstream/stage.ts'
import { createPolicy } from '#policy/policy.ts'

export interface PolicyStage extends Stage {
  readonly name: 'policy'
  readonly judging: Judging
}

export function createPolicyStage(configuration: Configuration): PolicyStage {
  const policy = createPolicy(configuration)
  return { name: 'policy', judging: policy, reload: changed => policy.reload(changed.configuration) }
}
