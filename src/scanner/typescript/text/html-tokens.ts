/** What HTML is cut into, and who takes it. */
import type { Tag } from './tag.ts'

/** What follows a start tag: markup, or text up to the end tag (with character references or without), or up to the end. */
export type Content = 'markup' | 'raw' | 'escapable' | 'plain'

export interface HtmlTokens {
  text(piece: Uint8Array): void
  tag(tag: Tag): Content
  /** A tag that the end of the text cut off. Browsers forget it. */
  unfinishedTag(tag: Tag): void
  comment(piece: Uint8Array): void
  commentEnd(): void
  /** A letter or digit that was written as a number. */
  obscuredCharacter(): void
  /** Whether `<![CDATA[` is one: in SVG and MathML. */
  inForeignContent(): boolean
}
