/**
 * Which mails are held back together when a training is judged by mails that it has not seen.
 *
 * Mails of one source go into one fold, so that a model which only knows its senders again is not taken for one that knows
 * spam. Promises: depends on the mails alone; every fold has mails of both kinds where there are enough of them.
 * Leaves out: what a source is (`gather-worker.ts`: the domain of the sender).
 */
import { joinHashes } from '#scanner/features/hash.ts'

/** A source with more than this share of its kind would take most of it out of the training: it is split. */
const largestShare = 0.1

export interface FoldInput {
  readonly label: Uint8Array
  readonly source: Uint32Array
  /** SHA-256 of each mail. */
  readonly hashes: Uint8Array
}

/** The fold of each mail. */
export function foldsOf({ label, source, hashes }: FoldInput, folds: number): Uint8Array {
  const ofKind = [0, 0]
  const ofSource = [new Map<number, number>(), new Map<number, number>()]
  for (const [mail, kind] of label.entries()) {
    ofKind[kind]!++
    ofSource[kind]!.set(source[mail]!, (ofSource[kind]!.get(source[mail]!) ?? 0) + 1)
  }
  const isLarge = (mail: number) =>
    [0, 1].some(kind => (ofSource[kind]!.get(source[mail]!) ?? 0) > largestShare * ofKind[kind]!)
  const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.length)
  const ofContent = (mail: number) => view.getUint32(32 * mail, true) % folds
  const bySource = Uint8Array.from(label, (_, mail) =>
    isLarge(mail) ? ofContent(mail) : joinHashes(folds, source[mail]!, 0) % folds,
  )
  return isBalanced(bySource, label, folds) ? bySource : roundRobin(label, folds)
}

/** No fold without mails of a kind. */
function isBalanced(foldOf: Uint8Array, label: Uint8Array, folds: number): boolean {
  const there = new Set(label.map((kind, mail) => 2 * foldOf[mail]! + kind))
  return there.size === 2 * folds
}

/** Mails stand in the order of their hashes, which is random enough. */
function roundRobin(label: Uint8Array, folds: number): Uint8Array {
  const next = [0, 0]
  return label.map(kind => next[kind]!++ % folds)
}
