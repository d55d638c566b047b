/** Made-up campaigns and ordinary mail: what a mail says, from a list of sentences and a number. */
import type { Mail } from '../../../../src/content/spam/proposals/trial.ts'

export interface Letter {
  readonly from?: string
  readonly to?: string
  readonly subject: string
  readonly text: string
  readonly fields?: readonly string[]
  /** The name of an attached file. */
  readonly file?: string
}

export function mailOf(
  file: string,
  { from = 'someone@example.net', to = 'jo@example.com', subject, text, fields = [], file: name }: Letter,
): Mail {
  const head = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    'Date: Mon, 07 Jan 2030 10:00:00 +0000',
    ...fields,
    'MIME-Version: 1.0',
  ]
  const body = 'Content-Type: text/plain; charset=utf-8'
  const lines =
    name === undefined
      ? [...head, body, '', text, '']
      : [
          ...head, 'Content-Type: multipart/mixed; boundary=b', '', '--b', body, '', text, '--b',
          `Content-Type: application/octet-stream; name="${name}"`, `Content-Disposition: attachment; filename="${name}"`, '', 'x', '--b--', '',
        ] // biome-ignore format: a message
  return { file, octets: Buffer.from(lines.join('\r\n')) }
}

const sentences = [
  'Please find the minutes of our meeting below.', 'Could we move the call to Thursday afternoon?', 'Your order was sent today.',
  'Thank you for your help with the printer.', 'The invoice for December is attached.', 'Let me know if you have any questions.',
  'Click here to read this message in your browser.', 'I will be out of the office until Monday.', 'The new version fixes the problem with the login.',
  'We look forward to seeing you at the conference.', 'Please confirm your registration by Friday.', 'The train leaves at nine from platform four.',
  'Have a nice weekend and see you next week.', 'The report is on the shared drive.', 'Your account statement is ready.',
] // biome-ignore format: a list

/** Deterministic: mail number so and so. */
export const ordinaryMail = (count: number): readonly Mail[] =>
  Array.from({ length: count }, (_, index) => {
    const pick = (step: number) => sentences[(index * step + (index >> 3)) % sentences.length]!
    const text = [pick(1), pick(4), pick(7), 'https://www.example.org/news', 'Kind regards', 'Ann'].join(
      '\r\n',
    )
    return mailOf(`ordinary-${index}`, { from: 'ann@example.org', subject: `Re: ${pick(2)}`, text })
  })

const names = ['Meyer', 'Brown', 'Rossi', 'Dupont', 'Novak', 'Silva', 'Larsen', 'Tanaka']

/** A lottery: the sentences around change, the heart of it stays. */
export const lottery = (count: number): readonly Mail[] =>
  Array.from({ length: count }, (_, index) =>
    mailOf(`lottery-${index}`, {
      from: `"${names[index % 8]}" <a${index}@mail${index}.example.net>`,
      subject: `Winner ${index * 7919}`,
      text: [
        sentences[index % sentences.length]!,
        `Dear ${names[(index * 3) % 8]}, your mailbox was drawn in the golden heron sweepstake of ${2020 + index}.`,
        'Thank you for your help with the printer.',
      ].join('\r\n'),
    }),
  )

export async function* each(mails: readonly Mail[]): AsyncGenerator<Mail> {
  yield* mails
}
