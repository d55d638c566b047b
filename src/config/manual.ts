/**
 * The manual page of the configuration, in Markdown, from the schema and the rules.
 *
 * `npm run -s sluice -- check --manual > appliance/manual/configuration.md` writes it; a test compares.
 */
import { type JsonSchema, jsonSchema } from '#config/json-schema.ts'
import { rules } from '#config/rules/table.ts'

const opening = `# Configuration

<!-- Made from the schema by: npm run -s sluice -- check --manual > appliance/manual/configuration.md -->

Sluice reads one YAML file: the one named with \`--config\`, else \`./sluice.yaml\`, else \`/etc/sluice/sluice.yaml\`. Every key
has a default, so that no file at all is a configuration too: a trial that listens on loopback and keeps all mail in a
capture mailbox. \`sluice.example.yaml\` beside this page is a file to begin with.

\`sluice check\` says whether a file is right, and for each problem the line, the reason and what to write instead.
\`sluice check --print\` shows the configuration as it takes effect. A key that is not known is a problem. SIGHUP reads the
file again: when it is right it takes effect without a session being dropped, but for \`data\`, \`threads\` and
\`spool.segmentSize\`, which need a restart; when it is wrong the running configuration stays in force.

Sizes are written \`512B\`, \`64KiB\`, \`25MiB\`, \`2GiB\` or as plain octets. Spans of time are written \`100ms\`, \`30s\`, \`5m\`, \`1h\`,
\`5d\`. Networks are written \`10.0.0.0/8\` or \`2001:db8::/32\`. Relative paths in the file begin at the folder of the file.

The flags of \`sluice run\` go over the file: \`--listen ZONE=ADDRESS:PORT\` replaces the listeners of a zone, \`--next-hop\` is
\`nextHop\`, \`--domain\` adds a domain, \`--data\` and \`--threads\` replace theirs.
`

export const manual = (): string => `${[opening, sections(jsonSchema, []), ruleTable()].join('\n')}`

function sections(node: JsonSchema, path: readonly string[]): string {
  const entries = Object.entries(node.properties ?? {})
  const leaves = entries.filter(([, child]) => child.properties === undefined)
  const nested = entries.filter(([, child]) => child.properties !== undefined)
  const table = leaves.length === 0 ? '' : `${tableOf(leaves)}\n`
  return [
    path.length === 0 ? '## At the top level\n\n' : `## ${path.join('.')}\n\n${node.description ?? ''}\n\n`,
    table,
    ...leaves.map(([name, child]) => below(child, [...path, name])),
    ...nested.map(([name, child]) => `\n${sections(child, [...path, name])}`),
  ].join('')
}

const tableOf = (leaves: readonly (readonly [string, JsonSchema])[]): string =>
  [
    '| key | default | what it is | example |',
    '|---|---|---|---|',
    ...leaves.map(([name, node]) => row(name, node)),
  ].join('\n')

const row = (name: string, node: JsonSchema): string =>
  `| \`${name}\` | ${code(node.default)} | ${cell(described(node))} | ${(node.examples ?? []).map(code).join(', ')} |`

function described(node: JsonSchema): string {
  const choices = node.enum === undefined ? '' : ` One of ${node.enum.map(code).join(', ')}.`
  const bounds =
    node.type === 'integer' && node.minimum !== undefined && node.maximum !== undefined
      ? ` From ${node.minimum} to ${node.maximum}.`
      : ''
  return `${node.description ?? ''}${choices}${bounds}`
}

const code = (value: unknown): string => {
  if (value === undefined) return '–'
  return cell(`\`${typeof value === 'string' ? value : JSON.stringify(value)}\``)
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** What stands in a list or under a name of the operator's choice. */
function below(node: JsonSchema, path: readonly string[]): string {
  const entry = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined
  const items = node.items === undefined ? [] : [node.items, ...(node.items.anyOf ?? [])]
  const item = items.find(branch => branch.properties !== undefined)
  const inner = entry ?? item
  if (inner?.properties === undefined) return ''
  const name = `${path.join('.')}${entry === undefined ? '[]' : '.NAME'}`
  return `\n### ${name}\n\n${inner.description === undefined ? '' : `${inner.description}\n\n`}${tableOf(Object.entries(inner.properties))}\n`
}

const ruleTable = (): string =>
  [
    '## What must hold between the keys\n',
    '| rule | otherwise |',
    '|---|---|',
    ...rules.map(({ rule, because }) => `| ${cell(rule)} | ${cell(because)} |`),
    '',
  ].join('\n')
