/**
 * Where Node.js keeps what it made of our TypeScript: the JavaScript and its byte code.
 *
 * Without it every thread loads the whole type stripper, to strip the same files again: 30 MB of memory a thread, and
 * most of the time to the first accept. A cache that cannot be written is no cache and no error; what is in it is found
 * by a hash of the source, so a new version never meets an old entry.
 */
import { fileURLToPath } from 'node:url'

type Environment = Readonly<Record<string, string | undefined>>

/** Beside the packages, whose owner is the one who may change the code anyway. */
const directory = fileURLToPath(new URL('../../node_modules/.cache/sluice', import.meta.url))

/** The environment for a thread. Whoever set a place of his own, or none (NODE_DISABLE_COMPILE_CACHE), is obeyed. */
export const withCompileCache = (environment: Environment): Environment => ({
  NODE_COMPILE_CACHE: directory,
  ...environment,
})
