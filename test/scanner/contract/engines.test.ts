/**
 * Which scanner runs, and that there is always one.
 */
import { join } from 'node:path'
import t from 'tap'
import { chooseEngine } from '#scanner/engine.ts'
import { judge, loadNative } from '#scanner/native.ts'
import { scan } from '../difference.ts'

const message = Buffer.from('Subject: hello\r\n\r\ntext\r\n')

t.test(
  'set-up for tests built the native scanner, and it runs here',
  { skip: process.env.SLUICE_SCANNER === 'typescript' && 'SLUICE_SCANNER=typescript' },
  async t => {
    const choice = chooseEngine('native')
    t.equal(choice.kind, 'native', 'reason' in choice ? choice.reason : '')
  },
)

t.test(
  'an addon that is absent, torn, foreign or of other tables gives a sentence and the TypeScript scanner',
  async t => {
    const folder = t.testdir({ 'torn.node': '\x7fELF', 'empty.node': '' })
    const reasons: [path: string, sentence: RegExp][] = [
      [join(folder, 'absent.node'), /^the native scanner does not load: .*No such file/],
      [join(folder, 'torn.node'), /^the native scanner does not load: .*(file too short|invalid ELF)/],
      [join(folder, 'empty.node'), /^the native scanner does not load: .*file too short/],
      [folder, /^the native scanner does not load: /],
      // An addon with no tables at all.
      [
        join(import.meta.dirname, '../../../native/build/components.node'),
        /^the native scanner was built with other zones than/,
      ],
    ]
    for (const [path, sentence] of reasons) {
      const choice = chooseEngine('auto', path)
      t.match(choice, { kind: 'typescript', reason: sentence }, path)
      if (choice.kind !== 'typescript') continue
      t.notMatch(choice.reason, /\n/)
      t.ok(scan(choice.engine.open({}), message).parts.length > 0, 'and it scans')
      t.strictSame(chooseEngine('native', path).kind, 'refused', 'who insists on the native one gets none')
    }
  },
)

t.test('a processor that the library does not support is noticed before anything is scanned', async t => {
  const native = loadNative()
  if ('reason' in native) {
    t.comment(native.reason)
    return
  }
  // The answer of the library on such a processor; the rest of the addon must not be touched then.
  const untouchable = () => t.fail('something else was called')
  const core = {
    layout: native.core.layout,
    isSupportedPlatform: () => false,
    Scanner: untouchable,
    platform: untouchable,
  }
  t.strictSame(judge(core as never), {
    reason: 'the native scanner cannot run on this processor, which lacks SSSE3',
  })
})

t.test('the wish is one of three words; another is refused, not guessed', async t => {
  t.match(chooseEngine('hyperscan'), {
    kind: 'refused',
    reason: 'SLUICE_SCANNER is one of auto, native, typescript',
  })
  t.match(chooseEngine('typescript'), { kind: 'typescript' })
  t.equal(chooseEngine('').kind, chooseEngine('auto').kind)
})
