/** Kills real processes in the middle of their work, with a disk that forgets what was not synced, and looks what is left. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { systemClock } from '#mail/clock.ts'
import { isMessageId, type MessageId } from '#mail/message-id.ts'
import { openSpool } from '#spool/spool.ts'
import { contentOf, contentOfJob, temporaryDirectory } from '../spool/fixture.ts'

/** Compiles the disk with the volatile cache (see power-cut.c); returns the path of the library. */
export const buildPowerCut = (t: Test): string => compilePowerCut(temporaryDirectory(t))

/** Into a directory that the caller removes. */
export function compilePowerCut(directory: string): string {
  const library = join(directory, 'power-cut.so')
  const source = join(import.meta.dirname, 'power-cut.c')
  execFileSync('gcc', [
    '-shared',
    '-fPIC',
    '-O2',
    '-Wall',
    '-Werror',
    '-o',
    library,
    source,
    '-ldl',
    '-lpthread',
  ])
  return library
}

export interface Outcome {
  readonly accepted: number
  readonly recovered: number
  /** What must not be: acknowledged messages that are missing or differ. */
  readonly faults: readonly string[]
}

/** Runs the writer, kills it `after` receipts, opens its spool, compares. */
export async function killOnce(
  library: string,
  sync: 'on' | 'off',
  seed: number,
  after: number,
): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-crash-'))
  try {
    const accepted = new Map<MessageId, number>()
    const finishing = new Set<string>()
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'writer-process.ts'), directory, sync, String(seed)],
      {
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          LD_PRELOAD: library,
          POWER_CUT_DIRECTORY: directory,
          POWER_CUT_KEEP: seed % 2 === 0 ? '0' : '40',
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let text = ''
    child.stdout.setEncoding('latin1')
    child.stdout.on('data', chunk => {
      text += chunk
      const lines = text.split('\n')
      text = lines.pop()!
      for (const line of lines) {
        const [word, id = '', size] = line.split(' ')
        if (word === 'accepted' && isMessageId(id)) accepted.set(id, Number(size))
        if (word === 'finishing') finishing.add(id)
      }
      if (accepted.size >= after) child.kill('SIGKILL')
    })
    await new Promise((resolve, reject) => {
      child.once('error', reject)
      // Not the end of its output alone: until it is reaped the lock of its spool rightly counts.
      child.once('close', resolve)
    })
    return await check(directory, accepted, finishing)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function check(
  directory: string,
  accepted: ReadonlyMap<MessageId, number>,
  finishing: ReadonlySet<string>,
): Promise<Outcome> {
  const spool = await openSpool({
    directory,
    thread: 0,
    clock: systemClock,
    segmentSize: 2 ** 18,
    inlineSize: 2 ** 14,
    memory: 2 ** 18,
    minimumFree: 0,
  })
  const faults: string[] = []
  const found = new Map<string, Buffer>()
  const now = Date.now() + 10 ** 9
  for (const domain of [...spool.dueDomains(now)])
    for (let job = await spool.take(domain, now); job !== undefined; job = await spool.take(domain, now))
      found.set(job.id, await contentOfJob(job))
  for (const [id, size] of accepted) {
    const content = found.get(id)
    if (content === undefined) {
      if (!finishing.has(id)) faults.push(`${id} is lost`)
    } else if (!content.equals(contentOf(id, size))) faults.push(`${id} has another content`)
  }
  if (spool.recovery.corrupt.length > 0) faults.push(`damage: ${JSON.stringify(spool.recovery.corrupt)}`)
  await spool.close()
  return { accepted: accepted.size, recovered: found.size, faults }
}
