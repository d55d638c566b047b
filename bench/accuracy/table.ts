/** The figures as tables for people. */
import type { AccuracyFigures } from '../accuracy.ts'
import { carrierKinds } from './carriers.ts'
import { type Column, columns } from './contestant.ts'

const names: Readonly<Record<Column, string>> = {
  sluice: 'Sluice',
  bogofilter: 'bogofilter',
  spamassassin: 'SpamAssassin + Bayes',
  spamassassinRules: 'SpamAssassin, rules',
  rspamd: 'rspamd + Bayes',
}

const percent = (share: number | undefined): string =>
  share === undefined ? '' : `${(share * 100).toFixed(1)} %`

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(row =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
    .join('\n')
}

export function accuracyTable({
  recall,
  recallOfFolds,
  subsets,
  obfuscated,
  carried,
  cpuSecondsPer1000,
  mails,
}: AccuracyFigures): string {
  const there = columns.filter(column => recall[column] !== undefined)
  const head = [
    'recall at',
    '0.1 %',
    '0.5 %',
    '2019+ 0.1 %',
    '0.5 %',
    'folds 0.1 %',
    '0.5 %',
    'CPU s/1000 learn',
    'score',
  ]
  const rows = there.map(column => {
    const [all, folds, cost] = [recall[column]!, recallOfFolds[column]!, cpuSecondsPer1000[column]!]
    const shares = [all['at0.1'], all['at0.5'], all.modern, all['modern0.5'], folds['at0.1'], folds['at0.5']]
    return [names[column], ...shares.map(percent), String(cost.train ?? ''), String(cost.score)]
  })
  const bySubset = Object.entries(subsets).map(([subset, { label, mails, ...shares }]) => [
    `${label} ${subset}`,
    String(mails),
    ...there.map(column => percent((shares as Partial<Record<Column, number>>)[column])),
  ])
  const byCopies = columns
    .filter(column => obfuscated[column] !== undefined)
    .map(column => {
      const [hidden, carrying] = [obfuscated[column]!, carried[column]!]
      const shares = [hidden['at0.1'], hidden['at0.5'], carrying['at0.1'], carrying['at0.5']]
      return [names[column], ...[...shares, ...carrierKinds.map(kind => carrying[kind])].map(percent)]
    })
  return [
    `${mails.ham} ham, ${mails.spam} spam; from 2019 on ${mails.modern.ham} ham, ${mails.modern.spam} spam`,
    aligned([head, ...rows]),
    aligned([
      ['flagged of', 'obfuscated 0.1 %', '0.5 %', 'carriers 0.1 %', '0.5 %', ...carrierKinds],
      ...byCopies,
    ]),
    'Flagged at the threshold of 0.5 %',
    aligned([['', 'mails', ...there.map(column => names[column])], ...bySubset]),
  ].join('\n\n')
}
