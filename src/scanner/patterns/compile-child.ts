/**
 * Entry of the process that compiles patterns (see `child.ts`): reads a job, says what it begins and what came of it.
 *
 * Promises: a line is written before each expression is begun, so that the parent knows which one took this process down.
 * It gives way to everybody else on the machine.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync, writeSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { loadNative, type NativeCore } from '#scanner/native.ts'
import type { Pattern } from '#scanner/pattern.ts'
import type { ChildReport, CompileJob } from './child.ts'
import { createProbe, type Probe } from './probe.ts'

/** At once and whole: a line that waits in a buffer would die with the process. */
function tell(report: ChildReport): void {
  const line = Buffer.from(`${JSON.stringify(report)}\n`)
  for (let at = 0; at < line.length; ) at += writeSync(1, line, at)
}

function tryAlone(core: NativeCore, probe: Probe, pattern: Pattern, index: number): void {
  tell({ at: 'trying', pattern: index })
  const start = performance.now()
  const { verdicts, image, refusal } = core.compilePatterns([pattern])
  const compile = Math.round(performance.now() - start)
  const { handling, reason } = verdicts[0]!
  const cost = image === undefined || handling === 'refused' ? nothing : costOf(core, probe, image)
  const verdict = refusal === '' ? { handling, reason } : ({ handling: 'refused', reason: refusal } as const)
  tell({ at: 'tried', pattern: index, ...verdict, compile, size: image?.length ?? 0, ...cost })
}

const nothing = { ordinary: 0, hostile: 0, slowest: '' }

function costOf(core: NativeCore, probe: Probe, image: Uint8Array) {
  const database = core.loadPatterns(image)
  if (typeof database === 'string') throw new Error(database)
  try {
    return probe(database)
  } finally {
    database.release()
  }
}

function compileAll(core: NativeCore, job: CompileJob): void {
  const { image, verdicts, refusal } = core.compilePatterns(job.patterns)
  if (image !== undefined) writeFileSync(job.image, image)
  tell({ at: 'compiled', refusal, verdicts })
}

/** RLIMIT_DATA from here on; V8 has mapped half a gigabyte by now, of which it touches a tenth. */
function limitMemory(more: number): void {
  const kilobytes = /^VmData:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]
  if (kilobytes === undefined) throw new Error('the system does not tell how much memory a process has')
  execFileSync('prlimit', [`--pid=${process.pid}`, `--data=${Number(kilobytes) * 1_024 + more}`])
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
const job = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as CompileJob
const loaded = loadNative(job.addon)
if ('reason' in loaded) throw new Error(loaded.reason)
limitMemory(job.memory)
if (job.alone === undefined) compileAll(loaded.core, job)
else {
  const probe = createProbe(loaded.core, job.suspicious)
  for (const index of job.alone) tryAlone(loaded.core, probe, job.patterns[index]!, index)
}
