/**
 * What the connection tells: names of the client, and the results of SPF, DKIM and DMARC where somebody has them. Every one of
 * these says nothing when the fact is missing.
 */
import { isIP } from 'node:net'
import { isWithin, organisationOf } from '#content/spam/domain.ts'
import { evidence, type Find } from '#content/spam/symbol.ts'

export const noReverseName: Find = ({ connection }) =>
  connection?.reverseName === null ? [evidence('client', connection.clientAddress ?? '')] : undefined

const dynamic =
  /(?:^|[.-])(?:dyn(?:amic)?|dhcp|pool|ppp|dsl|adsl|vdsl|cable|dial(?:up|in)?|broadband|customers?|cust|client)(?:[.\d-]|$)/
const numbered = /(?:\d{1,3}[.x-]){3}\d{1,3}/

const mailHost = /^(?:e?mail|mx|smtp|mta|out|relay|post|send)[a-z]{0,8}[.\d-]/

/** A line of a household: the address stands in the name. */
export const dynamicName: Find = ({ connection }) => {
  const name = connection?.reverseName?.toLowerCase() ?? ''
  return name !== '' &&
    !mailHost.test(name) &&
    (numbered.test(name) || (dynamic.test(name) && /\d/.test(name)))
    ? [evidence('client name', name)]
    : undefined
}

const heloIf =
  (holds: (helo: string, recipients: readonly string[]) => boolean): Find =>
  ({ connection }) => {
    const helo = connection?.helo?.toLowerCase() ?? ''
    return helo !== '' && holds(helo, connection?.recipients ?? []) ? [evidence('HELO', helo)] : undefined
  }

/** RFC 5321 §4.1.3 puts an address between brackets. */
export const heloIsAddress = heloIf(helo => isIP(helo) !== 0)

export const heloWithoutDot = heloIf(helo => !/[.:]/.test(helo))

/** Nobody outside has the name of those he writes to. */
export const heloIsRecipients = heloIf((helo, recipients) =>
  recipients.some(recipient => {
    const domain = domainOf(recipient)
    return domain !== '' && isWithin(helo, domain)
  }),
)

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

export const spfFails: Find = ({ connection }) =>
  connection?.authentication?.spf === 'fail'
    ? [evidence('envelope sender', connection.envelopeSender ?? '')]
    : undefined

export const dmarcFails: Find = ({ connection, header }) =>
  connection?.authentication?.dmarc === 'fail' ? [evidence('from', header.from.text)] : undefined

/** The domain that readers see has vouched for the message, and is no free mail provider's by the look of it. */
export const dmarcPasses: Find = ({ connection, header }) =>
  connection?.authentication?.dmarc === 'pass' ? [evidence('from', header.from.text)] : undefined

export const noSignatureHolds: Find = ({ connection }) => {
  const signatures = connection?.authentication?.dkim ?? []
  return signatures.length > 0 && signatures.every(({ result }) => result === 'fail')
    ? signatures.map(({ domain }) => evidence('signature', organisationOf(domain)))
    : undefined
}
