/**
 * What a lexicon finds in given messages, rule by rule, scanned as mail on its way would be.
 */
import { compileLexicon } from '#content/lexicon/compile.ts'
import type { Lexicon } from '#content/lexicon/lexicon.ts'
import { MessageFacts } from '#content/spam/message-facts.ts'
import { createConfirm } from '#scanner/patterns/confirm.ts'
import { preparePatterns } from '#scanner/patterns/prepare.ts'
import type { ScanEngine } from '#scanner/scanner.ts'

export interface Mail {
  /** For people. */
  readonly file: string
  readonly octets: Uint8Array
}

export interface Catch {
  readonly count: number
  /** Subjects of the first ones; from outside. */
  readonly subjects: readonly string[]
}

export interface Caught {
  /** Files of the samples. */
  readonly hits: readonly string[]
  readonly background: Catch
}

const mostSubjects = 10

/** Rejects with a sentence when the patterns do not compile. */
export async function tryRules(
  lexicon: Lexicon,
  engine: ScanEngine,
  samples: readonly Mail[],
  ordinary: () => AsyncIterable<Mail>,
): Promise<(rule: string) => Caught> {
  const compiled = compileLexicon(lexicon)
  const prepared = await preparePatterns(compiled.patterns, { engine: engine.name })
  if (prepared.kind === 'failed') throw new Error(`The patterns cannot be compiled: ${prepared.reason}.`)
  const { set } = prepared
  try {
    const scanner = engine.open({ patterns: set })
    const confirm = createConfirm(set.confirmed)
    const look = ({ octets }: Mail) => {
      const piece = 65_536
      for (let at = 0; at < octets.length; at += piece) scanner.write(octets.subarray(at, at + piece))
      const { output } = confirm(scanner.end())
      return { output, rules: compiled.evaluate(output).hits.map(({ rule }) => rule) }
    }
    const hits = new Map<string, string[]>()
    for (const sample of samples)
      for (const rule of look(sample).rules) hits.set(rule, [...(hits.get(rule) ?? []), sample.file])
    const caught = new Map<string, { count: number; subjects: string[] }>()
    for await (const mail of ordinary()) {
      const { output, rules } = look(mail)
      for (const rule of rules) {
        const known = caught.get(rule) ?? { count: 0, subjects: [] }
        known.count++
        if (known.subjects.length < mostSubjects) known.subjects.push(new MessageFacts(output).header.subject)
        caught.set(rule, known)
      }
    }
    return rule => ({
      hits: hits.get(rule) ?? [],
      background: caught.get(rule) ?? { count: 0, subjects: [] },
    })
  } finally {
    set.release()
  }
}
