/** Functions of plugin FreeMail: addresses at providers that give mailboxes to everybody. */
import type { MessageView } from '../message-view.ts'
import { parseExpression } from '../regex/parse.ts'
import { printScript } from '../regex/print.ts'
import { isExponential } from '../regex/properties.ts'
import { noFlags, RegexProblem } from '../regex/reader.ts'
import { mailboxesOf } from '../values.ts'
import type { Lists, Served } from './function.ts'
import { row } from './row.ts'

type IsFreemail = (address: string) => boolean

const withoutBody = 'addresses in the text of the message are not compared'

export const freemailFunctions: readonly (readonly [string, Served])[] = [
  row('check_freemail_from', ([pattern], lists) => {
    const accepted = acceptedBy(pattern, lists)
    if (typeof accepted === 'string') return accepted
    return view => Number(senders(view).some(accepted))
  }),
  row('check_freemail_header', ([name, pattern], lists) => {
    const accepted = acceptedBy(pattern, lists)
    if (typeof accepted === 'string') return accepted
    if (name === undefined) return 'needs the name of a field'
    const field = name.replace(/:addr$/, '')
    return view => Number(addressesIn(view, field).some(accepted))
  }),
  row(
    'check_freemail_replyto',
    (_, lists) => {
      const isFreemail = freemailTest(lists)
      return view => {
        const [from, replyTo] = [addressesIn(view, 'From'), addressesIn(view, 'Reply-To')]
        const apart = !from.some(address => replyTo.includes(address))
        return Number(apart && from.some(isFreemail) && replyTo.some(isFreemail))
      }
    },
    withoutBody,
  ),
]

const addressesIn = (view: MessageView, field: string): readonly string[] =>
  view.once(`addresses ${field}`, () =>
    mailboxesOf(view, field.toLowerCase()).map(({ address }) => address.toLowerCase()),
  )

const senders = (view: MessageView): readonly string[] =>
  view.once('senders', () =>
    ['envelopefrom', 'from', 'resent-from', 'sender', 'x-envelope-from', 'return-path'].flatMap(field =>
      addressesIn(view, field),
    ),
  )

function acceptedBy(pattern: string | undefined, lists: Lists): IsFreemail | string {
  const isFreemail = freemailTest(lists)
  if (pattern === undefined) return isFreemail
  const parsed = parseExpression(pattern, noFlags)
  if (parsed instanceof RegexProblem) return `its expression has ${parsed.message}`
  if (isExponential(parsed.root)) return 'RegExp could take exponential time for its expression'
  const expression = new RegExp(printScript(parsed.root, 'value'))
  return address => isFreemail(address) && expression.test(address)
}

/** Addresses that belong to the machinery of a domain rather than to a person. */
const official = /^(?:abuse|support|submit|postmaster|(?:no|not|do-?not)-?reply|daemon|mailer-?daemon)\b/

function freemailTest(lists: Lists): IsFreemail {
  const domains = lists.get('freemail_domains') ?? []
  const plain = new Set(domains.filter(domain => !/[*?]/.test(domain)).map(domain => domain.toLowerCase()))
  const globs = domains.filter(domain => /[*?]/.test(domain)).map(globSource)
  const globbed = globs.length === 0 ? undefined : new RegExp(`^(?:${globs.join('|')})$`)
  const welcome = new Set(
    ['freemail_welcomelist', 'freemail_whitelist'].flatMap(name => lists.get(name) ?? []),
  )
  return address => {
    const domain = address.slice(address.lastIndexOf('@') + 1)
    if (welcome.has(address) || welcome.has(domain) || official.test(address)) return false
    return plain.has(domain) || (globbed?.test(domain) ?? false)
  }
}

const globSource = (glob: string): string =>
  glob
    .toLowerCase()
    .replace(/[^\w*?-]/g, '\\$&')
    .replaceAll('?', '.')
    .replace(/\*+/g, '[^.]*')
