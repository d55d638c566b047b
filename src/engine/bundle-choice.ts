/**
 * Content rules with those of the installed bundle: which bundle is used, and what when it cannot be.
 *
 * Promises: at the start and at a reload a bundle that cannot be used (damaged, its key no longer trusted, or it does not go
 * together with our lexicons) costs a warning and not the mail: the one before it is tried, then none. When a bundle is to be
 * taken over, there is no second choice.
 * Leaves out: installing (`content/bundle/`).
 */
import { explainProblem } from '#config/explain.ts'
import type { Configuration } from '#config/schema.ts'
import { candidates, type InstalledBundle } from '#content/bundle/installed.ts'
import { type PublicKey, readPublicKey } from '#content/bundle/keys.ts'
import { type ContentOptions, type PreparedContent, prepareContent } from '#content/prepare.ts'

/** `keep`: the best that works. `strict`: the bundle in force on disk, or nothing changes. */
export type Wish = 'keep' | 'strict'

export interface Chosen {
  readonly content: PreparedContent
  /** The folder of the bundle that is part of it, and its manifest. */
  readonly bundle?: InstalledBundle
  /** Sentences. */
  readonly warnings: readonly string[]
}

/** The schema has read them before. */
export const trustedKeys = ({ updates }: Pick<Configuration, 'updates'>): readonly PublicKey[] =>
  updates.keys.map(readPublicKey).filter(key => typeof key !== 'string')

export async function chooseContent(
  configuration: Configuration,
  directory: string,
  wish: Wish,
  options: ContentOptions,
): Promise<Chosen> {
  const { content: settings } = configuration
  const { bundles, trouble } = settings.scan
    ? await candidates(directory, trustedKeys(configuration))
    : { bundles: [] }
  const warnings = trouble === undefined ? [] : [`No bundle is used: ${trouble}.`]
  for (const { folder, opened } of bundles) {
    if (opened.kind === 'installed') {
      const content = await prepareContent(withBundle(settings, opened), options)
      if (content.kind === 'ready' || wish === 'strict')
        return { content, bundle: opened, warnings: [...warnings, ...expiryOf(opened, Date.now())] }
      warnings.push(`Bundle ${folder} cannot be used: ${reasonOf(content)}.`)
    } else if (wish === 'strict') return { content: refused(opened.sentence), warnings }
    else warnings.push(`Bundle ${folder} cannot be used: ${opened.sentence}.`)
  }
  if (wish === 'strict' && trouble !== undefined) return { content: refused(trouble), warnings }
  return { content: await prepareContent(settings, options), warnings }
}

/** A model that the configuration names is meant to be used; that of a bundle takes the place of the one that ships. */
const withBundle = (
  settings: Configuration['content'],
  bundle: InstalledBundle,
): Configuration['content'] => ({
  ...settings,
  lexicons: [...settings.lexicons, ...bundle.lexicons],
  model: settings.model ?? bundle.model,
})

const expiryOf = ({ manifest }: InstalledBundle, now: number): readonly string[] =>
  manifest.expires > now
    ? []
    : [`Bundle ${manifest.sequence} expired on ${new Date(manifest.expires).toISOString().slice(0, 10)}.`]

const reasonOf = ({ problems }: Extract<PreparedContent, { kind: 'invalid' }>): string =>
  explainProblem(problems[0]!).trimEnd()

const refused = (reason: string): PreparedContent => ({
  kind: 'invalid',
  problems: [{ file: 'bundle', line: 1, column: 1, path: '', reason, severity: 'error' }],
})
