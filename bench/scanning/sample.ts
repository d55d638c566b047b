/**
 * What is scanned: mails, phrases and texts made from invented words, the same on every machine.
 *
 * The words are built from syllables and used with the frequencies of a natural language (Zipf), so that a scanner meets as
 * many near misses as it does in real mail. A typical mail is a newsletter of 20 KB: plain text and HTML in quoted-printable,
 * and a small image. Of the phrases a few occur now and then, most never, as in a lexicon.
 */

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const onsets = [
  'b',
  'c',
  'd',
  'f',
  'g',
  'h',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  't',
  'v',
  'w',
  'st',
  'pr',
  'th',
  'tr',
  'cl',
]
const vowels = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou', 'ai']
const codas = ['', '', '', 'n', 'r', 's', 't', 'l', 'ng', 'nd']

function inventWords(count: number, seed: number): readonly string[] {
  const random = randomNumbers(seed)
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)]!
  const words = new Set<string>()
  while (words.size < count) {
    let word = ''
    for (let syllable = 0; syllable < 1 + random() * 2.5; syllable++)
      word += pick(onsets) + pick(vowels) + pick(codas)
    words.add(word)
  }
  return [...words]
}

const vocabulary = inventWords(20_000, 1)

/** A word of the vocabulary; the rank falls off as in a language: half of a text are some two hundred words. */
const wordFrom = (random: () => number): string => vocabulary[Math.floor(vocabulary.length ** random()) - 1]!

/** Phrases of one to three words, of which about one in ten can occur in the texts. */
export function phrases(count: number, seed = 2): readonly string[] {
  const random = randomNumbers(seed)
  const strangers = inventWords(20_000, 3)
  const found = new Set<string>()
  while (found.size < count) {
    const own = random() < 0.1
    const word = (): string =>
      own
        ? vocabulary[2_000 + Math.floor(random() * 18_000)]!
        : strangers[Math.floor(random() * strangers.length)]!
    const length = own ? 1 : 1 + Math.floor(random() * 3)
    found.add(Array.from({ length }, word).join(' '))
  }
  return [...found]
}

/** Running text of at least so many octets: sentences, paragraphs end with LF. */
export function runningText(octets: number, seed: number): string {
  const random = randomNumbers(seed)
  const pieces: string[] = []
  for (let size = 0, sentence = 0; size < octets; sentence++) {
    const words = Array.from({ length: 5 + Math.floor(random() * 14) }, () => wordFrom(random))
    words[0] = words[0]![0]!.toUpperCase() + words[0]!.slice(1)
    const piece = `${words.join(' ')}.${sentence % 6 === 5 ? '\n' : ' '}`
    pieces.push(piece)
    size += piece.length
  }
  return pieces.join('')
}

function quotedPrintable(text: string): string {
  const lines: string[] = []
  for (const line of text.replaceAll('=', '=3D').split('\n')) {
    let rest = line
    while (rest.length > 74) {
      const cut = rest[72] === '=' || rest[73] === '=' ? 72 : 74
      lines.push(`${rest.slice(0, cut)}=`)
      rest = rest.slice(cut)
    }
    lines.push(rest)
  }
  return lines.join('\r\n')
}

const base64Lines = (octets: Uint8Array): string =>
  Buffer.from(octets).toString('base64').replace(/.{76}/g, '$&\r\n')

function noise(octets: number, seed: number): Uint8Array {
  const random = randomNumbers(seed)
  return Uint8Array.from({ length: octets }, () => Math.floor(random() * 256))
}

const html = (text: string, seed: number): string =>
  text
    .split('\n')
    .map(
      (paragraph, index) =>
        `<tr><td style="font-family:Arial,sans-serif;font-size:14px;padding:8px 16px" align="left">\n<p>${paragraph}` +
        ` <a href="https://news${seed}.example/read/${index}?campaign=autumn&amp;reader=${seed * 7919}">More</a></p></td></tr>\n`,
    )
    .join('')

const header = (seed: number, type: string): string =>
  [
    `Received: from mail${seed}.sender.example (mail${seed}.sender.example [192.0.2.${seed % 250}])`,
    `\tby mx.example.org with ESMTPS id ${(seed * 2654435761) >>> 0};`,
    '\tTue, 6 Oct 2026 09:12:44 +0000',
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.example; s=autumn;',
    `\th=from:to:subject:date; bh=${Buffer.from(noise(32, seed)).toString('base64')};`,
    `\tb=${Buffer.from(noise(96, seed + 1))
      .toString('base64')
      .replace(/.{64}(?=.)/g, '$&\r\n\t')}`,
    `From: "The ${wordFrom(randomNumbers(seed))} letter" <letter@sender.example>`,
    'To: reader@example.org',
    `Subject: =?utf-8?Q?${runningText(30, seed).slice(0, 40).trim().replaceAll(' ', '_')}?=`,
    'Date: Tue, 6 Oct 2026 09:12:40 +0000',
    `Message-ID: <${seed}.${seed * 31}@sender.example>`,
    'MIME-Version: 1.0',
    'List-Unsubscribe: <https://news.example/leave?reader=17>',
    `Content-Type: ${type}`,
  ].join('\r\n')

/** A newsletter of about 20 KB. */
export function typicalMail(seed: number): Buffer {
  const text = runningText(5_000, seed)
  return Buffer.from(
    [
      header(seed, `multipart/mixed; boundary="outer_${seed}"`),
      '',
      `--outer_${seed}`,
      `Content-Type: multipart/alternative; boundary="inner_${seed}"`,
      '',
      `--inner_${seed}`,
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      quotedPrintable(text),
      `--inner_${seed}`,
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      quotedPrintable(
        `<html><head><title>News</title></head><body><table>\n${html(text, seed)}</table></body></html>`,
      ),
      `--inner_${seed}--`,
      `--outer_${seed}`,
      'Content-Type: image/png; name="header.png"',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: inline; filename="header.png"',
      '',
      base64Lines(noise(4_000, seed)),
      `--outer_${seed}--`,
      '',
    ].join('\r\n'),
  )
}

/** A mail whose attachment has so many octets. */
export const mailWithAttachment = (octets: number): Buffer =>
  Buffer.from(
    [
      header(1, 'multipart/mixed; boundary="outer"'),
      '',
      '--outer',
      'Content-Type: text/plain',
      '',
      'See attached.',
      '--outer',
      'Content-Type: application/octet-stream; name="data.bin"',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="data.bin"',
      '',
      base64Lines(noise(octets, 5)),
      '--outer--',
      '',
    ].join('\r\n'),
  )

/** A mail with one plain text of so many octets. */
export const plainMail = (octets: number): Buffer =>
  Buffer.from(
    `${header(1, 'text/plain; charset=utf-8')}\r\n\r\n${runningText(octets, 9).replace(/(.{60,76}) /g, '$1\r\n')}\r\n`,
  )
