/**
 * One of several threads that use the same admission memory as hard as they can, for `threads.test.ts`.
 *
 * Each round takes a place for a client, checks that nobody is over a limit, and gives the place back; at the end it
 * answers with what it saw. `abandon` leaves the last places held, as a thread does that dies.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type AdmissionMemory, attachAdmission } from '../../src/admission/admission.ts'
import type { Configuration } from '../../src/config/schema.ts'
import type { Place } from '../../src/mail/admission.ts'
import { systemClock } from '../../src/mail/clock.ts'
import { isRefusal } from '../../src/mail/refusal.ts'

export interface HammerWork {
  readonly memory: AdmissionMemory
  readonly configuration: Configuration
  readonly thread: number
  readonly rounds: number
  readonly addresses: readonly string[]
  readonly abandon: boolean
}

export interface HammerReport {
  readonly placed: number
  readonly refused: number
  readonly mostAtOnce: number
  readonly messages: number
}

const { memory, configuration, thread, rounds, addresses, abandon }: HammerWork = workerData
const admission = attachAdmission(memory, configuration, thread, systemClock)
const clients = addresses.map(address => ({ address, zone: 'outside', secure: false }) as const)
const held: Place[] = []
let [placed, refused, mostAtOnce, messages] = [0, 0, 0, 0]

for (let round = 0; round < rounds; round++) {
  const client = clients[(round * 7 + thread) % clients.length]!
  const answer = admission.connect(client)
  if (isRefusal(answer)) refused++
  else {
    placed++
    held.push(answer)
  }
  if (admission.sender(client, '') === undefined) messages++
  mostAtOnce = Math.max(mostAtOnce, admission.figures().connections)
  while (held.length > (round % 3) + 1) held.shift()!.release()
}
if (!abandon) for (const place of held) place.release()
parentPort!.postMessage({ placed, refused, mostAtOnce, messages } satisfies HammerReport)
