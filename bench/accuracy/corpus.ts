/**
 * A folder with packs of real mail: `train` and `measure-only`, each as `.tar.xz` or unpacked, with `manifest.tsv` (file,
 * label, subset, year) and a file for each mail.
 *
 * Promises: an archive is unpacked into a folder that only its owner can read and that is gone when the measurement ends,
 * however it ends short of SIGKILL; a sentence when something is not there. The mail is private and hostile: nothing here
 * prints it, and file names of the manifest stay inside the pack.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Owner, peerDirectory, run } from '../../test/peers/process.ts'
import { senderOf, textKey } from './likeness.ts'
import type { Label, Mail } from './mail.ts'

const packs = ['train', 'measure-only'] as const
type Pack = (typeof packs)[number]

export interface Corpus {
  readonly mails: readonly Mail[]
  /** On the same file system, removed at the end: for what the contestants need. */
  readonly scratch: string
}

/** Why there is nothing to measure with, or undefined. */
export function corpusMissing(directory: string | undefined): string | undefined {
  if (directory === undefined || directory === '')
    return 'name a folder with mail to train and to measure on, with --corpus or in SLUICE_CORPUS'
  const missing = packs.filter(
    pack =>
      !existsSync(join(directory, pack, 'manifest.tsv')) && !existsSync(join(directory, `${pack}.tar.xz`)),
  )
  if (missing.length === 0) return undefined
  const wanted = missing.map(pack => `neither ${pack}.tar.xz nor ${pack}/manifest.tsv`)
  return `there is ${wanted.join(', and ')} in ${directory}`
}

/** `keep`: one mail in so many, chosen by its text. */
export async function openCorpus(owner: Owner, directory: string, keep: number): Promise<Corpus> {
  const scratch = await peerDirectory('accuracy', owner)
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  const mails: Mail[] = []
  for (const pack of packs) mails.push(...readPack(await unpacked(directory, pack, scratch), pack))
  return {
    scratch,
    mails: mails.filter(({ text }) => Number.parseInt(text.slice(-6), 16) % keep === 0),
  }
}

async function unpacked(directory: string, pack: Pack, scratch: string): Promise<string> {
  const folder = join(directory, pack)
  if (existsSync(join(folder, 'manifest.tsv'))) return resolve(folder)
  const archive = join(directory, `${pack}.tar.xz`)
  const { code, errors } = await run('tar', ['-xJf', archive, '-C', scratch, '--no-same-owner'], {
    seconds: 600,
  })
  if (code !== 0) throw new Error(`${archive} cannot be unpacked: ${errors}`)
  return join(scratch, pack)
}

const row = /^((?:[\w-]+\/)*[\w-][\w.-]*)\t(ham|spam)\t([\w-]+)\t(\d*)$/

function readPack(folder: string, pack: Pack): readonly Mail[] {
  const [, ...lines] = readFileSync(join(folder, 'manifest.tsv'), 'utf8').trimEnd().split('\n')
  return lines.map((line, index) => {
    const [, file, label, subset, year] = row.exec(line) ?? []
    if (file === undefined) throw new Error(`${folder}/manifest.tsv, line ${index + 2}, is no row of a mail`)
    const path = join(folder, file)
    const octets = readFileSync(path, 'latin1')
    return {
      path,
      label: label as Label,
      subset: subset!,
      year: Number(year),
      measureOnly: pack === 'measure-only',
      sender: senderOf(octets),
      text: textKey(octets),
    }
  })
}
