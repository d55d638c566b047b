/**
 * Fields that the sender's side writes, by an allow-list: what servers on the way add tells the archive from which a learner
 * got a message, not what it is. The same as `native/src/model/header.cc`.
 */
import { type Collector, sayOctets } from '#scanner/features/collector.ts'
import { hashOf } from '#scanner/features/hash.ts'
import type { Kind } from '#scanner/features/kinds.ts'
import {
  fieldWidth,
  isRelated,
  nameOf,
  readMailbox,
  senderDomain,
  suffixes,
  textOf,
} from '#scanner/features/mailbox.ts'
import { binOf, lowered, shapeOf, trimmed } from '#scanner/features/shapes.ts'
import type { MessageView } from '#scanner/features/view.ts'
import { type TextTally, WordReader, type WordSink } from '#scanner/features/words.ts'

/** How much of a field is a feature. */
type Use = 'presence' | 'value' | 'words' | 'subject' | 'mailbox' | 'identifier' | 'date' | 'parameters'

export const knownFields: ReadonlyMap<string, Use> = new Map<string, Use>([
  ['accept-language', 'value'],
  ['auto-submitted', 'value'],
  ['content-class', 'value'],
  ['content-description', 'words'],
  ['content-disposition', 'parameters'],
  ['content-language', 'value'],
  ['content-transfer-encoding', 'value'],
  ['content-type', 'parameters'],
  ['date', 'date'],
  ['disposition-notification-to', 'presence'],
  ['errors-to', 'presence'],
  ['feedback-id', 'presence'],
  ['from', 'mailbox'],
  ['importance', 'value'],
  ['in-reply-to', 'presence'],
  ['message-id', 'identifier'],
  ['mime-version', 'value'],
  ['organization', 'words'],
  ['precedence', 'value'],
  ['priority', 'value'],
  ['references', 'presence'],
  ['reply-to', 'mailbox'],
  ['return-receipt-to', 'presence'],
  ['sender', 'mailbox'],
  ['subject', 'subject'],
  ['thread-index', 'presence'],
  ['thread-topic', 'presence'],
  ['user-agent', 'words'],
  ['x-accept-language', 'value'],
  ['x-antiabuse', 'presence'],
  ['x-authenticated-sender', 'presence'],
  ['x-authentication-warning', 'presence'],
  ['x-get-message-sender-via', 'presence'],
  ['x-mailer', 'words'],
  ['x-mimeole', 'words'],
  ['x-msmail-priority', 'value'],
  ['x-originating-ip', 'presence'],
  ['x-php-originating-script', 'presence'],
  ['x-php-script', 'presence'],
  ['x-priority', 'value'],
  ['x-sender', 'presence'],
  ['x-source', 'presence'],
])

const expectedFields = ['from', 'date', 'message-id', 'subject', 'mime-version']

/** Parameters whose value is one of few. */
const tellingParameters = [
  'charset',
  'format',
  'delsp',
  'type',
  'report-type',
  'method',
  'protocol',
  'micalg',
]
const mostParameters = 16

/** In the order of their numbers. */
const subjectForms = [
  'is empty',
  'is in capitals',
  'begins as a reply, without a reference',
  'has a currency sign',
  'has exclamation marks',
  'has digits',
  'has letters in disguise',
]

class FieldWords implements WordSink {
  readonly reader = new WordReader(this)
  readonly #field: string
  readonly #hash: number
  readonly #pairs: boolean
  readonly #collector: Collector
  #last = 0
  #lastText = ''

  constructor(field: string, pairs: boolean, collector: Collector) {
    this.#field = field
    this.#hash = hashOf(field)
    this.#pairs = pairs
    this.#collector = collector
  }

  word(hash: number, joins: boolean): void {
    const { reader } = this
    const field = this.#field
    const last = this.#lastText
    this.#collector.add('header', 'fieldWord', this.#hash, hash, () => `${field}: ${reader.text()}`)
    if (joins && this.#pairs)
      this.#collector.add(
        'header',
        'fieldPair',
        (this.#hash + this.#last) | 0,
        hash,
        () => `${field}: ${last} ${reader.text()}`,
      )
    this.#last = hash
    if (this.#collector.names !== undefined) this.#lastText = reader.text()
  }
}

class HeaderFeatures {
  readonly #view: MessageView
  readonly #collector: Collector
  readonly #sender: string
  readonly #seen = new Set<string>()
  #isReply = false

  constructor(view: MessageView, collector: Collector) {
    this.#view = view
    this.#collector = collector
    this.#sender = senderDomain(view)
  }

  addAll(): void {
    const view = this.#view
    const { fields } = view.output
    const rows = Array.from({ length: Math.floor(fields.length / fieldWidth) }, (_, row) => row * fieldWidth)
    const ofMessage = (row: number) => fields[row] === 0
    this.#isReply = rows.some(row => ofMessage(row) && isReference(nameOf(view, row)))
    let previous = ''
    for (const row of rows) {
      if (!view.own(fields[row]!)) continue
      const name = nameOf(view, row)
      const use = knownFields.get(name)
      if (use === undefined) continue
      if (ofMessage(row)) {
        this.#addPresence(name, previous)
        previous = name
      }
      // Of other parts only what says how they are made.
      if (ofMessage(row) || use === 'parameters') this.#addValue(use, name, textOf(view, row))
    }
    for (const name of expectedFields)
      if (!this.#seen.has(name)) this.#add('fieldAbsent', hashOf(name), 0, () => name)
  }

  #add(kind: Kind, first: number, second: number, say: () => string): void {
    this.#collector.add('header', kind, first, second, sayOctets(say))
  }

  #addPresence(name: string, previous: string): void {
    this.#add('field', hashOf(name), 0, () => name)
    this.#add(
      'fieldOrder',
      previous === '' ? 0 : hashOf(previous),
      hashOf(name),
      () => `${previous || '(first)'}, ${name}`,
    )
    this.#seen.add(name)
  }

  #addValue(use: Use, name: string, text: string): void {
    if (use === 'value') this.#addWhole(name, lowered(trimmed(text)))
    if (use === 'words') this.#addWords(name, text, false)
    if (use === 'subject') this.#addSubject(name, text)
    if (use === 'mailbox') this.#addMailbox(name, text)
    if (use === 'identifier') this.#addIdentifier(name, text)
    if (use === 'date') this.#addDate(name, text)
    if (use === 'parameters') this.#addParameters(name, text)
  }

  #addWhole(name: string, value: string): void {
    this.#add('fieldValue', hashOf(name), hashOf(value), () => `${name}: ${value}`)
  }

  #addWords(name: string, text: string, pairs: boolean): TextTally {
    const words = new FieldWords(name, pairs, this.#collector)
    words.reader.read(Buffer.from(text, 'latin1'))
    return words.reader.tally
  }

  #addSubject(name: string, text: string): void {
    const tally = this.#addWords(name, text, true)
    const form = (index: number, holds: boolean, bin = 0) => {
      if (holds) this.#add('subjectForm', index, bin, () => subjectForms[index]!)
    }
    form(0, tally.words === 0)
    form(1, tally.words > 0 && tally.capitals * 2 >= tally.words)
    form(2, !this.#isReply && lowered(text.slice(0, 3)) === 're:')
    form(3, tally.currencies > 0)
    form(4, tally.exclamations > 0, binOf(tally.exclamations))
    form(5, tally.numbers > 0, binOf(tally.numbers))
    form(6, tally.disguised + tally.mixed > 0)
  }

  #addMailbox(name: string, text: string): void {
    const mailbox = readMailbox(text)
    if (mailbox.name === '') this.#add('nameAbsent', hashOf(name), 0, () => name)
    if (mailbox.name.includes('@')) this.#add('nameAddress', hashOf(name), 0, () => name)
    this.#addWords(name, mailbox.name, true)
    this.#addShape('localShape', name, mailbox.local)
    this.#addDomain(name, mailbox.domain)
  }

  #addShape(kind: Kind, name: string, text: string): void {
    const shape = shapeOf(text)
    this.#add(kind, hashOf(name), hashOf(shape), () => `${name}: ${shape}`)
  }

  #addDomain(name: string, domain: string): void {
    const known = lowered(domain)
    for (const suffix of suffixes(known))
      this.#add('domain', hashOf(name), hashOf(suffix), () => `${name}: ${suffix}`)
    this.#add(isRelated(known, this.#sender) ? 'domainSame' : 'domainOther', hashOf(name), 0, () => name)
  }

  #addIdentifier(name: string, text: string): void {
    const identifier = readMailbox(text)
    this.#addShape('localShape', name, identifier.local)
    this.#addShape('fieldShape', name, identifier.domain)
    this.#addDomain(name, identifier.domain)
  }

  #addDate(name: string, text: string): void {
    this.#addShape('fieldShape', name, text)
    const sign = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'))
    if (sign < 0) return
    const zone = text.slice(sign, sign + 5)
    this.#add('dateZone', hashOf(zone), 0, () => zone)
  }

  #addParameters(name: string, text: string): void {
    const end = (from: number) => {
      const at = text.indexOf(';', from)
      return at < 0 ? text.length : at
    }
    let at = end(0)
    const type = lowered(trimmed(text.slice(0, at)))
    this.#add('type', hashOf(name), hashOf(type), () => `${name}: ${type}`)
    let previous = name
    for (let count = 0; at < text.length && count < mostParameters; count++) {
      const start = at + 1
      at = end(start)
      previous = this.#addParameter(name, previous, text.slice(start, at))
    }
  }

  #addParameter(field: string, previous: string, text: string): string {
    const equals = text.includes('=') ? text.indexOf('=') : text.length
    const name = lowered(trimmed(text.slice(0, equals)))
    const hash = hashOf(name)
    this.#add('parameterName', hashOf(field), hash, () => `${field}: ${name}`)
    this.#add('parameterOrder', hashOf(previous), hash, () => `${previous}, ${name}`)
    // The quotes, too, tell who wrote it.
    const value = trimmed(text.slice(equals + 1))
    if (name === 'boundary') this.#addShape('parameterShape', name, value)
    if (tellingParameters.includes(name))
      this.#add('parameterValue', hash, hashOf(lowered(value)), () => `${name}: ${lowered(value)}`)
    return name
  }
}

const isReference = (name: string) => name === 'references' || name === 'in-reply-to'

export const addHeader = (view: MessageView, collector: Collector): void =>
  new HeaderFeatures(view, collector).addAll()
