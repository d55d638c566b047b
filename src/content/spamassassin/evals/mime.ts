/** Functions of plugin MIMEEval: the parts of a message. */

import { type FlagName, flagNames } from '#scanner/flag.ts'
import { dispositions, encodings, flagColumns, partKinds } from '#scanner/layout.ts'
import { type MessageView, partColumn, partWidth } from '../message-view.ts'
import type { EvalFunction, Served } from './function.ts'
import { plainRow, row } from './row.ts'

const encodingColumn = partColumn('encoding')
const dispositionColumn = partColumn('disposition')
const kindColumn = partColumn('kind')
const parentColumn = partColumn('parent')
const base64 = encodings.indexOf('base64')
const attachment = dispositions.indexOf('attachment')
const noDisposition = dispositions.indexOf('none')
const multipart = partKinds.indexOf('multipart')

type PartTest = (view: MessageView, part: number) => boolean

const cell = (view: MessageView, part: number, column: number): number =>
  view.scan.parts[part * partWidth + column]!
const isText = (view: MessageView, part: number) => /^text/.test(view.partString(part, 'type'))
const isHtml: PartTest = (view, part) => view.partString(part, 'type') === 'text/html'
const isBase64: PartTest = (view, part) => cell(view, part, encodingColumn) === base64

/** The words that `check_for_mime` takes. */
const partTests = new Map<string, PartTest>([
  ['mime_base64_count', isBase64],
  ['mime_attachment', (view, part) => cell(view, part, dispositionColumn) === attachment],
  [
    'mime_base64_encoded_text',
    (view, part) =>
      isText(view, part) &&
      isBase64(view, part) &&
      /^(?:|us-ascii|ascii|ansi_x3\.4-1968|iso-ir-6|us|ibm367|cp367|csascii)$/.test(
        view.partString(part, 'charset'),
      ) &&
      cell(view, part, dispositionColumn) === noDisposition,
  ],
  [
    'mime_bad_iso_charset',
    (view, part) => {
      const charset = view.partString(part, 'charset')
      return /iso-\S+-\S+\b/.test(charset) && !/iso-(?:8859-\d{1,2}|2022-(?:jp|kr))\b/.test(charset)
    },
  ],
])

/** The words that `check_msg_parse_flags` takes, and the flag of the scanner that says the same. */
const parseFlags = new Map<string, FlagName>([
  ['missing_head_body_separator', 'header-unfinished'],
  ['mime_epilogue_exists', 'epilogue'],
  ['truncated_header', 'header-large'],
])

export const mimeFunctions: readonly (readonly [string, Served])[] = [
  row('check_for_mime', ([word = '']) => {
    const test = partTests.get(word)
    return test === undefined ? `what it calls ${word} is not counted here` : somePart(test)
  }),
  plainRow('check_for_mime_html', somePart(isHtml)),
  plainRow('check_for_mime_html_only', view => Number(isHtmlOnly(view))),
  plainRow('check_ma_non_text', somePart(isForeignAlternative)),
  row('check_msg_parse_flags', ([word = '']) => {
    const flag = parseFlags.get(word)
    return flag === undefined ? `what it calls ${word} is not seen here` : view => Number(hasFlag(view, flag))
  }),
]

function somePart(test: PartTest): EvalFunction {
  return view => {
    for (let part = 0; part < view.parts; part++) if (test(view, part)) return 1
    return 0
  }
}

function isHtmlOnly(view: MessageView): boolean {
  if (isHtml(view, 0)) return true
  let html = false
  for (let part = 0; part < view.parts; part++) {
    if (isHtml(view, part)) html = true
    else if (isText(view, part)) return false
  }
  return html
}

function isForeignAlternative(view: MessageView, part: number): boolean {
  if (cell(view, part, kindColumn) === multipart || isText(view, part)) return false
  const parent = cell(view, part, parentColumn)
  if (parent >= view.parts || view.partString(part, 'type') === 'application/rtf') return false
  return view.partString(parent, 'type') === 'multipart/alternative'
}

const flagWidth = flagColumns.length
const flagColumn = flagColumns.indexOf('flag')

function hasFlag(view: MessageView, name: FlagName): boolean {
  const wanted = flagNames.indexOf(name)
  const { flags } = view.scan
  for (let at = 0; at < flags.length; at += flagWidth) if (flags[at + flagColumn] === wanted) return true
  return false
}
