/**
 * Words that tell in which language a mail is, and nothing else: the most frequent of languages that are rare in most archives.
 *
 * Where ham is nearly all English, "ich" and "pour" are found in spam, and a model takes every German letter for one. So
 * these words, and pairs of them, count for nothing. Promises: the slots that `#scanner/features/body.ts` gives them.
 * Costs what shares a slot with them: 3 % of the body's with 2^19 of them.
 */
import { joinHashes } from '#scanner/features/hash.ts'
import { kinds } from '#scanner/features/kinds.ts'
import { WordReader } from '#scanner/features/words.ts'

/** A line each: German, French, Spanish, Italian, Portuguese, Dutch, Danish and Norwegian, Swedish, Polish, Turkish. */
const languages = [
  'der die das und ich sie wir du er es ist sind war bin hat habe haben nicht ein eine einen zu zum zur in im mit von für auf den dem des auch an am als wie aber oder wenn dass uns ihnen ihre ihr mich mir bei nach aus um noch werden wird kann können bitte hallo grüße liebe lieber danke weil sich einer einem',
  "le la les un une des de du et je tu il elle nous vous ils est sont être avoir ai a pas ne que qui pour dans sur avec ce cette ces se son sa ses votre vos notre mon ma mes au aux par plus ou si mais en bonjour merci cordialement c'est j'ai d'un d'une",
  'el la los las un una de del y yo tú él que en es son por para con su sus no se lo le me mi al como más pero o si este esta ha he muy también ya hay nos usted ustedes hola gracias saludos estimado nuestro nuestra',
  'il lo la i gli le un una di del della dei e io tu lui che in è sono per con su non si mi ti ci al alla da dal come più ma o se questo questa ha ho anche nel nella ciao grazie saluti buongiorno nostro vostro suo sua',
  'o a os as um uma de do da dos das e eu você ele ela que em é são por para com seu sua não se me ao como mais mas ou este esta tem também no na nos nas já olá obrigado cumprimentos nosso nossa',
  'de het een en ik je hij zij wij u is zijn was heb heeft hebben niet van in op te voor met dat die deze dit aan als ook maar of om naar bij uit nog kan kunnen uw onze mijn wordt worden hallo bedankt groeten',
  'og i jeg du han hun vi de det den en et er var har ikke på til for med som at av af om fra kan vil skal din min hej hei hilsen tak takk',
  'och i jag du han hon vi ni det den en ett är var har inte på till för med som att av om från kan vill ska din min hej hälsningar tack',
  'i w z na do się nie jest są że o to ten ta po za od dla jak ale lub czy był była będzie mnie pan pani dzień dobry pozdrawiam dziękuję',
  've bir bu için ile de da ben sen biz siz olarak çok daha ne gibi kadar ama veya merhaba teşekkürler sayın',
]

/** Hashes of the words of a text, as the features have them. */
function hashesOf(text: string): readonly number[] {
  const hashes: number[] = []
  new WordReader({ word: hash => hashes.push(hash) }).read(Buffer.from(text))
  return hashes
}

/** In a smaller table the pairs would take the room of too many others. */
const leastBitsForPairs = 18

/** Slots of the group of the body. */
export function neutralSlots(bits: number): Uint32Array {
  const slots = new Set<number>()
  const slotOf = (kind: number, first: number, second: number) =>
    joinHashes(kind, first, second) >>> (32 - bits)
  for (const words of languages.map(hashesOf))
    for (const first of words) {
      slots.add(slotOf(kinds.word[0], first, 0))
      for (const second of bits < leastBitsForPairs ? [] : words)
        slots.add(slotOf(kinds.pair[0], first, second))
    }
  return Uint32Array.from(slots)
}
