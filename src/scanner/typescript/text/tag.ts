/**
 * A tag of HTML as far as the reader of mail looks at it.
 *
 * Promises: of several attributes of one name the first counts; others than these are not kept.
 */

/** In the order in which links are reported. */
export const attributes = [
  'action',
  'alt',
  'background',
  'bgcolor',
  'cite',
  'class',
  'codebase',
  'color',
  'content',
  'data',
  'dynsrc',
  'formaction',
  'hidden',
  'href',
  'http-equiv',
  'id',
  'imagesrcset',
  'longdesc',
  'lowsrc',
  'manifest',
  'ping',
  'placeholder',
  'poster',
  'src',
  'srcset',
  'style',
  'text',
  'type',
  'value',
  'xlink:href',
] as const
export type Attribute = (typeof attributes)[number]

const known: ReadonlySet<string> = new Set(attributes)

export class Tag {
  closing = false
  selfClosing = false
  /** In lower case, at most 33 octets; no name that matters has more than 32. */
  name = ''
  readonly #values = new Map<string, string>()

  clear(closing: boolean): void {
    this.closing = closing
    this.selfClosing = false
    this.name = ''
    this.#values.clear()
  }

  has(attribute: Attribute): boolean {
    return this.#values.has(attribute)
  }

  /** The value as an octet string; empty when there is none. */
  get(attribute: Attribute): string {
    return this.#values.get(attribute) ?? ''
  }

  /** Whether the value of an attribute of that name is wanted. */
  add(attribute: string): boolean {
    if (!known.has(attribute) || this.#values.has(attribute)) return false
    this.#values.set(attribute, '')
    return true
  }

  append(attribute: string, text: string, limit: number): void {
    const value = this.#values.get(attribute)!
    if (value.length < limit) this.#values.set(attribute, value + text.slice(0, limit - value.length))
  }
}
