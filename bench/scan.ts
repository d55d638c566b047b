/**
 * The content scanner, per core: Hyperscan as it is, V8's RegExp and RE2 on the same text and phrases; postal-mime and
 * mailparser on the same mails.
 *
 * - `megabytesPerSecond`: decoded text searched for phrases, each a whole word in any case. `native` is `hs_scan_stream` with
 *   the same database, the same text in the same pieces, and a callback that counts: what hsbench does. `sluice` makes match
 *   rows, checks the ends of words, keeps the text and counts its words besides.
 * - `mailsPerSecond`: typical mails of 20 KB, from wire to tables. `sluice` also searches headers and texts for the phrases; the
 *   peers only take the mail apart. `spamassassinCheapRules` is from wire to score, with the rules of SpamAssassin that cost
 *   little, as many as `spamassassin` says; where the rules are not installed it is not there.
 * - `attachment`: megabytes of wire per second of a mail with 5 MB in base64.
 * - `growth`: nanoseconds per octet from 1 KB to 50 MB, and the ratio to native from 50 to 10,000 phrases.
 */
import { loadNative } from '../src/scanner/native.ts'
import { nativeEngine } from '../src/scanner/native-scanner.ts'
import type { Pattern } from '../src/scanner/pattern.ts'
import type { Scanner } from '../src/scanner/scanner.ts'
import { loadComponents } from '../test/scanner/components.ts'
import { mebibytes, median, round } from './measure/figures.ts'
import { progress } from './measure/result.ts'
import { installPeers, type Peers } from './scanning/peers.ts'
import { mailWithAttachment, phrases, plainMail, runningText, typicalMail } from './scanning/sample.ts'
import { type CheapRules, openCheapRules } from './scanning/spamassassin.ts'
import { type Contestant, race } from './scanning/stopwatch.ts'

/** What native/components/matching.cc offers. */
interface Matching {
  compile(patterns: readonly Pattern[]): { readonly image: Uint8Array; readonly refusal: string }
  load(image: Uint8Array): object | string
  timeNaked(
    database: object,
    zone: number,
    text: Uint8Array,
    piece: number,
    rounds: number,
  ): { readonly seconds: number }
  readonly ZoneStreams: new (
    database: object,
    limits: { kept: number; matches: number },
  ) => {
    time(zone: string, text: Uint8Array, piece: number, record: number, rounds: number): number
  }
}

const piece = 16_384
const textZone = 1

function orThrow<T extends object>(value: T | string): T {
  if (typeof value === 'string') throw new Error(value)
  return value
}

const phrasePatterns = (count: number): readonly Pattern[] =>
  phrases(count).map(text => ({
    kind: 'literal',
    text,
    caseless: true,
    word: 'whole',
    zones: ['header', 'text', 'hidden'],
  }))

/** Megabytes per second of `work`, which gives the seconds that it took for `octets`. */
function pairsOf(octets: number, rounds: number, sluice: () => number, native: () => number) {
  const speed = (seconds: number): number => octets / 1e6 / seconds
  sluice()
  native()
  const pairs = Array.from({ length: rounds }, () => ({ sluice: speed(sluice()), native: speed(native()) }))
  return {
    sluice: median(pairs.map(pair => pair.sluice)),
    native: median(pairs.map(pair => pair.native)),
    ratioToNative: median(pairs.map(pair => pair.sluice / pair.native)),
  }
}

function searchOf(matching: Matching, count: number, text: Uint8Array, rounds: number) {
  const { image, refusal } = matching.compile(phrasePatterns(count))
  if (refusal !== '') throw new Error(refusal)
  const database = orThrow(matching.load(image))
  const streams = new matching.ZoneStreams(database, { kept: 1_048_576, matches: 65_536 })
  const repeat = Math.ceil(4e6 / text.length)
  return pairsOf(
    text.length * repeat,
    rounds,
    () => streams.time('text', text, piece, text.length, repeat),
    () => matching.timeNaked(database, textZone, text, piece, repeat).seconds,
  )
}

/** The other engines, on the same text in the blocks of a mail; the slow ones get fewer of them. */
async function otherEngines(peers: Peers, count: number, text: string, rounds: number) {
  const list = phrases(count)
  const blocks = Array.from({ length: 50 }, (_, index) => text.slice(index * 20_000, (index + 1) * 20_000))
  const alternation = new RegExp(`\\b(?:${list.join('|')})\\b`, 'giu')
  const loop = list.map(phrase => new RegExp(`\\b${phrase}\\b`, 'giu'))
  const set = new peers.re2.Set(
    list.map(phrase => `\\b${phrase}\\b`),
    'iu',
    { maxMem: 2 ** 30 },
  )
  let next = 0
  const block = (): string => blocks[next++ % blocks.length]!
  const short = 2_000
  const { medians } = await race(
    {
      v8Alternation: {
        amount: short / 1e6,
        work: () => {
          for (const _ of block().slice(0, short).matchAll(alternation));
        },
      },
      v8Loop: {
        amount: short / 1e6,
        work: () => {
          const some = block().slice(0, short)
          for (const expression of loop) for (const _ of some.matchAll(expression));
        },
      },
      re2Set: { amount: 0.02, work: () => set.match(block()) },
    },
    Math.min(rounds, 3),
  )
  return medians
}

function openScanner(patterns: readonly Pattern[]): Scanner {
  const load = loadNative()
  if ('reason' in load) throw new Error(load.reason)
  const { core } = load
  const { image, refusal } = core.compilePatterns(patterns)
  if (image === undefined) throw new Error(refusal)
  return nativeEngine(core).open({
    patterns: { patterns, database: orThrow(core.loadPatterns(image)) } as never,
  })
}

function scanMail(scanner: Scanner, mail: Uint8Array): void {
  for (let at = 0; at < mail.length; at += 65_536) scanner.write(mail.subarray(at, at + 65_536))
  scanner.end()
}

const cheapRules = (rules: CheapRules, mail: () => Buffer): Readonly<Record<string, Contestant>> => ({
  spamassassinCheapRules: { amount: 1, work: () => rules.work(mail()) },
})

async function mailRates(peers: Peers, directory: string, rounds: number) {
  const rules = await openCheapRules(directory)
  const mails = Array.from({ length: 200 }, (_, index) => typicalMail(index + 1))
  const withPhrases = openScanner(phrasePatterns(5_000))
  const walkAlone = openScanner([])
  let next = 0
  const mail = (): Buffer => mails[next++ % mails.length]!
  const { medians } = await race<string>(
    {
      sluice: { amount: 1, work: () => scanMail(withPhrases, mail()) },
      sluiceWithoutPhrases: { amount: 1, work: () => scanMail(walkAlone, mail()) },
      ...(typeof rules === 'string' ? {} : cheapRules(rules, mail)),
      postalMime: { amount: 1, work: () => peers.postalMime.parse(mail()) },
      mailparser: { amount: 1, work: () => peers.mailparser.simpleParser(mail()) },
    },
    rounds,
  )
  const octetsPerMail = Math.round(mails.reduce((sum, { length }) => sum + length, 0) / mails.length)
  return {
    rates: { octetsPerMail, ...medians },
    rules: typeof rules === 'string' ? rules : rules.chosen,
  }
}

async function attachmentRates(peers: Peers, rounds: number) {
  const mail = mailWithAttachment(5_000_000)
  const scanner = openScanner(phrasePatterns(5_000))
  const amount = mail.length / 1e6
  const { medians } = await race(
    {
      sluice: { amount, work: () => scanMail(scanner, mail) },
      bufferFrom: { amount, work: () => Buffer.from(mail.toString('latin1'), 'base64') },
      postalMime: { amount, work: () => peers.postalMime.parse(mail) },
      mailparser: { amount, work: () => peers.mailparser.simpleParser(mail) },
    },
    rounds,
  )
  return medians
}

function growthWithSize(rounds: number) {
  const scanner = openScanner(phrasePatterns(5_000))
  const rows = [1e3, 20e3, 1e6, 50e6].map(size => {
    const mail = plainMail(size)
    const repeat = Math.max(1, Math.round(2e6 / size))
    const times = Array.from({ length: size > 1e7 ? 2 : rounds + 1 }, () => {
      const start = performance.now()
      for (let index = 0; index < repeat; index++) scanMail(scanner, mail)
      return ((performance.now() - start) * 1e6) / (mail.length * repeat)
    })
    return [mail.length, round(Math.min(...times))]
  })
  return Object.fromEntries(rows) as Record<string, number>
}

export async function scan(directory: string, rounds: number) {
  const components = orThrow(loadComponents() as Record<string, unknown> | string) as {
    readonly matching: Matching
  }
  const { matching } = components
  const peers = await installPeers(directory)
  const text = runningText(1_000_000, 4)
  const octets = Buffer.from(text)

  progress('searching 5,000 phrases')
  const search = searchOf(matching, 5_000, octets, rounds)
  const others = await otherEngines(peers, 5_000, text, rounds)
  progress('searching 500 phrases')
  const few = searchOf(matching, 500, octets, rounds)
  const fewOthers = await otherEngines(peers, 500, text, rounds)
  progress('typical mails')
  const { rates, rules } = await mailRates(peers, directory, rounds)
  progress('attachments')
  const attachment = await attachmentRates(peers, rounds)
  progress('growth')
  const nanosecondsPerOctet = growthWithSize(rounds)
  const ratioByPhrases = Object.fromEntries(
    [50, 500, 5_000, 10_000].map(count => [count, round(searchOf(matching, count, octets, 3).ratioToNative)]),
  )
  return {
    megabytesPerSecond: rounded({ ...search, ...others }),
    megabytesPerSecond500: rounded({ ...few, ...fewOthers }),
    mailsPerSecond: rounded(rates),
    spamassassin: rules,
    attachmentMegabytesPerSecond: rounded(attachment),
    growth: { nanosecondsPerOctet, ratioByPhrases },
    peakMemoryMB: mebibytes(process.resourceUsage().maxRSS * 1024),
  }
}

const rounded = <Name extends string>(figures: Readonly<Record<Name, number>>): Record<Name, number> =>
  Object.fromEntries(Object.entries<number>(figures).map(([name, value]) => [name, round(value)])) as Record<
    Name,
    number
  >
