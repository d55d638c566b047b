/**
 * Sluice and Postfix in the same role, as one type, so that a measurement cannot treat them differently.
 *
 * `accept`: mail is accepted and durable, nothing is delivered while it is measured.
 *   Postfix puts every message on hold: cleanup syncs the queue file and the queue manager never sees it, which is the
 *   least that Postfix can do for a 250. Sluice has no such mode; its next hop refuses connections, so that it runs its whole
 *   delivery side, tries once, and then postpones the destination. The difference is in favour of Postfix.
 * `relay`: both hand on to the same sink, with the concurrency that each has by default (20 per destination).
 *
 * Postfix as it is looks at no content, so Sluice's scanner and filter are off in both roles, unless `content` is asked for: then the
 * ratio says what they cost.
 *
 * In both roles Postfix logs to nobody (a log daemon would be counted against it), while Sluice writes its tracking files.
 */
import { startPostfix } from '../test/peers/postfix.ts'
import type { Owner } from '../test/peers/process.ts'
import { freePort } from '../test/peers/ready.ts'
import { queueHolds, startSluice } from './sluice.ts'

export type Name = 'sluice' | 'postfix'
export type Role = 'accept' | { readonly relay: number }

export interface Contestant {
  readonly name: Name
  readonly port: number
  /** Root of its process tree. */
  readonly pid: number
  /** Fails unless exactly that many messages are in its queue. */
  holds(messages: number): Promise<void>
}

export async function start(owner: Owner, name: Name, role: Role, content: boolean): Promise<Contestant> {
  return name === 'sluice' ? sluice(owner, role, content) : postfix(owner, role)
}

async function sluice(owner: Owner, role: Role, content: boolean): Promise<Contestant> {
  const nextHop = `127.0.0.1:${role === 'accept' ? await freePort() : role.relay}`
  const running = await startSluice(owner, {
    nextHop,
    configuration: {
      ...(!content && { content: { scan: false } }),
      ...(role === 'accept' && { delivery: { retry: ['1h'] } }),
    },
  })
  return {
    name: 'sluice',
    port: running.port,
    pid: running.pid,
    holds: messages => queueHolds(running, messages),
  }
}

async function postfix(owner: Owner, role: Role): Promise<Contestant> {
  const running = await startPostfix(owner, { role: role === 'accept' ? 'hold' : role, log: false })
  return {
    name: 'postfix',
    port: running.port,
    pid: running.pid,
    holds: async messages => {
      if (messages === 0) return running.drained()
      const queued = await running.queued()
      if (queued !== messages) throw new Error(`Postfix holds ${queued} messages, not ${messages}`)
    },
  }
}
