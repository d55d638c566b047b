/** Plain text: what a reader sees is what is written. */
import type { Faults, Readable, Sink } from '../sink.ts'
import { LinkFinder } from './link-finder.ts'
import { Links } from './links.ts'
import { Spacing } from './spacing.ts'

/** A sink for the decoded UTF-8 of one part. Its `end` flushes what it holds; it ends nothing else. */
export function makePlainReader(readable: Readable, faults: Faults, linkLimit: number): Sink {
  const finder = new LinkFinder(new Links(readable, faults, linkLimit), 'prose')
  const folded = (piece: Uint8Array) => {
    readable.visible(piece)
    finder.write(piece)
  }
  const spacing = new Spacing(folded, faults, 'count')
  return {
    write(piece) {
      spacing.write(piece)
      spacing.flush()
    },
    end() {
      spacing.end()
      finder.endRecord()
    },
  }
}
