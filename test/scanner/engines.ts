/**
 * The scanners that this machine has, for suites that run on each of them.
 *
 * Where the native one should be there and is not, that is a failure of one suite (`contract/engines.test.ts`), not a
 * reason to test less: set-up for tests installs and builds it.
 */
import { chooseEngine } from '#scanner/engine.ts'
import { addonPath, loadNative } from '#scanner/native.ts'
import type { ScanEngine } from '#scanner/scanner.ts'
import { typescriptEngine } from '#scanner/typescript-scanner.ts'

/** Another addon than that of set-up, for a run under sanitizers. */
const testedAddon = process.env.SLUICE_TEST_ADDON ?? addonPath

export const loadTested = () => loadNative(testedAddon)

/** The engines, the native one first, and a sentence for each that is not there. */
export function availableEngines(): {
  readonly engines: readonly ScanEngine[]
  readonly absent: readonly string[]
} {
  const choice = chooseEngine('auto', testedAddon)
  return choice.kind === 'native'
    ? { engines: [choice.engine, typescriptEngine], absent: [] }
    : { engines: [typescriptEngine], absent: choice.kind === 'typescript' ? [choice.reason] : [] }
}
