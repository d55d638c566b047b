/** What a site has learned, in the eyes of a human and as JSON. */

import type { Status } from '#content/spam/learning/site.ts'
import { printable } from '#observe/printable.ts'

type Told = Status & { readonly written?: boolean }

export function learnedAsJson({ learned, lost, written }: Told): string {
  const { reports, reporters, lessons, waiting, contradicted, rejected } = learned
  const spam = lessons.filter(lesson => lesson.spam).length
  return `${JSON.stringify({
    reports,
    reporters,
    learned: { spam, ham: lessons.length - spam },
    waiting,
    contradicted,
    rejected,
    lost,
    ...(written !== undefined && { written }),
  })}\n`
}

export function learnedAsText({ learned, lost, written }: Told): string {
  const { reports, reporters, lessons, waiting, contradicted, rejected } = learned
  const spam = lessons.filter(lesson => lesson.spam).length
  return lines([
    `${reports} reports of ${reporters} reporters.`,
    `${lessons.length} messages are learned: ${spam} spam, ${lessons.length - spam} ham.`,
    `${waiting} wait for more reporters; ${contradicted} are held out, because reporters contradict each other.`,
    ...rejected.map(
      ({ day, lessons: count, reporters: who, reason }) =>
        `Rejected: ${count} of ${day}, by ${who.map(name => printable(name || 'the administrator')).join(', ')}: ${reason}.`,
    ),
    ...(lost > 0 ? [`${lost} octets of the journal belong to no whole report and were left out.`] : []),
    ...(written === undefined ? [] : [written ? 'Wrote site.model.' : 'site.model says so already.']),
  ])
}

const lines = (all: readonly string[]): string => all.map(line => `${line}\n`).join('')
