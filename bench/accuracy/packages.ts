/** The contestants as Debian packages. They are installed by `sh scripts/setup.sh accuracy`, which starts none of them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { progress } from '../measure/result.ts'

const root = join(import.meta.dirname, '../..')

/** Installs what is missing. Why that failed, or undefined. */
export function packagesMissing(): string | undefined {
  progress('looking for bogofilter, SpamAssassin, rspamd and Redis')
  const { status } = spawnSync('sh', ['scripts/setup.sh', 'accuracy'], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
  })
  return status === 0 ? undefined : 'the contestants cannot be installed (see above)'
}
