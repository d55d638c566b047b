/**
 * Which data directory does a command for operators speak of? The one that is named, or that of the configuration.
 */
import { explainProblems } from '#config/explain.ts'
import { findConfigurationFile, loadConfiguration } from '#config/load.ts'
import type { Configuration } from '#config/schema.ts'

export interface DataOptions {
  readonly data?: string
  readonly config?: string
}

/** Rejects with a sentence when the configuration is wrong. */
export async function dataAndConfiguration({
  data,
  config,
}: DataOptions): Promise<{ readonly data: string; readonly configuration: Configuration }> {
  const loaded = await loadConfiguration({ file: config ?? findConfigurationFile() })
  // The queue must be reachable while somebody mends the file.
  const usable = loaded.kind === 'invalid' && data !== undefined ? await loadConfiguration() : loaded
  if (usable.kind === 'ok')
    return { data: data ?? usable.configuration.data, configuration: usable.configuration }
  throw new Error(
    `The configuration does not say where the data is; name it with --data.\n${explainProblems(usable.problems).trimEnd()}`,
  )
}
