/**
 * The fields that a mail program writes by itself: Date, Message-ID, priority, program, bulk marks.
 */
import { evidence, type Find } from '#content/spam/symbol.ts'

export const dateMissing: Find = ({ header }) => (header.has('date') ? undefined : [])

// RFC 5322 §3.3 and §4.3, as loosely as mail programs read it.
const date =
  /^(?:[a-z]{2,9}\.?,?\s{0,4})?\d{1,2}[\s-]{1,4}[a-z]{3,9}\.?[\s-]{1,4}\d{2,4}\s{1,4}\d{1,2}:\d{1,2}(?::\d{1,2})?\s{0,4}(?:[+-]\d{4}|[a-z]{1,5})?/i

const dateOf = (value: string): number => Date.parse(value.replace(/\([^()]{0,80}\)/g, '').slice(0, 100))

export const dateBroken: Find = ({ header }) => {
  const value = header.value('date')
  return header.has('date') && (!date.test(value) || Number.isNaN(dateOf(value)))
    ? [evidence('date', value)]
    : undefined
}

const zone = /([+-])(\d{2})(\d{2})(?:\s|$)/

/** No place on earth is further than 14 hours from Greenwich, and none is off by odd minutes. */
export const dateZoneImpossible: Find = ({ header }) => {
  const value = header.value('date')
  const [, , hours, minutes] = zone.exec(value) ?? []
  if (hours === undefined) return undefined
  return Number(hours) > 14 || Number(minutes) % 15 !== 0 ? [evidence('date', value)] : undefined
}

const hour = 3_600_000

/** Clocks of honest senders are off by hours at most, and mail waits for days at most (RFC 5321 §4.5.4.1). */
const dateIf =
  (holds: (ahead: number) => boolean): Find =>
  ({ header, receivedAt }) => {
    if (receivedAt === undefined) return undefined
    const value = header.value('date')
    const ahead = dateOf(value) - receivedAt
    return !Number.isNaN(ahead) && holds(ahead) ? [evidence('date', value)] : undefined
  }

export const dateInFuture = dateIf(ahead => ahead > 26 * hour)
export const dateLongAgo = dateIf(ahead => ahead < -8 * 24 * hour)

export const identifierMissing: Find = ({ header }) => (header.has('message-id') ? undefined : [])

/** RFC 5322 §3.6.4: something, an at sign, something, in angle brackets. */
export const identifierBroken: Find = ({ header }) => {
  const value = header.value('message-id')
  return header.has('message-id') && !/^<[^\s<>]{1,500}@[^\s<>@]{1,255}>/.test(value)
    ? [evidence('message-id', value)]
    : undefined
}

const spamware =
  /\b(?:advanced mass sender|atomic mail|bulk ?mail|dark ?mailer|direct ?email|dmailer|e-?mail ?(?:bomber|blaster|magnet)|emailsender|fast ?mailer|gammadyne|group ?mail|instant mass|iphone mail \(mass|jixing|king ?mailer|leaf ?phpmailer|mach ?5|mass ?(?:e-?mail|sender)|massemail|maxbulk|million mailer|nimble mailer|power ?mailer|send-?safe|sendblaster|stealth|super ?mailer|the ?super ?mailer|turbo-?mailer|vola ?mail|xmail ?blaster)/i

export const mailerIsForMasses: Find = ({ header }) => {
  const value = header.value('x-mailer')
  return spamware.test(value) ? [evidence('x-mailer', value)] : undefined
}

/** A script on a web server: seldom how people write, often how broken-in sites do. */
export const sentByScript: Find = ({ header }) => {
  const name = ['x-php-originating-script', 'x-php-script'].find(each => header.has(each))
  return name === undefined ? undefined : [evidence(name, header.value(name))]
}

export const priorityHigh: Find = ({ header }) => {
  const value = header.value('x-priority')
  if (/^1\b/.test(value)) return [evidence('x-priority', value)]
  const urgent = ['importance', 'priority', 'x-msmail-priority'].find(name =>
    /^(?:high|urgent)\b/i.test(header.value(name)),
  )
  return urgent === undefined ? undefined : [evidence(urgent, header.value(urgent))]
}

export const bulkWithoutWayOut: Find = ({ header }) =>
  /^(?:bulk|junk)\b/i.test(header.value('precedence')) &&
  !header.has('list-unsubscribe') &&
  !header.has('list-id') &&
  !header.has('auto-submitted')
    ? [evidence('precedence', header.value('precedence'))]
    : undefined

export const recipientsUndisclosed: Find = ({ header }) => {
  const value = header.value('to')
  return /^"?(?:undisclosed|unlisted|hidden|recipients?\b)/i.test(value) ? [evidence('to', value)] : undefined
}

/** Outlook writes both or neither; who writes the one pretends. */
export const outlookPretended: Find = ({ header }) => {
  const value = header.value('x-mailer')
  return /^Microsoft Outlook Express/.test(value) && !header.has('x-mimeole')
    ? [evidence('x-mailer', value)]
    : undefined
}
