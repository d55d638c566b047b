/** Made-up mail for trainings: ham and spam that share most of their words, the same for the same seed. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '#content/spam/training/random.ts'

const common = 'the and you your for with this that have from will can about please time more'.split(' ')
const ofSpam = 'winner prize claim urgent lottery million transfer pills discount click offer cheap'.split(
  ' ',
)
const ofHam = 'meeting patch review schedule report minutes branch server update agenda budget notes'.split(
  ' ',
)

/** With LF, as files have it. A tenth of the words that tell belongs to the other kind. */
export function madeUpMail(spam: boolean, seed: number): string {
  const random = createRandom(seed * 2 + (spam ? 1 : 0) + 1_000)
  for (let round = 0; round < 8; round++) random(2)
  const pick = (list: readonly string[]) => list[random(list.length)]!
  const word = () => (random(3) > 0 ? pick(common) : pick(random(10) > 0 === spam ? ofSpam : ofHam))
  const words = (count: number) => Array.from({ length: count }, word).join(' ')
  return [
    `From: <${pick(common)}@${pick(ofHam)}${random(30)}.example>`,
    `Subject: ${words(4)}`,
    `Message-ID: <${seed}.${random(1_000_000)}@mail.example>`,
    '',
    words(20 + random(30)),
    '',
  ].join('\n')
}

/** A file for each mail. */
export function writeMails(folder: string, spam: boolean, count: number, firstSeed = 0): string {
  mkdirSync(folder, { recursive: true })
  for (let seed = firstSeed; seed < firstSeed + count; seed++)
    writeFileSync(join(folder, `${seed}.eml`), madeUpMail(spam, seed))
  return folder
}
