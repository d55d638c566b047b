/**
 * A result goes to `bench/results/CLAIM.json` with its circumstances, and to standard output: for people as a table, with
 * `--json` as exactly one line. Progress goes to standard error.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { circumstances } from './machine.ts'

const results = join(import.meta.dirname, '../results')

export interface Output {
  readonly json: boolean
  /** Name of the file in results/ without `.json`. */
  readonly claim: string
  /** Directory on the file system that was measured. */
  readonly directory: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** `asText`: for figures that want a table of their own. */
export function publish<Figures extends Readonly<Record<string, unknown>>>(
  output: Output,
  figures: Figures,
  asText: (figures: Figures) => string = table,
): void {
  const { claim, parameters } = output
  const record = { claim, ...circumstances(output.directory), parameters, figures }
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, `${claim}.json`), `${JSON.stringify(record, undefined, 2)}\n`)
  process.stdout.write(`${output.json ? JSON.stringify(figures) : asText(figures)}\n`)
}

function table(figures: Readonly<Record<string, unknown>>): string {
  const text = (value: unknown): string =>
    Array.isArray(value)
      ? value.join('–')
      : typeof value === 'object' && value !== null
        ? Object.entries(value)
            .map(([key, inner]) => `${key} ${text(inner)}`)
            .join(' · ')
        : String(value)
  return Object.entries(figures)
    .map(([key, value]) => `${key.padEnd(20)}${text(value)}`)
    .join('\n')
}

export const progress = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
