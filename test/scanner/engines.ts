/**
 * The scanners that this machine has, for suites that run on each of them.
 *
 * Where the native one should be there and is not, that is a failure of the suite (`contract/engines.test.ts`), not a
 * reason to test less: set-up for tests installs and builds it.
 */
import { loadNative } from '#scanner/native.ts'
import { nativeEngine } from '#scanner/native-scanner.ts'
import type { ScanEngine } from '#scanner/scanner.ts'

/** The engines, the native one first, and a sentence for each that is not there. */
export function availableEngines(): {
  readonly engines: readonly ScanEngine[]
  readonly absent: readonly string[]
} {
  const native = loadNative()
  return 'core' in native
    ? { engines: [nativeEngine(native.core)], absent: [] }
    : { engines: [], absent: [native.reason] }
}
