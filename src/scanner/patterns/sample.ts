/**
 * Texts on which patterns are tried for what they cost: made up, the same on every machine.
 *
 * `ordinary` stands for the mail of a working day; the others repeat what makes careless expressions slow: runs of one
 * character, beginnings that come to nothing, markup without end.
 */

export interface SampleText {
  readonly name: string
  readonly isOrdinary: boolean
  readonly text: string
}

/** Each of about so many octets, in ASCII. */
export function makeSamples(octets: number): readonly SampleText[] {
  return [
    { name: 'ordinary', isOrdinary: true, text: repeatTo(octets, ordinary(createRandom(1))) },
    { name: 'markup', isOrdinary: false, text: repeatTo(octets, markup(createRandom(2))) },
    { name: 'one letter', isOrdinary: false, text: wrap('a'.repeat(octets)) },
    { name: 'white space', isOrdinary: false, text: repeatTo(octets, () => `x${' '.repeat(60)}`) },
    { name: 'punctuation', isOrdinary: false, text: repeatTo(octets, () => '.-_!*.-_!*$$$...???---') },
    { name: 'spaced letters', isOrdinary: false, text: repeatTo(octets, spacedLetters(createRandom(3))) },
    { name: 'digits', isOrdinary: false, text: repeatTo(octets, digits(createRandom(4))) },
    { name: 'base64', isOrdinary: false, text: repeatTo(octets, base64(createRandom(5))) },
    { name: 'addresses', isOrdinary: false, text: repeatTo(octets, addresses(createRandom(6))) },
  ]
}

type Line = () => string
/** From 0 up to and without `below`. */
type Random = (below: number) => number

/** Numerical Recipes' linear congruence: quality does not matter here, sameness does. */
function createRandom(seed: number): Random {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function repeatTo(octets: number, line: Line): string {
  const lines: string[] = []
  for (let length = 0; length < octets; ) {
    const next = line()
    lines.push(next)
    length += next.length + 2
  }
  return lines.join('\r\n')
}

const wrap = (text: string): string => text.replace(/.{900}/g, '$&\r\n')

const syllables = 'an be con de en for in is ment of per re sta tion the to ver with ing er al ou ly'.split(
  ' ',
)
const usual =
  'please find attached the invoice for your order and let us know if there is anything that we can do dear team meeting on monday account payment free offer click here thank you regards bank money order number delivery today time price please call your best'.split(
    ' ',
  )

const word = (random: Random): string =>
  random(3) > 0
    ? usual[random(usual.length)]!
    : Array.from({ length: 1 + random(4) }, () => syllables[random(syllables.length)]!).join('')

const sentence = (random: Random): string => {
  const words = Array.from({ length: 5 + random(10) }, () => word(random)).join(' ')
  return words.charAt(0).toUpperCase() + words.slice(1) + '.,?!'.charAt(random(4))
}

const ordinary = (random: Random): Line => {
  return () => (random(8) === 0 ? '' : sentence(random).slice(0, 78))
}

const markup = (random: Random): Line => {
  const tags = [
    '<td style="color:#fff;font-size:1px">',
    '<a href="http://',
    '<!-- ',
    '</div><div>',
    '&nbsp;&#97;',
  ]
  return () => tags[random(tags.length)]! + word(random)
}

const spacedLetters = (random: Random): Line => {
  return () => [...word(random), ...word(random), ...word(random)].join(' .-_'.charAt(random(4)))
}

const digits = (random: Random): Line => {
  return () => Array.from({ length: 12 }, () => `${random(100_000)}`).join(' .-$'.charAt(random(4)))
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const base64 = (random: Random): Line => {
  return () => Array.from({ length: 76 }, () => alphabet.charAt(random(64))).join('')
}

const addresses = (random: Random): Line => {
  return () =>
    `http://${word(random)}.${word(random)}.example/${word(random)}?a=@${word(random)}%20&b=http://`
}
