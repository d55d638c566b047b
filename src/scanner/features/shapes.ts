/**
 * What a short text looks like, without what it says: `<20240131.x9K2@mail>` and `<19991224.q3B7@host>` look the same.
 *
 * Texts are strings of one character an octet. Promises: bounded by `longestShape`; the same as `native/src/model/shapes.cc`.
 */
export const longestShape = 32

const [small, capital, digit] = [1, 2, 4] as const

function madeOf(octet: number): number {
  if (octet >= 0x61 && octet <= 0x7a) return small
  if (octet >= 0x41 && octet <= 0x5a) return capital
  return octet >= 0x30 && octet <= 0x39 ? digit : 0
}

/**
 * A run of ASCII letters and digits becomes what it is made of (`a` small, `A` capital, `0` digits, `x` small and digits,
 * `X` capital and digits, `m` small and capital, `M` all three) and its length in base 36, `z` for more; a run of octets
 * above 127 becomes `u`; of others each is kept, but once where it repeats.
 */
export function shapeOf(text: string): string {
  let shape = ''
  for (let at = 0; at < text.length && shape.length < longestShape; ) {
    const start = at
    const first = text.charCodeAt(at++)
    let made = madeOf(first)
    if (made !== 0) {
      for (; at < text.length && madeOf(text.charCodeAt(at)) !== 0; at++) made |= madeOf(text.charCodeAt(at))
      shape += '?aAm0xXM'[made]! + Math.min(at - start, 35).toString(36)
    } else if (first > 127) {
      while (at < text.length && text.charCodeAt(at) > 127) at++
      shape += 'u'
    } else {
      while (at < text.length && text.charCodeAt(at) === first) at++
      shape += text[start]
    }
  }
  return shape.slice(0, longestShape)
}

/** ASCII in lower case, up to 255 octets: for names that are compared, such as domains. */
export const lowered = (text: string): string =>
  text.slice(0, 255).replace(/[A-Z]+/g, capitals => capitals.toLowerCase())

/** Without controls and spaces at its ends. Linear, which a regular expression would not be. */
export function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && text.charCodeAt(start) <= 0x20) start++
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--
  return text.slice(start, end)
}

/** How large, in powers of two: 0, 1, 2 for 2–3, 3 for 4–7… Exact up to 2^53. */
export const binOf = (number: number): number =>
  number < 2 ** 32 ? 32 - Math.clz32(number) : 32 + binOf(Math.floor(number / 2 ** 32))

/** How much there is of one for the other, in powers of two: 8 for as much, 7 for half as much, 0 for none. */
export const ratioOf = (part: number, whole: number): number =>
  part === 0 ? 0 : 1 + binOf(Math.floor((part * 64) / (whole === 0 ? 1 : whole)))
