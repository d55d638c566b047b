/**
 * The parts of a message that it is judged by: what they are, how large, and under which names.
 */
import { unicode } from '#content/spam/own-header.ts'
import type { OwnView } from '#content/spam/own-view.ts'
import { dispositions, type PartKind, partKinds } from '#scanner/layout.ts'

export interface PartFacts {
  readonly row: number
  readonly kind: PartKind
  /** Lower-case media type. */
  readonly type: string
  readonly filename: string
  readonly attached: boolean
  /** Octets behind the transfer encoding. */
  readonly size: number
}

/** What is behind so many parts is no mail that a person reads. */
const mostParts = 100

export function partsOf(view: OwnView): readonly PartFacts[] {
  const found: PartFacts[] = []
  for (let row = 0; row < view.parts && found.length < mostParts; row++) {
    if (!view.judged(row)) continue
    found.push({
      row,
      kind: partKinds[view.part(row, 'kind')] ?? 'other',
      type: view.type(row),
      filename: unicode(view.string(view.part(row, 'filenameStart'), view.part(row, 'filenameEnd'))),
      attached: dispositions[view.part(row, 'disposition')] === 'attachment',
      size: view.part(row, 'decodedSize'),
    })
  }
  return found
}
