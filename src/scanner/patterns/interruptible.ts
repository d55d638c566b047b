/**
 * Work that ends when its time is over, whatever a RegExp that backtracks does with it.
 */
import { createContext, Script } from 'node:vm'

/** Calls `work` with a limit in milliseconds; true when it came to its own end. */
export type Interruptible = (work: () => void, milliseconds: number) => boolean

/** V8 can interrupt what runs in a script with a time limit, RegExp included, also when the functions are from outside. */
export function createInterruptible(): Interruptible {
  let current = (): void => {}
  let script: Script | undefined
  const sandbox = { work: () => current() }
  let context: object | undefined
  return (work, milliseconds) => {
    script ??= new Script('work()')
    context ??= createContext(sandbox, { codeGeneration: { strings: false, wasm: false } })
    current = work
    try {
      script.runInContext(context, { timeout: Math.max(1, Math.round(milliseconds)) })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
      throw error
    }
  }
}
