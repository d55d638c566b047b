/**
 * Scanning of content as a stage of one engine thread.
 *
 * Promises: a reload puts the rules in force that the main thread prepared, between two messages, while others go on.
 */
import type { ContentRules } from '#content/rules.ts'
import { createScanning } from '#content/scanning.ts'
import { type BulkMemory, BulkWatch } from '#content/spam/bulk/memory.ts'
import type { ContentScanning } from '#mail/content.ts'
import type { Stage } from '#mailstream/stage.ts'
import type { Log } from '#observe/log.ts'
import { chooseEngine } from '#scanner/engine.ts'

export interface ContentStage extends Stage {
  readonly name: 'content'
  readonly scanning: ContentScanning
}

/** Milliseconds. What fails for one message mostly fails for the next. */
const betweenComplaints = 60_000

/** Rejects with `RulesUnusable`. */
export async function openContentStage(
  rules: ContentRules,
  log: Log,
  bulk?: BulkMemory,
): Promise<ContentStage> {
  const choice = chooseEngine()
  // The main thread said so before, unless nothing is to be scanned.
  const scanning = createScanning({
    engine: choice.kind === 'refused' ? undefined : choice,
    complain: createComplaints(log),
    ...(bulk !== undefined && { bulk: new BulkWatch(bulk) }),
  })
  await scanning.use(rules)
  return { name: 'content', scanning, reload: changed => scanning.use(changed.content) }
}

/** Told of every failure, tells the first of a minute, with how many it kept to itself. */
export function createComplaints(
  log: Pick<Log, 'error'>,
  monotonic = () => performance.now(),
): (error: unknown) => void {
  let last = Number.NEGATIVE_INFINITY
  let untold = 0
  return error => {
    const now = monotonic()
    if (now - last < betweenComplaints) {
      untold++
      return
    }
    log.error({ err: error, untold }, 'The scanner failed for a message, which goes on without a scan.')
    last = now
    untold = 0
  }
}
