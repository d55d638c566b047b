/**
 * The manual page of the flags, in Markdown, from `scanner/flag.ts`.
 *
 * `npm run -s sluice -- scan --manual > appliance/manual/flags.md` writes it; a test compares.
 */
import { flags } from '#scanner/flag.ts'

const opening = `# Flags

<!-- Made from the flags by: npm run -s sluice -- scan --manual > appliance/manual/flags.md -->

Mail has many readers, and whoever wants something past a filter looks for two that disagree: a filter that sees a harmless
text, and a mail reader that sees an attachment. The scanner reads everything in one way, and raises a flag wherever another
program may read it otherwise, where something is broken, and where a limit was reached.

A flag refuses nothing. It is a fact about the form of a message, each at most once a part, and many a flag has an innocent
cause too; where that is common the table says so. \`sluice scan FILE\` shows the flags of a message and where they were raised,
\`sluice trace\` those of mail that came in, and the metric \`sluice_scan_flags_total\` counts them.

| flag | what it means | why an attacker does it |
|---|---|---|
`

export const flagManual = (): string =>
  opening +
  Object.entries(flags)
    .map(([name, { what, why }]) => `| \`${name}\` | ${cell(what)} | ${cell(why)} |\n`)
    .join('')

const cell = (text: string): string => text.replaceAll('|', '\\|')
