/**
 * Declarations of CSS as far as they decide whether text is seen.
 *
 * Promises: linear. Leaves out: what is computed from more than numbers, and escapes: such a declaration says nothing here.
 * All texts are octet strings.
 */
import { type Color, cssColor, unknownColor } from './color.ts'
import { beginsCaseless, isDigit, isSpace, lowerCase, trimmed } from './octet.ts'

/** A length of font: thousandths of a pixel, or thousandths of the font around it. */
export interface FontSize {
  readonly unit: 'pixels' | 'relative'
  readonly thousandths: number
}

/** What is not declared is absent. */
export interface Style {
  displayed?: boolean
  visible?: boolean
  opaque?: boolean
  /** overflow: hidden */
  clipped?: boolean
  indentedAway?: boolean
  noWidth?: boolean
  noHeight?: boolean
  noMaxWidth?: boolean
  noMaxHeight?: boolean
  font?: FontSize
  color?: Color
  background?: Color
}

export interface Declarations {
  readonly normal: Style
  readonly important: Style
}

const largest = 1_000_000
const farAway = -999_000
const smallestOpacity = 10 // thousandths
const ordinary: FontSize = { unit: 'pixels', thousandths: 16_000 }

interface Length {
  readonly isNumber: boolean
  readonly thousandths: number
  /** In lower case. */
  readonly unit: string
}

/** `-12.5px`: the number in thousandths, and what stands behind it. */
function parseLength(text: string): Length {
  const negative = text[0] === '-'
  const start = negative || text[0] === '+' ? 1 : 0
  let at = start
  let thousandths = 0
  const digit = () => text.charCodeAt(at) - 0x30
  for (; isDigit(text.charCodeAt(at)); at++)
    thousandths = Math.min(largest, thousandths * 10 + digit() * 1000)
  if (text[at] === '.') {
    at++
    for (let weight = 100; isDigit(text.charCodeAt(at)); at++, weight = Math.floor(weight / 10))
      thousandths = Math.min(largest, thousandths + digit() * weight)
  }
  return {
    isNumber: at > start && isDigit(text.charCodeAt(at - 1)),
    thousandths: negative ? -thousandths : thousandths,
    unit: lowerCase(text.slice(at)),
  }
}

function fontSize(value: string): FontSize | undefined {
  const { isNumber, thousandths, unit } = parseLength(value)
  if (!isNumber) return undefined
  switch (unit) {
    case '':
      return thousandths === 0 ? { unit: 'pixels', thousandths: 0 } : undefined
    case 'px':
      return { unit: 'pixels', thousandths }
    case 'pt':
      return { unit: 'pixels', thousandths: Math.trunc((thousandths * 4) / 3) }
    case 'rem':
      return { unit: 'pixels', thousandths: thousandths * 16 }
    case 'em':
      return { unit: 'relative', thousandths }
    case '%':
      return { unit: 'relative', thousandths: Math.trunc(thousandths / 100) }
    default:
      return thousandths === 0 ? { unit: 'pixels', thousandths: 0 } : ordinary
  }
}

const readableSizes = new Set([
  'xx-small',
  'x-small',
  'small',
  'medium',
  'large',
  'x-large',
  'xx-large',
  'initial',
])
const namedFontSize = (value: string) => (readableSizes.has(lowerCase(value)) ? ordinary : fontSize(value))

/** What stands in brackets is one word. */
function* wordsOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++
    const start = at
    for (let depth = 0; at < text.length && (depth > 0 || !isSpace(text.charCodeAt(at))); at++) {
      if (text[at] === '(') depth++
      if (text[at] === ')' && depth > 0) depth--
    }
    if (at > start) yield text.slice(start, at)
  }
}

const upTo = (text: string, mark: string) => {
  const end = text.indexOf(mark)
  return end < 0 ? text : text.slice(0, end)
}

/** The size in `font: bold 12px/1.5 Arial`: a number with a unit, or zero. */
function shorthandFontSize(value: string): FontSize | undefined {
  for (const word of wordsOf(value)) {
    const size = isDigit(word.charCodeAt(0)) || word[0] === '.' ? fontSize(upTo(word, '/')) : undefined
    if (size) return size
  }
  return undefined
}

function background(value: string, current: Color | undefined): Color | undefined {
  const text = lowerCase(value)
  // A picture may be behind the text: then its colour is not known.
  if (text.includes('url(') || text.includes('gradient(')) return unknownColor
  let color: Color | undefined
  for (const word of wordsOf(text)) {
    const found = cssColor(word)
    if (found !== unknownColor) color = found
    else if (color === undefined && word !== 'none' && word !== 'inherit') color = unknownColor
  }
  return color ?? current
}

/** One pixel or less. */
function isNothing(value: string): boolean {
  const { isNumber, thousandths, unit } = parseLength(value)
  if (!isNumber) return false
  return thousandths <= (unit === '' || unit === 'px' || unit === 'pt' ? 1000 : 0)
}

function isOpaque(value: string): boolean {
  const { isNumber, thousandths, unit } = parseLength(value)
  return !isNumber || thousandths > (unit === '%' ? 100 * smallestOpacity : smallestOpacity)
}

function isFarLeft(value: string): boolean {
  const { isNumber, thousandths } = parseLength(value)
  return isNumber && thousandths <= farAway
}

type Declare = (value: string, style: Style) => void

const declareBackground: Declare = (value, style) => {
  const color = background(value, style.background)
  if (color !== undefined) style.background = color
}
const declareFont = (parse: (value: string) => FontSize | undefined): Declare => {
  return (value, style) => {
    const size = parse(value)
    if (size) style.font = size
  }
}

const properties: ReadonlyMap<string, Declare> = new Map<string, Declare>([
  ['display', (value, style) => (style.displayed = lowerCase(value) !== 'none')],
  ['visibility', (value, style) => (style.visible = !['hidden', 'collapse'].includes(lowerCase(value)))],
  ['opacity', (value, style) => (style.opaque = isOpaque(value))],
  [
    'overflow',
    (value, style) => (style.clipped = beginsCaseless(value, 'hidden') || beginsCaseless(value, 'clip')),
  ],
  ['text-indent', (value, style) => (style.indentedAway = isFarLeft(value))],
  ['width', (value, style) => (style.noWidth = isNothing(value))],
  ['height', (value, style) => (style.noHeight = isNothing(value))],
  ['max-width', (value, style) => (style.noMaxWidth = isNothing(value))],
  ['max-height', (value, style) => (style.noMaxHeight = isNothing(value))],
  ['font-size', declareFont(namedFontSize)],
  ['font', declareFont(shorthandFontSize)],
  [
    'color',
    (value, style) => {
      if (lowerCase(value) !== 'inherit') style.color = cssColor(value)
    },
  ],
  ['background', declareBackground],
  ['background-color', declareBackground],
  [
    'background-image',
    (value, style) => {
      if (lowerCase(value) !== 'none') style.background = unknownColor
    },
  ],
])

/** Up to the semicolon that is in no bracket. */
function declarationEnd(text: string, start: number): number {
  let at = start
  for (let depth = 0; at < text.length; at++) {
    const c = text[at]
    if (c === '(') depth++
    else if (c === ')' && depth > 0) depth--
    else if (c === ';' && depth === 0) break
  }
  return at
}

/** Reads `name: value; name: value !important`. */
export function parseDeclarations(text: string): Declarations {
  const declarations: Declarations = { normal: {}, important: {} }
  for (let at = 0; at < text.length; ) {
    const end = declarationEnd(text, at)
    const declaration = text.slice(at, end)
    at = end + 1
    const colon = declaration.indexOf(':')
    if (colon < 0) continue
    const value = trimmed(declaration.slice(colon + 1))
    const mark = value.lastIndexOf('!')
    const important = mark >= 0 && lowerCase(trimmed(value.slice(mark + 1))) === 'important'
    const declare = properties.get(lowerCase(trimmed(declaration.slice(0, colon))))
    if (important) declare?.(trimmed(value.slice(0, mark)), declarations.important)
    else declare?.(value, declarations.normal)
  }
  return declarations
}

export const isEmpty = (style: Style) => Object.keys(style).length === 0

/** Overflow that is hidden, in a box of no size. */
export const hasNoRoom = (style: Style) =>
  style.clipped === true &&
  (style.noWidth === true ||
    style.noHeight === true ||
    style.noMaxWidth === true ||
    style.noMaxHeight === true)
