/**
 * The mails of one file: an mbox when it begins with a separator, else one message.
 *
 * Mails are given as they came over the wire: where a mail has no CRLF at all, each LF becomes one, as `sluice scan` reads it.
 * Promises: a file is read in pieces, and one mail at a time is in memory; what cannot be used is told and left out.
 * Works synchronously: for a thread of its own.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { isSeparator, MboxSplitter } from '#content/spam/training/mbox.ts'

export interface MailSink {
  /** `ordinal`: which one of an mbox, from 1; 0 for the one message of its file. */
  mail(octets: Buffer, ordinal: number): void
  /** `reason`: a sentence without its full stop. */
  skipped(reason: string, ordinal: number): void
}

/** Nothing that says so much is a mail that somebody reads. */
export const largestMail = 64 * 2 ** 20

/** Where a file is read to, for one after the other: memory of this size costs more to get than most mails to read. */
export const pieceForReading = (): Buffer => Buffer.alloc(1 << 18)

export function readMailbox(path: string, piece: Buffer, sink: MailSink): void {
  try {
    readOpened(openSync(path, 'r'), piece, sink)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    sink.skipped(code === 'EACCES' ? 'it may not be read by this account' : (error as Error).message, 0)
  }
}

function readOpened(file: number, piece: Buffer, sink: MailSink): void {
  try {
    const first = fill(file, piece)
    const line = piece.subarray(0, Math.max(piece.subarray(0, first).indexOf(0x0a), 0))
    if (isSeparator(line)) readMbox(file, piece, first, sink)
    else readSingle(file, piece, first, sink)
  } finally {
    closeSync(file)
  }
}

/** A read may give less than there is. */
function fill(file: number, piece: Buffer): number {
  let size = 0
  while (size < piece.length) {
    const length = readSync(file, piece, size, piece.length - size, null)
    if (length === 0) break
    size += length
  }
  return size
}

function readMbox(file: number, piece: Buffer, first: number, sink: MailSink): void {
  let ordinal = 0
  const splitter = new MboxSplitter(
    {
      message: octets => judge(octets, ++ordinal, sink),
      tooLarge: () => sink.skipped('it is larger than 64 MiB', ++ordinal),
    },
    largestMail,
  )
  for (let size = first; size > 0; size = fill(file, piece)) splitter.write(piece.subarray(0, size))
  splitter.end()
}

function readSingle(file: number, piece: Buffer, first: number, sink: MailSink): void {
  const pieces = [Buffer.from(piece.subarray(0, first))]
  if (!beginsAsMail(pieces[0]!)) {
    judge(pieces[0]!, 0, sink)
    return
  }
  let whole = first
  for (let size = first; size === piece.length; whole += size) {
    if (whole > largestMail) {
      sink.skipped('it is larger than 64 MiB', 0)
      return
    }
    size = fill(file, piece)
    pieces.push(Buffer.from(piece.subarray(0, size)))
  }
  judge(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces), 0, sink)
}

function judge(octets: Buffer, ordinal: number, sink: MailSink): void {
  if (octets.length === 0) sink.skipped('it is empty', ordinal)
  else if (!beginsAsMail(octets))
    sink.skipped('it is no mail: it does not begin with a header field', ordinal)
  else sink.mail(asOnTheWire(octets), ordinal)
}

/** The name of a field and its colon. */ // RFC 5322 §3.6.8
const beginsAsMail = (octets: Buffer) => /^[!-9;-~]{1,200}[ \t]*:/.test(octets.toString('latin1', 0, 256))

export function asOnTheWire(octets: Buffer): Buffer {
  if (octets.includes('\r\n')) return octets
  let ends = 0
  for (let at = octets.indexOf(0x0a); at >= 0; at = octets.indexOf(0x0a, at + 1)) ends++
  const wire = Buffer.allocUnsafe(octets.length + ends)
  let size = 0
  for (let at = 0; at < octets.length; ) {
    const found = octets.indexOf(0x0a, at)
    const end = found < 0 ? octets.length : found
    size += octets.copy(wire, size, at, end)
    if (found >= 0) {
      wire[size++] = 0x0d
      wire[size++] = 0x0a
    }
    at = end + 1
  }
  return wire
}
