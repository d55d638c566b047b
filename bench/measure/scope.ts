/** Owner of what a measurement starts: everything is ended and removed in reverse order, whatever happened. */
import type { Owner } from '../../test/peers/process.ts'

export async function scope<T>(work: (owner: Owner) => Promise<T>): Promise<T> {
  const ends: (() => unknown)[] = []
  try {
    return await work({ teardown: end => ends.push(end) })
  } finally {
    for (const end of ends.reverse()) await end()
  }
}
