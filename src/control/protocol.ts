/**
 * What travels over the control socket: one JSON request per line, one JSON response per line.
 *
 * Promises: a request is checked key by key before anything acts on it; what does not fit is answered with a sentence.
 * Who may connect is a matter of file permissions: the socket is 0600 in a directory that is 0700.
 */

import { type QueueAnswer, type QueueCall, type QueueDetails, queueActions } from '#control/queue-calls.ts'
import { isMessageId } from '#mail/message-id.ts'
import type { QueueEntry, QueueQuery } from '#mail/queue.ts'
import type { StorageState } from '#observe/storage.ts'

export type ControlRequest =
  | { readonly ask: 'status' }
  | { readonly ask: 'reload' }
  /** The bundle that is in force on disk now, with the configuration as it runs. */
  | { readonly ask: 'take-bundle' }
  | { readonly ask: 'queue'; readonly call: QueueCall }
  /** Only in an engine that was started for tests (SLUICE_TEST=1): ends a thread as a bug would. */
  | { readonly ask: 'fail-thread'; readonly thread: number; readonly how: 'throw' | 'hang' | 'exit' }

export interface EngineStatus {
  readonly pid: number
  readonly version: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly hostname: string
  readonly dataDirectory: string
  readonly configurationFile?: string
  readonly state: 'starting' | 'serving' | 'impaired' | 'draining'
  /** Of the thread that is worst off: while it is not `well`, that thread refuses new mail. */
  readonly storage: StorageState
  readonly threads: readonly {
    readonly thread: number
    readonly state: 'starting' | 'serving' | 'absent' | 'draining' | 'ended' | 'ended'
    readonly restarts: number
  }[]
  /** What scans content; absent when it is not scanned. `reason`: why it is not the native one, without a full stop. */
  readonly scanner?: { readonly name: 'native' | 'typescript'; readonly reason?: string }
  /** The folder of the bundle whose rules are in use. */
  readonly bundle?: string
  readonly listeners: readonly { readonly zone: string; readonly address: string }[]
  /** The last attempt to load a configuration, when it failed: the running one stayed in force. */
  readonly configurationProblems: readonly string[]
  /** Keys of the loaded configuration that are in force only after a restart. */
  readonly restartNeeded: readonly string[]
}

export type ControlResponse<Result = unknown> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly error: string }

/** Longest request line in octets: a few thousand ids. */
export const requestLimit = 131_072
/** Entries of one list, and octets of content of one show. */
export const listLimit = 10_000
export const showLimit = 4 * 2 ** 20

/** A request, or the sentence that says what is wrong with it. */
export function parseRequest(line: string): ControlRequest | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'The request is not JSON.'
  }
  if (!isRecord(value)) return 'The request is not an object.'
  switch (value.ask) {
    case 'status':
    case 'reload':
    case 'take-bundle':
      return { ask: value.ask }
    case 'queue': {
      const call = parseCall(value.call)
      return typeof call === 'string' ? call : { ask: 'queue', call }
    }
    case 'fail-thread':
      if (!isCount(value.thread) || !isOneOf(value.how, ['throw', 'hang', 'exit'] as const))
        return 'The thread or the way to fail is unknown.'
      return { ask: 'fail-thread', thread: value.thread, how: value.how }
    default:
      return 'The request asks for nothing that is known.'
  }
}

function parseCall(value: unknown): QueueCall | string {
  if (!isRecord(value)) return 'The queue call is not an object.'
  switch (value.call) {
    case 'totals':
      return { call: 'totals' }
    case 'show': {
      if (typeof value.id !== 'string' || !isMessageId(value.id)) return 'That is not the id of a message.'
      return {
        call: 'show',
        id: value.id,
        octets: Math.min(isCount(value.octets) ? value.octets : 0, showLimit),
      }
    }
    case 'list': {
      const query = parseQuery(value.query)
      if (typeof query === 'string') return query
      return { call: 'list', query: { ...query, limit: Math.min(query.limit ?? listLimit, listLimit) } }
    }
    case 'change': {
      const query = parseQuery(value.query)
      if (typeof query === 'string') return query
      if (!isOneOf(value.action, queueActions)) return 'The queue action is unknown.'
      return { call: 'change', action: value.action, query, by: String(value.by).slice(0, 64) }
    }
    default:
      return 'The queue call is unknown.'
  }
}

const states: readonly QueueEntry['state'][] = ['waiting', 'delivering', 'held']

/** An unknown key is an error: a filter that is overlooked would let `remove` take too much. */
function parseQuery(value: unknown): QueueQuery | string {
  if (!isRecord(value)) return 'The query is not an object.'
  const query: { -readonly [Key in keyof QueueQuery]: QueueQuery[Key] } = {}
  for (const [key, given] of Object.entries(value)) {
    if (given === undefined) continue
    if ((key === 'sender' || key === 'recipient' || key === 'domain') && typeof given === 'string')
      query[key] = given
    else if ((key === 'olderThan' || key === 'newerThan' || key === 'limit') && isCount(given))
      query[key] = given
    else if (key === 'state' && isOneOf(given, states)) query.state = given
    else if (key === 'ids' && Array.isArray(given) && given.every(id => typeof id === 'string'))
      query.ids = given
    else return `The query has an unknown key or a wrong value: ${JSON.stringify(key)}.`
  }
  return query
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isOneOf = <Choice extends string>(value: unknown, choices: readonly Choice[]): value is Choice =>
  choices.includes(value as Choice)

/** Content is base64 on the wire. */
type WireDetails = Omit<QueueDetails, 'content'> & { readonly content?: string }

export function encodeAnswer(answer: QueueAnswer): unknown {
  if (answer.call !== 'show' || answer.details === undefined) return answer
  const { content, ...rest } = answer.details
  const details: WireDetails = {
    ...rest,
    ...(content !== undefined && { content: Buffer.from(content).toString('base64') }),
  }
  return { call: 'show', details }
}

/** For the client: the engine on the other side of a socket that only its owner can open is trusted. */
export function decodeAnswer(result: unknown): QueueAnswer {
  const answer = result as QueueAnswer
  if (answer.call !== 'show' || answer.details === undefined) return answer
  const details = answer.details as unknown as WireDetails
  return {
    call: 'show',
    details: {
      ...details,
      content: details.content === undefined ? undefined : Buffer.from(details.content, 'base64'),
    },
  }
}
