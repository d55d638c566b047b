import t from 'tap'
import { createHashKey, hashWords } from '../../src/admission/keyed-hash.ts'
import { createKnownClientsMemory, openKnownClients } from '../../src/admission/known-clients.ts'

const key = createHashKey()
const hashOf = (address: number) => hashWords(key, [32, address])
const now = 1_760_000_000_000
const hour = 3_600_000

t.test('a client that waited is known for as long as it is said, in every thread', async t => {
  const memory = createKnownClientsMemory(64)
  openKnownClients(memory).remember(hashOf(1), now)
  const other = openKnownClients(memory)
  t.ok(other.isKnown(hashOf(1), hour, now))
  t.ok(other.isKnown(hashOf(1), hour, now + hour))
  t.notOk(other.isKnown(hashOf(1), hour, now + hour + 1_000))
  t.notOk(other.isKnown(hashOf(2), hour, now))
})

t.test('a time in the future is not believed', async t => {
  const known = openKnownClients(createKnownClientsMemory(64))
  known.remember(hashOf(1), now + hour)
  t.notOk(known.isKnown(hashOf(1), hour, now))
})

t.test('who was not seen for longest makes room', async t => {
  const known = openKnownClients(createKnownClientsMemory(16))
  for (let address = 0; address < 16; address++) known.remember(hashOf(address), now + address * 1_000)
  known.remember(hashOf(0), now + 20_000)
  known.remember(hashOf(99), now + 21_000)
  t.ok(known.isKnown(hashOf(99), hour, now + 21_000))
  t.ok(known.isKnown(hashOf(0), hour, now + 21_000), 'it was seen again')
  t.notOk(known.isKnown(hashOf(1), hour, now + 21_000))
  t.ok(known.isKnown(hashOf(2), hour, now + 21_000))
})
