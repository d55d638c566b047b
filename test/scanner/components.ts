/**
 * The components of the native core for the tests that compare them, one by one, with their TypeScript counterparts:
 * `native/build/components.node`, which set-up builds for tests.
 *
 * Leaves out: the scanner as a whole (`#scanner/native.ts`).
 */
import { join } from 'node:path'

const path = join(import.meta.dirname, '../../native/build/components.node')

/** What `native/components/<name>.cc` exports; or the sentence why there is nothing. */
export function loadComponents(): Record<string, unknown> | string {
  const module: { exports: Record<string, unknown> } = { exports: {} }
  try {
    process.dlopen(module as never, path)
    return module.exports
  } catch (error) {
    return `${path} does not load: ${(error as Error).message}`
  }
}
