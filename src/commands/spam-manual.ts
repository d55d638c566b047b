/**
 * The manual page of the anti-spam filter, in Markdown: its layers and symbols from the table, and how to read a card.
 *
 * `npm run -s sluice -- scan --manual spam > appliance/manual/spam.md` writes it; a test compares.
 */
import { defaultBands } from '#config/sections/spam.ts'
import { withoutModel } from '#content/spam/filter.ts'
import { bulkSymbols } from '#content/spam/layers/bulk.ts'
import { mostTogether } from '#content/spam/layers/lexicon.ts'
import { symbols } from '#content/spam/layers/table.ts'
import { layerNames } from '#content/spam/symbol.ts'

const bands = defaultBands.map(({ from, do: verdict }) => `\`${verdict}\` from ${from}`).join(', ')

const opening = `# Spam

<!-- Made from the symbols by: npm run -s sluice -- scan --manual spam > appliance/manual/spam.md -->

How likely a message is spam is one number between 0 and 1, its **score**: of messages with a score of 0.9, nine in ten are spam.
It comes from two sources that add up: a **trained model**, which knows words, fields, links and forms, and **symbols**, each a
thing that people can check, with a name, a weight and a sentence. Everything that made a score is on the **card** of the message:

    sluice scan --explain message.eml

## How to read a card

    tag: score 0.8022, log-odds +1.40
       -0.90 The trained model "default"
             +0.61 word in field “subject: verify”
             -0.35 has field “in-reply-to”
       +1.50 FROM_NAME_IS_OTHER_BRAND: The name of the sender is that of a well-known brand, and the address … (Sluice)
             from: "\\"PayPal\\" <service@mail.example>"
       +0.80 REPLY_TO_OTHER_PERSON: Answers go to somebody else at the same free mail provider (Sluice)
             reply-to: "a.b@freemail.example"

The first line has the verdict that the default bands give (${bands}; below that a message passes), the score, and the same as
**log-odds**: 0 is as likely as not, and each step of 0.7 doubles the odds. Every line below adds its weight to them, so that the
weights of a card always add up: above 0 towards spam, below 0 away from it. Under the model stand the features of the message that
pulled it most; under a symbol the words of the message that show it, exactly as they stand there, but for characters that would
move the cursor, which are shown as \`?\`. Behind the sentence stands its author: Sluice, or the file of rules it comes from.

Without a trained model every message begins with ${withoutModel}; then no symbol alone makes a message more likely spam than not.

A message is judged by what it says, not by what it carries: of abuse reports, bounces and forwards the text of the sender
counts, and the message inside does not. A forwarded message without a word of its own is judged by what it carries.

With \`--json\` there is a line for each message, with \`verdict\`, \`score\` and \`symbols\` first; of a folder, which is read with
everything below it, nothing else is told unless \`--parts\` asks for it.

## Layers and symbols

The layers are asked in this order, cheapest first. A symbol whose fact is missing, such as the name of a client for a message
from a file, says nothing.
`

const introductions: Readonly<Record<string, string>> = {
  connection: 'Who brought the message, and whether its domain vouches for it.',
  header: 'Who the message says it is from, where answers go, and what a mail program writes by itself.',
  form: 'What the message consists of, which files it brings, and how it is made.',
  link: 'Where its links lead.',
  text: 'The letters of the text: what is written to be read by people and not by programs.',
  lexicon: `Rules about words, in the files that \`content.lexicons\` names; see [lexicon.md](lexicon.md). The symbol of the rule \`advance-fee\` is \`LEXICON_ADVANCE_FEE\`, its weight the points of the rule, its author the file. All rules together weigh ${mostTogether} at most. Those that ship, in eleven languages, are in \`appliance/lexicons/\`.`,
  bulk: 'How many messages like it came in within the last hour and day, from how many networks and under how many names. Two texts are alike when about half of their words and pairs of words are the same; texts of less than some thirty words are not counted. All threads count in one memory of 3 MB, in which no text is kept and no address; it begins anew with each start. Weights are small, for who knows an honest message can send copies of it from many places, and then it looks like bulk for a day. The first that holds counts. `sluice scan` counts only with `--bulk`, so that the score of a file does not depend on its neighbours.',
}

export const spamManual = (): string =>
  opening +
  layerNames
    .filter(layer => introductions[layer] !== undefined)
    .map(layer => `\n### ${layer}\n\n${introductions[layer]}\n${tableOf(layer)}`)
    .join('')

function tableOf(layer: string): string {
  const rows = (layer === 'bulk' ? bulkSymbols : symbols.filter(symbol => symbol.layer === layer)).map(
    ({ name, weight, sentence }) => `| \`${name}\` | ${weight} | ${sentence} |\n`,
  )
  return rows.length === 0 ? '' : `\n| symbol | weight | what it says |\n|---|---|---|\n${rows.join('')}`
}
