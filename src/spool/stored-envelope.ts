/**
 * The envelope in a record of the spool. Its CRC was verified, but a CRC is no proof that we wrote it.
 */
import type { Envelope } from '#mail/envelope.ts'
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
      envelope.recipients.every(recipient => typeof recipient?.address === 'string')
    return usable ? envelope : undefined
  } catch {
    return undefined
  }
}
