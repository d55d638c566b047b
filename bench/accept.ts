/**
 * Claim: accepting mail durably takes a fraction of what Postfix takes.
 *
 * One round: smtp-source sends `messages` over `sessions` open connections; the time is that until it has every 250. Afterwards the
 * queue must hold every message. See contestant.ts for what each peer does with them.
 */
import { sendLoad } from '../test/peers/smtp-source.ts'
import { type Comparison, compare, type Load } from './comparison.ts'
import { start } from './contestant.ts'

export function accept(load: Load, rounds: number): Promise<Comparison> {
  return compare(load, rounds, async (owner, name) => {
    const contestant = await start(owner, name, 'accept', load.content)
    return {
      contestant,
      load: async messages => {
        await sendLoad({ ...load, port: contestant.port, messages })
      },
      verify: messages => contestant.holds(messages),
    }
  })
}
