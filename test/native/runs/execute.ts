/**
 * Programs of the runs: they print to the terminal, and one that fails ends the run.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../../..')
export const native = join(root, 'native')

export function execute([program, ...rest]: readonly string[], environment = {}, cwd = native): void {
  const env = { ...process.env, ...environment }
  const { status, signal, error } = spawnSync(program!, rest, { cwd, stdio: 'inherit', env })
  if (status !== 0) throw new Error(`${program} ended with ${error?.message ?? signal ?? `status ${status}`}`)
}
