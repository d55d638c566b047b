/**
 * Claim: accepting, storing and handing on takes a fraction of what Postfix takes.
 *
 * One round: smtp-source sends as in accept.ts while the peer delivers to smtp-sink; the time is that until the sink has counted the
 * last message. Afterwards the queue must be empty and the sink must have counted each message once: a duplicate would be work
 * that nobody asked for. The sink's own CPU is not counted.
 */
import { startSink } from '../test/peers/smtp-sink.ts'
import { sendLoad } from '../test/peers/smtp-source.ts'
import { type Comparison, compare, type Load } from './comparison.ts'
import { start } from './contestant.ts'

export function relay(load: Load, rounds: number): Promise<Comparison> {
  return compare(load, rounds, async (owner, name) => {
    const sink = await startSink(owner)
    const contestant = await start(owner, name, { relay: sink.port }, load.content)
    let sent = 0
    return {
      contestant,
      load: async messages => {
        sent += messages
        await sendLoad({ ...load, port: contestant.port, messages })
        await sink.receivedAtLeast(sent)
      },
      verify: async messages => {
        await contestant.holds(0)
        if (sink.received() !== messages) {
          throw new Error(`${name}: the sink received ${sink.received()} messages, not ${messages}`)
        }
      },
    }
  })
}
