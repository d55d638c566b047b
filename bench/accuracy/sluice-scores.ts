/**
 * The scores of files of mail, from octets to the score, as the engine does it for a message: one scan, the symbols, the model.
 * `sluice scan` does the same and more: it scans a message several times to tell what that costs.
 *
 * Files from standard input; for each a line of file and score. The last line is CPU seconds from the first file on.
 */
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { createFilter } from '../../src/content/spam/filter.ts'
import { MessageFacts } from '../../src/content/spam/message-facts.ts'
import { openSpamModel } from '../../src/content/spam/model.ts'
import { chooseEngine } from '../../src/scanner/engine.ts'

const choice = chooseEngine()
if (choice.kind === 'refused') throw new Error(choice.reason)
const opening = await openSpamModel(process.argv[2]!, choice)
if ('refusal' in opening) throw new Error(opening.refusal)
const filter = createFilter({ model: opening.model })
const scanner = choice.engine.open({})
const files = (await text(process.stdin)).trimEnd().split('\n')

const piece = 65_536

/** The archives keep mail with the line ends of text files. */
function wireForm(octets: Buffer): Buffer {
  return octets.includes('\r\n')
    ? octets
    : Buffer.from(octets.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
}

const start = process.cpuUsage()
for (const file of files) {
  const message = wireForm(readFileSync(file))
  for (let at = 0; at < message.length; at += piece) scanner.write(message.subarray(at, at + piece))
  process.stdout.write(`${file}\t${filter.opinion(new MessageFacts(scanner.end())).score}\n`)
}
const { user, system } = process.cpuUsage(start)
process.stdout.write(`CPU ${(user + system) / 1e6}\n`)
