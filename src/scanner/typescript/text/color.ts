/**
 * Colours, for telling whether text differs from what is behind it.
 *
 * Leaves out: most names. A colour that is not known is never equal to another one, so that its text counts as visible.
 */
import { beginsCaseless, hexadecimal, isDigit, isSpace, lowerCase, trimmed } from './octet.ts'

/** 0xRRGGBB, or one of the others. */
export type Color = number
export const unknownColor: Color = -1
export const transparent: Color = -2

const alike = 8 // of 255, in each channel: too little to read by, enough to look different to a program

const names: ReadonlyMap<string, Color> = new Map([
  ['aqua', 0x00ffff],
  ['azure', 0xf0ffff],
  ['beige', 0xf5f5dc],
  ['black', 0x000000],
  ['blue', 0x0000ff],
  ['cyan', 0x00ffff],
  ['floralwhite', 0xfffaf0],
  ['fuchsia', 0xff00ff],
  ['ghostwhite', 0xf8f8ff],
  ['gray', 0x808080],
  ['green', 0x008000],
  ['grey', 0x808080],
  ['ivory', 0xfffff0],
  ['lightgray', 0xd3d3d3],
  ['lightgrey', 0xd3d3d3],
  ['lime', 0x00ff00],
  ['linen', 0xfaf0e6],
  ['magenta', 0xff00ff],
  ['maroon', 0x800000],
  ['mintcream', 0xf5fffa],
  ['navy', 0x000080],
  ['olive', 0x808000],
  ['orange', 0xffa500],
  ['purple', 0x800080],
  ['red', 0xff0000],
  ['seashell', 0xfff5ee],
  ['silver', 0xc0c0c0],
  ['snow', 0xfffafa],
  ['teal', 0x008080],
  ['transparent', transparent],
  ['white', 0xffffff],
  ['whitesmoke', 0xf5f5f5],
  ['yellow', 0xffff00],
])

function fromDigits(digits: string): Color {
  if (![3, 4, 6, 8].includes(digits.length)) return unknownColor
  const width = digits.length < 6 ? 1 : 2
  let color = 0
  let opacity = 1
  for (let i = 0; i < digits.length; i += width) {
    const first = hexadecimal(digits.charCodeAt(i))
    const second = hexadecimal(digits.charCodeAt(i + width - 1))
    if (first < 0 || second < 0) return unknownColor
    if (i === 3 * width) opacity = first * 16 + second
    else color = color * 256 + first * 16 + second
  }
  return opacity === 0 ? transparent : color
}

/** `255, 0, 0` or `100% 0 0 / 0`. */
function fromChannels(text: string): Color {
  let color = 0
  let at = 0
  const isBetween = (i: number) => isSpace(text.charCodeAt(i)) || text[i] === ',' || text[i] === '/'
  for (let channel = 0; channel < 4; channel++) {
    while (at < text.length && isBetween(at)) at++
    if (at === text.length) return channel === 3 ? color : unknownColor
    let whole = 0
    let zero = true
    const start = at
    for (; at < text.length && isDigit(text.charCodeAt(at)); at++) {
      if (whole < 1000) whole = whole * 10 + text.charCodeAt(at) - 0x30
      zero = zero && text[at] === '0'
    }
    if (text[at] === '.')
      for (at++; at < text.length && isDigit(text.charCodeAt(at)); at++) zero = zero && text[at] === '0'
    if (at === start) return unknownColor
    if (text[at] === '%') {
      whole = Math.floor((whole * 255) / 100)
      at++
    }
    if (channel === 3) return zero ? transparent : color
    color = color * 256 + Math.min(whole, 255)
  }
  return color
}

const inBrackets = (value: string, start: number) => {
  const end = value.indexOf(')')
  return value.slice(start, end < 0 ? value.length : Math.max(start, end))
}

/** The colour in a value of CSS: a name, `#rgb`, `#rrggbb`, with or without opacity, `rgb(…)`, `rgba(…)`. */
export function cssColor(text: string): Color {
  const value = trimmed(text)
  if (value.startsWith('#')) return fromDigits(value.slice(1))
  if (beginsCaseless(value, 'rgb(')) return fromChannels(inBrackets(value, 4))
  if (beginsCaseless(value, 'rgba(')) return fromChannels(inBrackets(value, 5))
  return names.get(lowerCase(value)) ?? unknownColor
}

/** The colour in an attribute: also without `#`. */
export function attributeColor(value: string): Color {
  const color = cssColor(value)
  return color === unknownColor ? fromDigits(trimmed(value)) : color
}

/** Whether text of one is unreadable on the other. */
export function areAlike(a: Color, b: Color): boolean {
  if (a < 0 || b < 0) return false
  return [0, 8, 16].every(shift => Math.abs(((a >> shift) & 0xff) - ((b >> shift) & 0xff)) <= alike)
}
