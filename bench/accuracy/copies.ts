/**
 * Copies of the spam that is measured, written when it is: one with its words hidden, and one inside an honest mail.
 *
 * Promises: the same for the same corpus; nothing of them outlives the measurement.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomNumbers } from '../scanning/sample.ts'
import { type CarrierKind, carrierKinds, carrierOf } from './carriers.ts'
import type { Mail } from './mail.ts'
import { obfuscation } from './obfuscation.ts'
import { rewriteMail } from './rewrite.ts'

export interface Copies {
  readonly obfuscated: readonly string[]
  /** Each kind as often as the others. */
  readonly carried: readonly { readonly kind: CarrierKind; readonly path: string }[]
}

export function writeCopies(mails: readonly Mail[], folder: string): Copies {
  mkdirSync(folder)
  const write = (name: string, octets: string): string => {
    const path = join(folder, name)
    writeFileSync(path, octets, 'latin1')
    return path
  }
  const spam = mails.filter(({ label }) => label === 'spam')
  return {
    obfuscated: spam.map(({ path, text }, index) => {
      const random = randomNumbers(Number.parseInt(text.slice(0, 8), 16))
      return write(`hidden-${index}.eml`, rewriteMail(readFileSync(path, 'latin1'), obfuscation(random)))
    }),
    carried: spam.map(({ path }, index) => {
      const kind = carrierKinds[index % carrierKinds.length]!
      return {
        kind,
        path: write(`${kind}-${index}.eml`, carrierOf(kind, readFileSync(path, 'latin1'), index)),
      }
    }),
  }
}
