/** The layer of bulk: which patterns of sending become which symbol, from real mails and a real model. */
import { join } from 'node:path'
import t from 'tap'
import { BulkWatch, createBulkMemory } from '#content/spam/bulk/memory.ts'
import { createFilter, type SpamFilter } from '#content/spam/filter.ts'
import { bulkSymbols } from '#content/spam/layers/bulk.ts'
import { MessageFacts } from '#content/spam/message-facts.ts'
import { openSpamModel } from '#content/spam/model.ts'
import { chooseEngine, type EngineChoice } from '#scanner/engine.ts'
import { factsOf, mail, scan } from '../mails.ts'
import { writeBlankModel } from '../models.ts'

const path = join(t.testdir(), 'blank.model')
await writeBlankModel(path)

const start = 1_800_000_000_000
const key = { first: 12_345, second: 67_890 }
const paragraph = Array.from(
  { length: 12 },
  (_, line) =>
    `Line ${'abcdefghijkl'[line]} of the offer speaks of thing${line} and matter${line * 7} in its own way`,
)

interface Sent {
  readonly client: string
  readonly sender: string
  readonly minute?: number
  readonly recipients?: number
  readonly text?: readonly string[]
}

async function filterOf(wish?: string): Promise<SpamFilter> {
  const opened = await openSpamModel(path, chooseEngine(wish))
  if ('refusal' in opened) throw new Error(opened.refusal)
  return createFilter({
    symbols: [],
    model: opened.model,
    bulk: new BulkWatch({ ...createBulkMemory(), key }),
  })
}

const choice = chooseEngine() as Exclude<EngineChoice, { kind: 'refused' }>

function judge(filter: SpamFilter, { client, sender, minute = 0, recipients = 1, text = paragraph }: Sent) {
  const message = mail({ header: [`From: <${sender}>`], body: text })
  const facts = new MessageFacts(scan(choice.engine, message), {
    connection: {
      clientAddress: client,
      envelopeSender: sender,
      recipients: Array.from({ length: recipients }, (_, each) => `you${each}@example.org`),
    },
    receivedAt: start + minute * 60_000,
  })
  return filter.opinion(facts)
}

const everywhere = (each: number, minute = 0): Sent => ({
  client: `10.${each}.0.1`,
  sender: `someone@domain${each}.example`,
  minute,
})

const namesAfter = async (sent: readonly Sent[]) => {
  const filter = await filterOf()
  let last = judge(filter, sent[0]!)
  for (const each of sent.slice(1)) last = judge(filter, each)
  return last.hits.map(({ name }) => name)
}

const times = (count: number, of: (each: number) => Sent) =>
  Array.from({ length: count }, (_, each) => of(each))

t.test('copies from many networks and under many names within an hour are those of a botnet', async t => {
  t.same(await namesAfter(times(16, each => everywhere(each))), ['BULK_FROM_EVERYWHERE'])
})

t.test('the same over a day is told, and weighs less', async t => {
  t.same(await namesAfter(times(30, each => everywhere(each, each * 20))), ['BULK_SPREAD_OVER_DAY'])
})

t.test('a newsletter from one provider weighs next to nothing', async t => {
  const names = await namesAfter(
    times(40, each => ({
      client: `192.0.2.${each}`,
      sender: `bounce-${each}@mail.shop.example`,
      recipients: 2,
    })),
  )
  t.same(names, ['BULK_FROM_ONE_SENDER'])
  t.ok(bulkSymbols.find(({ name }) => name === names[0])!.weight <= 0.2)
})

t.test('one network that writes under many names is told', async t => {
  t.same(await namesAfter(times(14, each => ({ client: '192.0.2.1', sender: `x@domain${each}.example` }))), [
    'BULK_UNDER_MANY_NAMES',
  ])
})

t.test('the first copies, and texts that differ, say nothing', async t => {
  t.same(await namesAfter(times(3, each => everywhere(each))), [])
  const texts = times(30, each => ({
    ...everywhere(each),
    text: paragraph.map(
      (_, line) => `word${each}x${line} is other${each * 13 + line} than elsewhere${each}y`,
    ),
  }))
  t.same(await namesAfter(texts.map(each => ({ ...each, text: each.text!.map(lettersForDigits) }))), [])
})

/** Digits are all the same to the reader of words. */
const lettersForDigits = (text: string): string =>
  text.replaceAll(/[0-9]/g, digit => 'qwrtzpsdfg'[Number(digit)]!)

t.test('bounces from everywhere are not taken for a botnet: all have the same empty sender', async t => {
  const bounces = times(30, each => ({ ...everywhere(each), sender: '' }))
  t.notOk((await namesAfter(bounces)).includes('BULK_FROM_EVERYWHERE'))
})

t.test('a short message is never bulk', async t => {
  t.same(await namesAfter(times(40, each => ({ ...everywhere(each), text: ['Thank you very much!'] }))), [])
})

t.test('evidence is in figures, and nothing of others’ mail is in it', async t => {
  const filter = await filterOf()
  for (const each of times(15, everywhere)) judge(filter, each)
  const [hit] = judge(filter, everywhere(15)).hits
  t.match(hit!.evidence, [
    {
      place: 'within an hour',
      text: /^16 messages from some \d+ networks, some \d+ senders, 16 recipients$/,
    },
  ])
})

t.test('no symbol of bulk turns a verdict by itself: none weighs more than 1.2', async t => {
  for (const { name, weight } of bulkSymbols) t.ok(weight > 0 && weight <= 1.2, name)
})

t.test('the native core and TypeScript count the same words', async t => {
  const [one, other] = [await filterOf(), await filterOf('typescript')]
  for (const each of times(16, everywhere)) t.same(judge(one, each).hits, judge(other, each).hits)
})

t.test('without a memory of bulk the score of a message does not depend on its neighbours', async t => {
  const filter = createFilter()
  const { score } = filter.opinion(factsOf(mail({ body: paragraph })))
  for (let copy = 0; copy < 50; copy++)
    t.equal(filter.opinion(factsOf(mail({ body: paragraph }))).score, score)
})
