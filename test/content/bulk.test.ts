/** Bulk as threads of the engine see it: each with a stage of its own, all with one memory. */
import { join } from 'node:path'
import t from 'tap'
import { createScanning, type Scanning } from '#content/scanning.ts'
import { BulkWatch, createBulkMemory } from '#content/spam/bulk/memory.ts'
import type { ReversePath } from '#mail/address.ts'
import { envelopeFor } from '../policy/mail.ts'
import { usableEngines } from './rig.ts'
import { mail } from './spam/mails.ts'
import { writeBlankModel } from './spam/models.ts'

const model = join(t.testdir(), 'blank.model')
await writeBlankModel(model)
const rules = { kind: 'scan', lexicons: [], patterns: undefined, model } as const
const message = mail({
  body: Array.from({ length: 60 }, (_, each) => `offer${'abcdef'[each % 6]} ${'uvwxyz'[each % 5]}thing`),
})
const memory = { ...createBulkMemory(), key: { first: 12_345, second: 67_890 } }

async function stage(bulk: boolean): Promise<Scanning> {
  const scanning = createScanning({
    engine: usableEngines()[0]!,
    complain: error => t.fail(String(error)),
    ...(bulk && { bulk: new BulkWatch(memory) }),
  })
  await scanning.use(rules)
  return scanning
}

function symbolsOf(scanning: Scanning, each: number): readonly string[] {
  const envelope = {
    ...envelopeFor(['you@example.org'], { zone: 'outside', clientAddress: `10.${each}.0.1` }),
    reversePath: `a@domain${each}.example` as ReversePath,
  }
  const scan = scanning.open(envelope)
  scan.take(message)
  const result = scan.finish()
  return result?.kind === 'scanned' ? result.opinion!.symbols.map(({ name }) => name) : []
}

t.test(
  'a campaign whose copies come in on different threads is told on each of them, also after a reload',
  async t => {
    const threads = [await stage(true), await stage(true)]
    t.notOk(symbolsOf(threads[0]!, 0).includes('BULK_FROM_EVERYWHERE'))
    for (let each = 1; each < 16; each++) symbolsOf(threads[each % 2]!, each)
    await threads[0]!.use(rules)
    for (const thread of threads) t.ok(symbolsOf(thread, 16).includes('BULK_FROM_EVERYWHERE'))
  },
)

t.test('without the memory nothing is counted', async t => {
  const alone = await stage(false)
  for (let each = 0; each < 20; each++) t.notOk(symbolsOf(alone, each).some(name => name.startsWith('BULK_')))
})
