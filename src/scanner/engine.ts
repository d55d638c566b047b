/**
 * Which scanner this process uses: the native core, or the one in TypeScript and the reason.
 *
 * Promises: known before a single octet is scanned; never an exception. Who starts logs `reason` once.
 */
import { addonPath, loadNative, type NativeCore } from '#scanner/native.ts'
import { nativeEngine } from '#scanner/native-scanner.ts'
import type { ScanEngine } from '#scanner/scanner.ts'
import { typescriptEngine } from '#scanner/typescript-scanner.ts'

/** `auto`: native where it works. `native`: nothing else will do. */
const wishes: readonly string[] = ['auto', 'native', 'typescript']

export type EngineChoice =
  | { readonly kind: 'native'; readonly engine: ScanEngine; readonly core: NativeCore }
  /** `reason` is a sentence without its full stop. */
  | { readonly kind: 'typescript'; readonly engine: ScanEngine; readonly reason: string }
  /** The wish cannot be granted. */
  | { readonly kind: 'refused'; readonly reason: string }

/** Chooses for this thread; the answer is the same in all threads of a process. `wish`: empty is `auto`. */
export function chooseEngine(wish = process.env.SLUICE_SCANNER ?? '', path = addonPath): EngineChoice {
  if (wish !== '' && !wishes.includes(wish))
    return { kind: 'refused', reason: `SLUICE_SCANNER is one of ${wishes.join(', ')}` }
  if (wish === 'typescript')
    return { kind: 'typescript', engine: typescriptEngine, reason: 'the TypeScript scanner was asked for' }
  const native = loadNative(path)
  if ('core' in native) return { kind: 'native', engine: nativeEngine(native.core), core: native.core }
  return wish === 'native'
    ? { kind: 'refused', reason: native.reason }
    : { kind: 'typescript', engine: typescriptEngine, reason: native.reason }
}
