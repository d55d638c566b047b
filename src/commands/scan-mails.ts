/**
 * The messages that `sluice scan` is asked about: files, standard input, and folders with everything below them: a file for
 * each message, Maildir, mbox files.
 *
 * A message that was saved with the line ends of a text file is read as the mail it was: each LF becomes CRLF, unless the
 * file has a CRLF already or `wire` says that it is as it came.
 * Promises: one file at a time is in memory; what cannot be read is told, and the others are read.
 */
import { readFile, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { findFiles } from '#content/spam/training/find-files.ts'
import { asOnTheWire, largestMail } from '#content/spam/training/mailbox.ts'
import { isSeparator, MboxSplitter } from '#content/spam/training/mbox.ts'

export interface NamedMail {
  /** The file, and which message of an mbox: `archive.mbox#3`. */
  readonly file: string
  readonly octets: Uint8Array
}

export interface ScanSource {
  /** The paths to read, folders opened. */
  readonly files: readonly string[]
  /** A folder was named: there may be thousands. */
  readonly many: boolean
}

/** `complain` gets the path and a sentence. */
export async function sourceOf(
  named: readonly string[],
  complain: (file: string, reason: string) => void,
): Promise<ScanSource> {
  const files: string[] = []
  let many = false
  for (const path of named) {
    const folder = path !== '-' && (await stat(path).catch(() => undefined))?.isDirectory() === true
    if (!folder) {
      files.push(path)
      continue
    }
    many = true
    const found = findFiles(path)
    if ('refusal' in found) complain(path, found.refusal)
    else for (const file of found.files) files.push(file)
  }
  return { files, many }
}

/** The messages of a file: one, unless it is an mbox. Rejects with an error of the system. */
export async function mailsIn(file: string, wire: boolean): Promise<readonly NamedMail[]> {
  const octets = file === '-' ? await buffer(process.stdin) : await readFile(file)
  const firstLine = octets.subarray(0, Math.max(octets.indexOf(0x0a), 0))
  if (wire) return [{ file, octets }]
  return isSeparator(firstLine) ? mailsOfMbox(file, octets) : [{ file, octets: asOnTheWire(octets) }]
}

function mailsOfMbox(file: string, archive: Buffer): readonly NamedMail[] {
  const mails: NamedMail[] = []
  let ordinal = 0
  const splitter = new MboxSplitter(
    {
      message: octets =>
        mails.push({ file: `${file}#${++ordinal}`, octets: asOnTheWire(Buffer.from(octets)) }),
      tooLarge: () => ordinal++,
    },
    largestMail,
  )
  splitter.write(archive)
  splitter.end()
  return mails
}
