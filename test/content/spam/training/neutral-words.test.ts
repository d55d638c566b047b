/** Neutral words: the slots that they are said to have are those that a message with them has. */
import t from 'tap'
import { neutralSlots } from '#content/spam/training/neutral-words.ts'
import { extractFeatures } from '#scanner/features/features.ts'
import { scanOf } from '../../../scanner/features/tables.ts'

const options = { bits: [19, 17, 17, 15], window: 2, carried: false } as const
const bodyOf = (text: string) => extractFeatures(scanOf([{ fields: [], text, urls: [] }]), options)[0]!
const neutral = new Set(neutralSlots(19))

t.test('a text of nothing but such words has nothing else in its body, whatever the case', async t => {
  for (const text of ['Ich habe NICHT für die', 'je ne pas les', 'é não É', 'esta MUY', 'och jag är'])
    t.ok(
      [...bodyOf(text)].every(slot => neutral.has(slot)),
      text,
    )
})

t.test('words that say something, and English, are not among them', async t => {
  const slots = [...bodyOf('Rechnung Überweisung Konto lottery winner meeting')]
  t.ok(slots.filter(slot => neutral.has(slot)).length <= 1)
})

t.test('they take little of the room', async t => {
  for (const bits of [12, 14, 17, 18, 19, 20])
    t.ok(neutralSlots(bits).length / 2 ** bits < 0.15, String(bits))
  t.ok(neutral.size / 2 ** 19 < 0.05)
})
