/** Real threads on one memory: limits hold over all of them, nothing is lost, and who dies leaves nothing behind. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import {
  type AdmissionMemory,
  attachAdmission,
  createAdmissionMemory,
  releaseThread,
} from '../../src/admission/admission.ts'
import type { Configuration } from '../../src/config/schema.ts'
import { systemClock } from '../../src/mail/clock.ts'
import { isRefusal } from '../../src/mail/refusal.ts'
import { client, configure, site } from './configuration.ts'
import type { HammerReport, HammerWork } from './hammer.ts'

const threads = 4

async function hammer(
  memory: AdmissionMemory,
  configuration: Configuration,
  work: Pick<HammerWork, 'rounds' | 'addresses'> & { readonly abandon?: boolean },
): Promise<readonly HammerReport[]> {
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData: HammerWork = { abandon: false, ...work, memory, configuration, thread }
    return new Worker(new URL('hammer.ts', import.meta.url), { workerData })
  })
  const reports = await Promise.all(workers.map(worker => once(worker, 'message')))
  await Promise.all(workers.map(worker => worker.terminate()))
  return reports.map(([report]) => report)
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const addresses = (count: number) =>
  Array.from({ length: count }, (_, index) => `192.0.${index >> 8}.${index & 255}`)
const limits = (connections: object, rates: object = {}) =>
  configure({
    ...site,
    limits: { connections, rates: { connections: 0, messages: 0, recipients: 0, errors: 0, ...rates } },
  })

t.test('after the storm every place is back', async t => {
  const configuration = limits({ perAddress: 100, perNetwork: 1_000, total: 10_000 })
  const memory = createAdmissionMemory(configuration, threads)
  const reports = await hammer(memory, configuration, { rounds: 20_000, addresses: addresses(300) })
  t.equal(sum(reports.map(report => report.placed)), threads * 20_000, 'nobody was refused for nothing')
  t.strictSame(
    { ...attachAdmission(memory, configuration, 0, systemClock).figures(), uncounted: 0 },
    { connections: 0, handshakes: 0, uncounted: 0 },
  )
  const columns = [memory.places.addresses, memory.places.networks].flatMap(({ table }) => [
    ...new Int32Array(table.numbers),
  ])
  t.ok(
    columns.every(count => count === 0),
    'no thread has a count left for any client',
  )
})

t.test('the total is never passed, whatever the threads do at once', async t => {
  const configuration = limits({ perAddress: 100, perNetwork: 1_000, total: 5 })
  const memory = createAdmissionMemory(configuration, threads)
  const reports = await hammer(memory, configuration, { rounds: 10_000, addresses: addresses(50) })
  t.ok(sum(reports.map(report => report.refused)) > 0, 'the limit was met')
  // A thread adds before it looks: others may for a moment see one attempt of each thread beside the places.
  t.ok(Math.max(...reports.map(report => report.mostAtOnce)) <= 5 + threads)
  t.equal(attachAdmission(memory, configuration, 0, systemClock).figures().connections, 0)
})

t.test('a rate counts what all threads do together', async t => {
  const configuration = limits({}, { messages: 5_000 })
  const memory = createAdmissionMemory(configuration, threads)
  const reports = await hammer(memory, configuration, { rounds: 10_000, addresses: addresses(1) })
  const messages = sum(reports.map(report => report.messages))
  // Each thread looks before it adds, so the last one of each may be over; a minute may end during the run.
  t.ok(messages >= 5_000 && messages < 10_000 + threads, `${messages} of 40000 passed a rate of 5000`)
})

t.test('the places of threads that died are free again', async t => {
  const configuration = limits({ perAddress: 100 })
  const memory = createAdmissionMemory(configuration, threads + 1)
  const admission = attachAdmission(memory, configuration, threads, systemClock)
  const ours = admission.connect(client({ address: '192.0.0.0' }))
  await hammer(memory, configuration, { rounds: 1_000, addresses: addresses(1), abandon: true })
  t.ok(admission.figures().connections > 1, 'each left a place behind')
  for (let thread = 0; thread < threads; thread++) releaseThread(memory, thread)
  t.equal(admission.figures().connections, 1, 'who lives keeps its own')
  admission.reload(limits({ perAddress: 2 }))
  t.notOk(isRefusal(admission.connect(client({ address: '192.0.0.0' }))))
  t.match(admission.connect(client({ address: '192.0.0.0' })), { reason: 'connections-per-address' })
  t.notOk(isRefusal(ours))
})
