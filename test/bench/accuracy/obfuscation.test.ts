/** Hidden words look the same, what must work is left alone, and the same seed hides the same. */
import t from 'tap'
import { obfuscation } from '../../../bench/accuracy/obfuscation.ts'
import { randomNumbers } from '../../../bench/scanning/sample.ts'

const text =
  'Verify your account within twenty hours or lose access to every payment, please confirm https://bank.example/verify now, or write to support@bank.example today. '.repeat(
    20,
  )
const html = `<style>body { color: black }</style><p class="highlighted">${text}</p>&nbsp;<a href="http://bank.example/account">account</a>`

t.test('about one word in three is changed, and a reader sees as many words as before', async t => {
  const hidden = obfuscation(randomNumbers(1))(text, 'plain').split(' ')
  const words = text.split(' ')
  t.equal(hidden.length, words.length)
  const long = words
    .map((word, at) => [word, hidden[at]!] as const)
    .filter(([word]) => /^[a-z]{4,}\W?$/i.test(word))
  const changed = long.filter(([word, other]) => word !== other).length / long.length
  t.ok(changed > 0.2 && changed < 0.45, `${changed}`)
})

t.test('links, addresses, tags, styles and entities stay', async t => {
  const plain = obfuscation(randomNumbers(2))(text, 'plain')
  t.equal(plain.split('https://bank.example/verify').length, 21)
  t.equal(plain.split('support@bank.example').length, 21)
  const hidden = obfuscation(randomNumbers(2))(html, 'html')
  t.match(hidden, '<style>body { color: black }</style><p class="highlighted">')
  t.match(hidden, '</p>&nbsp;<a href="http://bank.example/account">')
  t.match(hidden, /[a-z]<!-- \w+ -->[a-z]/i, 'comments within words')
  t.notMatch(plain, '<!--', 'but not in plain text')
})

t.test('every trick is there: other alphabets, digits, characters without width', async t => {
  const hidden = obfuscation(randomNumbers(3))(text, 'plain')
  t.match(hidden, /[a-z][а-яѕіј][a-z]|[а-яѕіј][a-z]/i)
  t.match(hidden, /[a-z][013457][a-z]/i)
  t.match(hidden, /[a-z][\u200b-\u200d\u2060\ufeff\u00ad][a-z]/i)
})

t.test('the same seed hides the same, another seed something else', async t => {
  const hide = (seed: number) => obfuscation(randomNumbers(seed))(html, 'html')
  t.equal(hide(7), hide(7))
  t.not(hide(7), hide(8))
})
