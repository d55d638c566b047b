import t from 'tap'
import { createHeartbeats, createPulse, startBeating } from '../../src/engine/heartbeat.ts'

t.test('a thread that beats is alive, one that does not is counted, and a new one starts clean', t => {
  const memory = createHeartbeats(2)
  const pulse = createPulse(memory)
  const stop = startBeating(memory, 0)
  t.equal(pulse.look(0), 0)
  t.equal(pulse.look(1), 1)
  t.equal(pulse.look(1), 2)
  t.equal(pulse.look(0), 1, 'no beat since the last look')
  stop()
  startBeating(memory, 0)()
  t.equal(pulse.look(0), 0)
  pulse.reset(1)
  t.equal(pulse.look(1), 1)
  t.end()
})
