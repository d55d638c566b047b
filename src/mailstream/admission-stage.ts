/**
 * Admission as a stage of one engine thread.
 */
import { type AdmissionMemory, attachAdmission } from '#admission/admission.ts'
import type { Configuration } from '#config/schema.ts'
import type { Admission } from '#mail/admission.ts'
import type { Clock } from '#mail/clock.ts'
import type { Stage } from '#mailstream/stage.ts'

export interface AdmissionStage extends Stage {
  readonly name: 'admission'
  readonly admission: Admission
}

export function createAdmissionStage(
  memory: AdmissionMemory,
  configuration: Configuration,
  thread: number,
  clock: Clock,
): AdmissionStage {
  const admission = attachAdmission(memory, configuration, thread, clock)
  return { name: 'admission', admission, reload: changed => admission.reload(changed.configuration) }
}
