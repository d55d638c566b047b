/**
 * The capture mailbox: a Maildir that any mail reader opens, the next hop of a trial.
 *
 * Promises: a message is delivered when its file and its name are on disk; a message that is delivered again after a
 * crash replaces its own file, so that while it lies in `new` it is there once; file names come from the message id
 * and a hash, never from the mail (promise 19).
 * Line ends stay CRLF, as in transit: the file is what was accepted, octet for octet (promise 22), behind the envelope
 * fields that are prepended; mail readers take both. Cost: one sync per message, directory syncs shared.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mail } from '#delivery/mail.ts'
import type { Job } from '#mail/queue.ts'

export interface Capture {
  /** `mail`: the job as it leaves. Rejects when the disk does, or with `CorruptContent`. */
  store(job: Job, mail?: Mail): Promise<void>
}

export function createCapture(directory: string): Capture {
  const fresh = join(directory, 'new')
  const temporary = join(directory, 'tmp')
  const syncFresh = shared(() => syncDirectory(fresh))
  let made: Promise<void> | undefined
  const make = async () => {
    for (const name of ['tmp', 'new', 'cur']) await mkdir(join(directory, name), { recursive: true })
  }
  return {
    async store(job, mail = job) {
      made ??= make()
      try {
        await made
      } catch (error) {
        made = undefined
        throw error
      }
      const name = fileName(job)
      await writeSynced(join(temporary, name), mail)
      await rename(join(temporary, name), join(fresh, name))
      await syncFresh()
    },
  }
}

/** Unique for a job: seconds, id and a hash of the domain and, where recipients in one domain are treated differently, the number, as https://cr.yp.to/proto/maildir.html asks. */
function fileName({ id, domain, envelope, number, treatment }: Job): string {
  const job = treatment === undefined ? domain : `${domain} ${number}`
  const hash = createHash('sha256').update(job).digest('hex').slice(0, 12)
  return `${Math.floor(envelope.receivedAt / 1_000)}.${id}_${hash}.sluice`
}

async function writeSynced(path: string, mail: Mail): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(envelopeFields(mail))
    for await (const chunk of mail.content()) await file.writeFile(chunk)
    await file.sync()
  } catch (error) {
    await unlink(path).catch(() => undefined)
    throw error
  } finally {
    await file.close()
  }
}

/** Return-Path is RFC 5321 §4.4; the others are custom of local delivery. Addresses hold no line ends by their type. */
function envelopeFields({ envelope, recipients }: Mail): string {
  const fields = [`Return-Path: <${envelope.reversePath}>`]
  for (const { address } of recipients) fields.push(`Delivered-To: ${address}`)
  return fields.map(field => `${field}\r\n`).join('')
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Callers that come while one run is under way share the next one: their own work was done before it begins. */
function shared(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const start = (): Promise<void> => {
    running = run().finally(() => {
      running = undefined
    })
    return running
  }
  return () => {
    if (running === undefined) return start()
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return start()
      })
    return next
  }
}
