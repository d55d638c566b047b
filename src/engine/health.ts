/**
 * How the engine is, for whoever watches: `/healthz` and the status line of systemd.
 *
 * Healthy means: all threads serve and the disk takes mail. A reload that failed does not make the engine unhealthy, since it serves as before,
 * but is said.
 */

import type { Health } from '#control/management-server.ts'
import type { EngineStatus } from '#control/protocol.ts'

export function healthOf(status: EngineStatus): Health {
  const away = status.threads.filter(thread => thread.state !== 'serving').map(thread => thread.thread)
  const healthy = status.state === 'serving' && status.storage === 'well' && away.length === 0
  const lines = [
    headline(status, away),
    ...(status.scanner?.reason === undefined ? [] : [slowerScanner(status.scanner.reason)]),
    ...status.configurationProblems.map(problem => `The last reload failed: ${problem.split('\n', 1)[0]}`),
    ...(status.restartNeeded.length > 0 ? [`Wait for a restart: ${status.restartNeeded.join(', ')}`] : []),
  ]
  return { healthy, lines }
}

export const slowerScanner = (reason: string): string =>
  `Content is scanned by the slower scanner in TypeScript: ${reason}`

function headline({ state, storage, threads }: EngineStatus, away: readonly number[]): string {
  if (state === 'draining') return 'draining: no new connections are taken'
  if (state === 'starting') return 'starting: the spool is being recovered'
  if (away.length > 0)
    return `impaired: engine thread ${away.join(', ')} of ${threads.length} is being replaced`
  if (storage === 'full') return 'impaired: the disk has no room, new mail is answered 452'
  if (storage === 'failed') return 'impaired: the disk cannot be written, new mail is answered 451'
  return `serving: ${threads.length} of ${threads.length} engine threads`
}
