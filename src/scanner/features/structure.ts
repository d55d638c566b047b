/**
 * How a message is made: its parts, sizes, proportions, and what is striking in its form. The same as
 * `native/src/model/structure.cc`.
 */

import { scripts } from '#scanner/features/characters.ts'
import { type Collector, sayOctets } from '#scanner/features/collector.ts'
import { hashOf } from '#scanner/features/hash.ts'
import type { Kind } from '#scanner/features/kinds.ts'
import { binOf, lowered, ratioOf, shapeOf } from '#scanner/features/shapes.ts'
import { type MessageView, zoneIndex } from '#scanner/features/view.ts'
import type { TextTally } from '#scanner/features/words.ts'
import { flagNames } from '#scanner/flag.ts'
import { dispositions, encodings, flagColumns, linkColumns, partKinds, textColumns } from '#scanner/layout.ts'

/** What is measured, in the order of its numbers, which seed the hashes. */
const measures = [
  'message',
  'visible text',
  'hidden text',
  'source of text',
  'parts',
  'words',
  'links',
  'links in text',
  'links in markup',
  'addresses',
  'images',
  'files',
  'hidden to visible text',
  'source to visible text',
  'links to words',
  'words in capitals',
  'words with digits',
  'exclamation marks to words',
  'symbols to words',
  'currency signs',
  'letters in disguise',
  'words of mixed scripts',
  'overlong words',
] as const
type Measure = (typeof measures)[number]

const forms = [
  'carries another message',
  'says nothing itself',
  'is an image with few words',
  'is a link with few words',
  'is HTML alone',
] as const

const fewWords = 20

class StructureFeatures {
  readonly #view: MessageView
  readonly #tally: TextTally
  readonly #collector: Collector
  readonly #sizes = { visible: 0, hidden: 0, source: 0 }
  readonly #counts = { words: 0, parts: 0, images: 0, files: 0, addresses: 0, ofText: 0, ofMarkup: 0 }
  #plain = false
  #html = false

  constructor(view: MessageView, tally: TextTally, collector: Collector) {
    this.#view = view
    this.#tally = tally
    this.#collector = collector
  }

  addAll(): void {
    const view = this.#view
    const { texts, links, flags } = view.output
    for (let part = 0; part < view.parts; part++) if (view.own(part)) this.#addPart(part)
    for (let row = 0; row + textColumns.length <= texts.length; row += textColumns.length)
      if (view.says(texts[row]!)) this.#addText(texts[row + 1]!, texts[row + 2]!, texts[row + 3]!)
    for (let row = 0; row + linkColumns.length <= links.length; row += linkColumns.length)
      if (view.says(links[row]!)) this.#countLink(links[row + 1]!, links[row + 2]!)
    for (let row = 0; row + flagColumns.length <= flags.length; row += flagColumns.length)
      if (view.own(flags[row + 1]!)) this.#addFlag(flags[row]!, flags[row + 1]!)
    this.#addMeasures()
    this.#addForms()
  }

  #add(kind: Kind, first: number, second: number, say: () => string): void {
    this.#collector.add('structure', kind, first, second, sayOctets(say))
  }

  #addPart(part: number): void {
    const view = this.#view
    const kind = view.part(part, 'kind')
    const encoding = view.part(part, 'encoding')
    const disposition = view.part(part, 'disposition')
    const parent = view.part(part, 'parent')
    const type = view.type(part)
    const around = parent < part ? view.type(parent) : undefined
    const charset = view.string(view.part(part, 'charsetStart'), view.part(part, 'charsetEnd'))
    const name = view.string(view.part(part, 'filenameStart'), view.part(part, 'filenameEnd'))
    const size = view.part(part, 'decodedSize')
    const hash = hashOf(type)
    this.#add('partForm', kind, (Math.imul(encoding, 16) + disposition) | 0, () =>
      [partKinds[kind], encodings[encoding], `disposition ${dispositions[disposition]}`].join(', '),
    )
    this.#add('partType', hash, 0, () => type)
    this.#add('partEncoding', hash, encoding, () => `${type}, ${encodings[encoding]}`)
    this.#add(
      'partNesting',
      around === undefined ? 0 : hashOf(around),
      hash,
      () => `${around ?? '(nothing)'}: ${type}`,
    )
    this.#add('partCharset', hashOf(charset), 0, () => charset || '(none)')
    this.#add('partSize', kind, binOf(size), () => `${partKinds[kind]}, ${size}`)
    this.#counts.parts++
    this.#plain ||= partKinds[kind] === 'text'
    this.#html ||= partKinds[kind] === 'html'
    if (type.startsWith('image/')) this.#counts.images++
    if (name !== '') this.#addFile(name)
  }

  #addFile(name: string): void {
    this.#counts.files++
    const tail = lowered(name.slice(-64))
    const dot = tail.lastIndexOf('.')
    const suffix = dot < 0 ? '' : tail.slice(dot)
    const inner = dot <= 0 ? -1 : tail.lastIndexOf('.', dot - 1)
    const both = inner < 0 ? '' : tail.slice(inner)
    const shape = shapeOf(name.slice(0, 255))
    this.#add('fileSuffix', hashOf(suffix), both === '' ? 0 : hashOf(both), () => both || suffix || '(none)')
    this.#add('fileShape', hashOf(shape), 0, () => shape)
  }

  #addFlag(flag: number, part: number): void {
    this.#add('flagRaised', flag, part === 0 ? 0 : 1, () => flagNames[flag] ?? String(flag))
  }

  #addText(zone: number, size: number, words: number): void {
    if (zone === zoneIndex.text) {
      this.#sizes.visible += size
      this.#counts.words += words
    } else if (zone === zoneIndex.hidden) this.#sizes.hidden += size
    else if (zone === zoneIndex.source) this.#sizes.source += size
  }

  #countLink(zone: number, origin: number): void {
    if (zone === zoneIndex.address) this.#counts.addresses++
    else if (origin === 0) this.#counts.ofText++
    else this.#counts.ofMarkup++
  }

  #addMeasures(): void {
    const { visible, hidden, source } = this.#sizes
    const { words, parts, images, files, addresses, ofText, ofMarkup } = this.#counts
    const tally = this.#tally
    const add = (kind: 'size' | 'count' | 'ratio', what: Measure, bin: number, say: () => string) =>
      this.#add(kind, measures.indexOf(what), bin, () => `${what}: ${say()}`)
    const size = (what: Measure, octets: number) => add('size', what, binOf(octets), () => String(octets))
    const count = (what: Measure, number: number) => add('count', what, binOf(number), () => String(number))
    const ratio = (what: Measure, part: number, whole: number) =>
      add('ratio', what, ratioOf(part, whole), () => `${part} of ${whole}`)
    size('message', this.#view.output.size)
    size('visible text', visible)
    size('hidden text', hidden)
    size('source of text', source)
    count('parts', parts)
    count('words', words)
    count('links', ofText + ofMarkup)
    count('links in text', ofText)
    count('links in markup', ofMarkup)
    count('addresses', addresses)
    count('images', images)
    count('files', files)
    ratio('hidden to visible text', hidden, visible)
    ratio('source to visible text', source, visible)
    ratio('links to words', ofText + ofMarkup, words)
    ratio('words in capitals', tally.capitals, tally.words)
    ratio('words with digits', tally.numbers, tally.words)
    ratio('exclamation marks to words', tally.exclamations, tally.words)
    ratio('symbols to words', tally.symbols, tally.words)
    count('currency signs', tally.currencies)
    count('letters in disguise', tally.disguised)
    count('words of mixed scripts', tally.mixed)
    count('overlong words', tally.overlong)
    for (const [script, number] of tally.scripts.entries())
      if (number > 0)
        this.#add('script', script, ratioOf(number, tally.words), () => `${scripts[script]}: ${number} words`)
  }

  #addForms(): void {
    const { words, images, ofText, ofMarkup } = this.#counts
    const holds = [
      this.#view.carries,
      this.#view.saysNothing,
      images > 0 && words < fewWords,
      ofText + ofMarkup > 0 && words < fewWords,
      this.#html && !this.#plain,
    ]
    for (const [index, form] of forms.entries()) if (holds[index]) this.#add('form', index, 0, () => form)
  }
}

export const addStructure = (view: MessageView, tally: TextTally, collector: Collector): void =>
  new StructureFeatures(view, tally, collector).addAll()
