import t from 'tap'
import { createHashKey, hashWords } from '../../src/admission/keyed-hash.ts'
import { createRatesMemory, openRates, type RateKey } from '../../src/admission/rates.ts'

const hashKey = createHashKey()
const keyFor = (address: number): RateKey => ({ hash: hashWords(hashKey, [32, address]), slot: -1 })
const minute = 60_000
const start = 29_000_000 * minute

t.test('a client gets its rate and no more', async t => {
  const rates = openRates(createRatesMemory(64), 0)
  const key = keyFor(1)
  for (let count = 0; count < 10; count++) t.ok(rates.allow(key, 'messages', 10, start + count))
  t.notOk(rates.allow(key, 'messages', 10, start + 10))
  t.ok(rates.allow(keyFor(2), 'messages', 10, start + 10), 'another client has its own')
  t.ok(rates.allow(key, 'recipients', 10, start + 10), 'another kind, too')
})

t.test('a client that asks on and on is served at its rate', async t => {
  const rates = openRates(createRatesMemory(64), 0)
  const key = keyFor(1)
  let served = 0
  for (let now = start; now < start + 10 * minute; now += 100)
    if (rates.allow(key, 'messages', 60, now)) served++
  t.ok(served >= 9 * 60 && served <= 11 * 60, `${served} in ten minutes at 60 a minute`)
})

t.test('the end of a minute does not double the rate', async t => {
  const rates = openRates(createRatesMemory(64), 0)
  const key = keyFor(1)
  let served = 0
  for (let count = 0; count < 100; count++)
    if (rates.allow(key, 'messages', 100, start + minute - 1)) served++
  for (let count = 0; count < 100; count++) if (rates.allow(key, 'messages', 100, start + minute)) served++
  t.equal(served, 100)
})

t.test('0 is no limit, and a count at the end of its 20 bits stays there', async t => {
  const rates = openRates(createRatesMemory(64), 0)
  const key = keyFor(1)
  t.ok(rates.allow(key, 'messages', 0, start))
  for (let count = 0; count < 2 ** 20 + 10; count++) rates.count(key, 'errors', start)
  t.ok(rates.isOver(key, 'errors', 2 ** 20 - 2, start))
  t.notOk(rates.isOver(key, 'errors', 2 ** 20 - 1, start))
  t.notOk(rates.isOver(key, 'messages', 1, start), 'the neighbours of a full counter are untouched')
})

t.test('after two minutes a slot may go to another client', async t => {
  const rates = openRates(createRatesMemory(16), 0)
  const keys = Array.from({ length: 17 }, (_, address) => keyFor(address))
  for (const key of keys.slice(0, 16)) rates.count(key, 'errors', start)
  rates.count(keys[16]!, 'errors', start + 1)
  t.equal(rates.uncounted(), 1, 'the seventeenth finds no room')
  t.ok(rates.allow(keys[16]!, 'messages', 1, start + 1), 'and is served all the same')
  rates.count(keys[16]!, 'errors', start + 2 * minute)
  t.ok(rates.isOver(keys[16]!, 'errors', 0.5, start + 2 * minute), 'two minutes later it has a slot')
})

t.test('a clock that is set back counts on', async t => {
  const rates = openRates(createRatesMemory(64), 0)
  const key = keyFor(1)
  for (let count = 0; count < 10; count++) rates.allow(key, 'messages', 10, start)
  t.notOk(rates.allow(key, 'messages', 10, start))
  t.ok(rates.allow(key, 'messages', 10, start - 60 * minute))
  for (let count = 0; count < 10; count++) rates.allow(key, 'messages', 10, start - 60 * minute)
  t.notOk(rates.allow(key, 'messages', 10, start - 60 * minute))
})
