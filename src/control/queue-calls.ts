/**
 * What an operator may ask of the queue, as values that cross threads and sockets, and how the answers of several spool
 * shards become one.
 *
 * Promises: the same code answers inside a running engine and in a command that opened the spool itself, so that the two
 * agree; every change is on disk before it is answered, and is told to tracking.
 */
import type { Envelope } from '#mail/envelope.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { QueueAdministration, QueueEntry, QueueQuery, QueueTotals } from '#mail/queue.ts'
import type { Track } from '#observe/event.ts'

export const queueActions = ['hold', 'release', 'retry', 'remove'] as const
export type QueueAction = (typeof queueActions)[number]

export type QueueCall =
  /** `query.limit` is required here: a queue may hold millions. */
  | { readonly call: 'list'; readonly query: QueueQuery & { readonly limit: number } }
  /** `octets` bounds the content that is answered. */
  | { readonly call: 'show'; readonly id: MessageId; readonly octets: number }
  | {
      readonly call: 'change'
      readonly action: QueueAction
      readonly query: QueueQuery
      readonly by: string
    }
  | { readonly call: 'totals' }

export interface QueueDetails {
  readonly entry: QueueEntry
  readonly envelope: Envelope
  /** At most the octets asked for; undefined when the content on disk is corrupt. */
  readonly content: Uint8Array | undefined
  readonly complete: boolean
}

export type QueueAnswer =
  /** Oldest first. `more` is true when the limit cut something off. */
  | { readonly call: 'list'; readonly entries: readonly QueueEntry[]; readonly more: boolean }
  | { readonly call: 'show'; readonly details: QueueDetails | undefined }
  | { readonly call: 'change'; readonly ids: readonly MessageId[] }
  | { readonly call: 'totals'; readonly totals: QueueTotals }

/** Answers for one shard. Rejects when its disk does. */
export async function answerQueueCall(
  queue: QueueAdministration,
  call: QueueCall,
  track: Track,
): Promise<QueueAnswer> {
  switch (call.call) {
    case 'list': {
      const { limit } = call.query
      const entries = await queue.list({ ...call.query, limit: limit + 1 })
      return { call: 'list', entries: oldestFirst(entries).slice(0, limit), more: entries.length > limit }
    }
    case 'show':
      return { call: 'show', details: await show(queue, call.id, call.octets) }
    case 'change': {
      const ids = await queue[call.action](call.query)
      for (const id of ids) track({ event: 'operator', action: call.action, id, by: call.by })
      return { call: 'change', ids }
    }
    case 'totals':
      return { call: 'totals', totals: queue.totals() }
  }
}

async function show(
  queue: QueueAdministration,
  id: MessageId,
  octets: number,
): Promise<QueueDetails | undefined> {
  const shown = await queue.show(id)
  if (shown === undefined) return undefined
  const { entry, envelope, content } = shown
  // A copy: the view may be a window into a whole segment, all of which would be cloned to the other thread.
  return {
    entry,
    envelope,
    content: content?.slice(0, octets),
    complete: content !== undefined && content.length <= octets,
  }
}

/** One answer from those of all shards. They are answers to the same call. */
export function mergeQueueAnswers(call: QueueCall, answers: readonly QueueAnswer[]): QueueAnswer {
  switch (call.call) {
    case 'list': {
      const lists = answers.filter(answer => answer.call === 'list')
      const entries = oldestFirst(lists.flatMap(list => list.entries))
      const { limit } = call.query
      return {
        call: 'list',
        entries: entries.slice(0, limit),
        more: lists.some(list => list.more) || entries.length > limit,
      }
    }
    case 'show':
      return (
        answers.find(answer => answer.call === 'show' && answer.details !== undefined) ?? {
          call: 'show',
          details: undefined,
        }
      )
    case 'change':
      return { call: 'change', ids: answers.flatMap(answer => (answer.call === 'change' ? answer.ids : [])) }
    case 'totals':
      return {
        call: 'totals',
        totals: answers
          .flatMap(answer => (answer.call === 'totals' ? [answer.totals] : []))
          .reduce(sum, none),
      }
  }
}

const none: QueueTotals = { messages: 0, held: 0, delivering: 0, octets: 0, oldest: undefined }

const sum = (left: QueueTotals, right: QueueTotals): QueueTotals => ({
  messages: left.messages + right.messages,
  held: left.held + right.held,
  delivering: left.delivering + right.delivering,
  octets: left.octets + right.octets,
  oldest: earliest(left.oldest, right.oldest),
})

const earliest = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.min(left, right)

/** Ids begin with the time at which the message was named. */
const oldestFirst = (entries: readonly QueueEntry[]): readonly QueueEntry[] =>
  entries.toSorted((left, right) => (left.id < right.id ? -1 : 1))
