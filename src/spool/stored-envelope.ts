/**
 * The envelope in a record of the spool. Its CRC was verified, but a CRC is no proof that we wrote it.
 */
import type { Envelope } from '#mail/envelope.ts'
import type { Treatment } from '#mail/treatment.ts'
import { headerSize, type RecordHeader } from '#spool/record.ts'

/** Undefined for anything that is not an envelope with a recipient. */
export function readEnvelope(record: Buffer, header: RecordHeader): Envelope | undefined {
  try {
    const envelope = JSON.parse(
      record.toString('utf8', headerSize, headerSize + header.headLength),
    ) as Envelope
    const usable =
      Array.isArray(envelope.recipients) &&
      envelope.recipients.length > 0 &&
      envelope.recipients.every(
        recipient =>
          typeof recipient?.address === 'string' &&
          (recipient.treatment === undefined || isTreatment(envelope.treatments?.[recipient.treatment])),
      )
    return usable ? envelope : undefined
  } catch {
    return undefined
  }
}

const kinds: ReadonlySet<unknown> = new Set<Treatment['kind']>(['tag', 'redirect', 'hold', 'discard'])

const isTreatment = (treatment: Treatment | undefined): boolean => kinds.has(treatment?.kind)
