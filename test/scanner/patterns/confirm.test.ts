/**
 * What Hyperscan only suspects is confirmed by RegExp, or removed, in bounded time.
 */
import t from 'tap'
import { matchColumns } from '#scanner/layout.ts'
import { nativeEngine } from '#scanner/native-scanner.ts'
import type { Pattern } from '#scanner/pattern.ts'
import { createConfirm } from '#scanner/patterns/confirm.ts'
import { preparePatterns } from '#scanner/patterns/prepare.ts'
import type { ScanLimits } from '#scanner/scanner.ts'
import { typescriptEngine } from '#scanner/typescript-scanner.ts'
import { core, literal, lookbehind, mail, needsNative, regex } from './patterns.ts'

// Each compile is a process, which a busy machine lets wait.
t.setTimeout(120_000)

async function open(
  engine: 'native' | 'typescript',
  patterns: readonly Pattern[],
  limits: Partial<ScanLimits> = {},
) {
  const prepared = await preparePatterns(patterns, { engine })
  if (prepared.kind === 'failed') throw new Error(prepared.reason)
  const { set } = prepared
  const scanner = (engine === 'native' ? nativeEngine(core!) : typescriptEngine).open({
    patterns: set,
    limits,
  })
  return {
    set,
    scan(message: Uint8Array) {
      scanner.write(message)
      return scanner.end()
    },
  }
}

/** Rows as text, sorted, since only the set of them counts. */
function rows(matches: Uint32Array): string[] {
  const all: string[] = []
  for (let at = 0; at < matches.length; at += matchColumns.length)
    all.push(matches.subarray(at, at + matchColumns.length).join(' '))
  return all.sort()
}

const patterns = [
  literal('money'),
  lookbehind,
  regex('(?<!not )fr[e3]+', { every: true }),
  regex(String.raw`\bgr[oö]ße\b`, { unicode: true, every: true }),
  regex('^(?!re:).*offer', { zones: ['header'] }),
  regex(String.raw`(?<=//)[^/]*\.example`, { zones: ['url'] }),
]

const messages = [
  mail('this is free money'),
  mail('this is not free'),
  mail('not free but free and fr3e, and not fr3e'),
  mail('die größe der GRÖßE über die große'),
  mail('nothing', 'Re: an offer'),
  mail('http://a.example/x and https://b.example and http://c.test/', 'an offer'),
  mail(`${'word '.repeat(2_000)}not free ${'über '.repeat(300)}free`),
]

t.test('what is confirmed is what the TypeScript scanner finds, row for row', needsNative, async t => {
  const [native, typescript] = [await open('native', patterns), await open('typescript', patterns)]
  t.ok(native.set.confirmed.size >= 5)
  const confirm = createConfirm(native.set.confirmed)
  for (const message of messages) {
    const { output, undecided } = confirm(native.scan(message))
    t.strictSame(rows(output.matches), rows(typescript.scan(message).matches), message.toString())
    t.strictSame(undecided, [])
  }
})

t.test('a message without candidates is returned as it is', needsNative, async t => {
  const { set, scan } = await open('native', patterns)
  const output = scan(mail('money, and nothing else'))
  t.equal(createConfirm(set.confirmed)(output).output, output)
})

t.test(
  'a text made to hold RegExp for ever costs the budget, and leaves the pattern undecided',
  needsNative,
  async t => {
    const { set, scan } = await open('native', [regex('(?<!z)(?:a+)+b'), lookbehind])
    const confirm = createConfirm(set.confirmed, 40)
    const output = scan(mail(`${'a'.repeat(60)}! zab free`))
    const found = [0, 1].filter(pattern => rows(output.matches).some(row => row.startsWith(`${pattern} `)))
    t.ok(found.length > 0)
    const start = performance.now()
    const { undecided } = confirm(output)
    t.ok(performance.now() - start < 4_000)
    t.match(undecided, [{ pattern: 0, reason: 'time' }])
    t.strictSame(confirm(scan(mail('free'))).undecided, [], 'the next message has a budget of its own')
  },
)

t.test('what was not kept leaves the pattern undecided', needsNative, async t => {
  const { set, scan } = await open('native', [lookbehind], { kept: 1_000 })
  const confirm = createConfirm(set.confirmed)
  const late = confirm(scan(mail(`${'word '.repeat(400)}free`)))
  t.strictSame(late.undecided, [{ pattern: 0, reason: 'cut' }])
  t.strictSame(rows(late.output.matches), [])
  const early = confirm(scan(mail(`free ${'word '.repeat(400)}`)))
  t.strictSame(early.undecided, [])
  t.equal(rows(early.output.matches).length, 1)
})
