/**
 * Words of what a reader sees, and pairs of them. The same as `native/src/model/body.cc`.
 */
import type { Collector } from '#scanner/features/collector.ts'
import type { MessageView } from '#scanner/features/view.ts'
import { type TextTally, WordReader, type WordSink } from '#scanner/features/words.ts'

const widestWindow = 8

class BodyWords implements WordSink {
  readonly reader = new WordReader(this)
  readonly #reach: number
  readonly #collector: Collector
  /** The nearest first. */
  #last: { readonly hash: number; readonly text: string }[] = []

  constructor(window: number, collector: Collector) {
    this.#reach = Math.min(Math.max(window, 2), widestWindow) - 1
    this.#collector = collector
  }

  word(hash: number, joins: boolean): void {
    const collector = this.#collector
    if (!joins) this.#last = []
    collector.add('body', 'word', hash, 0, () => this.reader.text())
    for (const [distance, { hash: first, text }] of this.#last.entries())
      collector.add(
        'body',
        'pair',
        first,
        hash,
        () => `${text} ${'… '.repeat(distance)}${this.reader.text()}`,
        distance,
      )
    const text = collector.names === undefined ? '' : this.reader.text()
    this.#last.unshift({ hash, text })
    if (this.#last.length > this.#reach) this.#last.pop()
  }
}

export function addBody(view: MessageView, window: number, collector: Collector): TextTally {
  const words = new BodyWords(window, collector)
  for (let part = 0; part < view.parts; part++)
    if (view.says(part)) words.reader.read(view.text(part, 'text'))
  return words.reader.tally
}
