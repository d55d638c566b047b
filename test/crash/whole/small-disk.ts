/** A real file system of a few megabytes, in memory, that a test can fill, free and make read-only. Needs root. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Owner, peerDirectory, run } from '../../peers/process.ts'

export interface SmallDisk {
  readonly path: string
  /** Removes the ballast that was there from the beginning: so much is free again. */
  free(): Promise<void>
  readOnly(): Promise<void>
}

export const canMount = process.getuid?.() === 0

/** Octets; `ballast` are taken by a file. */
export async function smallDisk(owner: Owner, size: number, ballast: number): Promise<SmallDisk> {
  const path = await peerDirectory('small-disk', owner)
  await mount('-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', path)
  owner.teardown(() => run('umount', ['--lazy', path]))
  const weight = join(path, 'ballast')
  await writeFile(weight, Buffer.alloc(ballast))
  return {
    path,
    free: () => rm(weight),
    readOnly: () => mount('-o', 'remount,ro', path),
  }
}

async function mount(...args: readonly string[]): Promise<void> {
  const { code, errors } = await run('mount', args)
  if (code !== 0) throw new Error(`mount ${args.join(' ')} ended with ${code}: ${errors}`)
}
