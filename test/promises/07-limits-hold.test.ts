/**
 * Promise 7, the half about counts: per-client and global limits hold, and mail from others is accepted while one client
 * holds all that it may. The half about time is in the tests of sessions.
 */
import t from 'tap'
import { attachAdmission, createAdmissionMemory } from '../../src/admission/admission.ts'
import { systemClock } from '../../src/mail/clock.ts'
import { isRefusal } from '../../src/mail/refusal.ts'
import { client, configure, site } from '../admission/configuration.ts'

const configuration = configure(site)
const admit = () => attachAdmission(createAdmissionMemory(configuration, 2), configuration, 0, systemClock)
const { perAddress, perNetwork, total } = configuration.limits.connections

t.test('5,000 connections from one address get its limit, and everybody else is served', async t => {
  const admission = admit()
  let open = 0
  for (let attempt = 0; attempt < 5_000; attempt++) if (!isRefusal(admission.connect(client()))) open++
  t.equal(open, perAddress)
  for (let other = 1; other <= 200; other++)
    t.notOk(
      isRefusal(admission.connect(client({ address: `198.51.${other}.1` }))),
      `a stranger from 198.51.${other}.1`,
    )
})

t.test('5,000 connections from one network get its limit, and everybody else is served', async t => {
  const admission = admit()
  let open = 0
  for (let attempt = 0; attempt < 5_000; attempt++)
    if (!isRefusal(admission.connect(client({ address: `192.0.2.${attempt % 256}` })))) open++
  t.equal(open, perNetwork)
  t.notOk(isRefusal(admission.connect(client({ address: '198.51.100.1' }))))
})

t.test('an attacker with a million IPv6 addresses in one /48 gets the limit of a network', async t => {
  const admission = admit()
  let open = 0
  for (let attempt = 0; attempt < 20_000; attempt++) {
    const address = `2001:db8:1:${(attempt & 0xffff).toString(16)}::${(attempt + 1).toString(16)}`
    if (!isRefusal(admission.connect(client({ address })))) open++
  }
  t.equal(open, perNetwork)
})

t.test('from everywhere at once the total holds, to the connection', async t => {
  const admission = admit()
  let open = 0
  for (let attempt = 0; attempt < total + 500; attempt++) {
    const address = `${11 + (attempt % 89)}.${(attempt >> 8) & 255}.${attempt & 255}.1`
    if (!isRefusal(admission.connect(client({ address })))) open++
  }
  t.equal(open, total)
})
