import fc from 'fast-check'
import t from 'tap'
import {
  createMessageIdSource,
  isMessageId,
  messageIdOfWords,
  timeOfMessageId,
  wordsOfMessageId,
} from '#mail/message-id.ts'

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })

t.test('an id and its two words are the same thing', async () => {
  fc.assert(
    fc.property(word, word, (high, low) => {
      const id = messageIdOfWords(high, low)
      const [highAgain, lowAgain] = wordsOfMessageId(id)
      return isMessageId(id) && highAgain === high && lowAgain === low
    }),
    {
      examples: [
        [0, 0],
        [2 ** 32 - 1, 2 ** 32 - 1],
        [7, 2 ** 30],
        [8, 2 ** 32 - 1],
      ],
    },
  )
})

t.test(
  'ids of one thread are in order and never repeat, also within a millisecond and when the clock is set back',
  async t => {
    let now = Date.parse('2026-11-24T08:00:00Z')
    const next = createMessageIdSource(3, { now: () => now })
    let last = next()
    t.equal(timeOfMessageId(last), now)
    for (const step of [0, 1, -60_000, 0, 60_002]) {
      now += step
      for (let count = 0; count < 20_000; count++) {
        const id = next()
        if (id <= last) t.fail(`${id} came after ${last}`)
        last = id
      }
    }
  },
)

t.test('threads make different ids in the same millisecond', async t => {
  const clock = { now: () => 1_800_000_000_000 }
  t.not(createMessageIdSource(0, clock)(), createMessageIdSource(1, clock)())
})

t.test('after a restart ids go on behind the newest one that was found, whatever the clock says', async t => {
  const newest = createMessageIdSource(0, { now: () => 1_800_000_000_000 })()
  t.ok(createMessageIdSource(0, { now: () => 1_700_000_000_000 }, newest)() > newest)
})

t.test('what is no id is not taken for one', async t => {
  for (const text of [
    '',
    '6h0ry7cew1g0',
    '6h0ry7cew1g000',
    '6H0RY7CEW1G00',
    'zzzzzzzzzzzzz',
    '../../../etc/',
    '6h0ry7cew1gil',
  ])
    t.notOk(isMessageId(text), text)
})
