/**
 * The way of a message as SpamAssassin writes it down: `X-Spam-Relays-External`, one group in brackets a relay, nearest first.
 *
 * The client that the session knows is the first; what the message says in its Received fields (RFC 5321 §4.4) follows. Without
 * a client (a file that is checked) the fields are all there is, and relays with addresses of private networks at the top
 * count as our own.
 *
 * Promises: linear; a field that is not understood is left out. The forms are those of Postfix, Sendmail, Exim, Exchange and
 * qmail: `from HELO (NAME [ADDRESS]) by …`, `from NAME ([ADDRESS] helo=HELO) by …`, `from NAME (HELO helo) (ADDRESS) by …`.
 */
import { isIP } from 'node:net'
import { type MessageView, unfolded } from './message-view.ts'

export interface Relay {
  readonly ip: string
  readonly rdns: string
  readonly helo: string
  readonly by: string
  readonly ident: string
  readonly envfrom: string
  readonly id: string
  readonly auth: string
}

const maximumRelays = 50
const maximumField = 4_096

export function externalRelays(view: MessageView): string {
  const { client, envelopeFrom = '', receivedBy = '' } = view.context
  const relays = (view.fields.get('received') ?? [])
    .slice(0, maximumRelays)
    .map(row => readReceived(unfolded(view.raw(row).slice(0, maximumField))))
    .filter(relay => relay !== undefined)
  if (client !== undefined) {
    const nearest = { ip: client.address, rdns: client.name, helo: client.helo, by: receivedBy }
    return [{ ...nearest, ident: '', envfrom: envelopeFrom, id: '', auth: '' }, ...relays]
      .map(written)
      .join(' ')
  }
  const border = relays.findIndex(({ ip, auth }) => !isPrivate(ip) && auth === '')
  return border < 0 ? '' : relays.slice(border).map(written).join(' ')
}

const written = ({ ip, rdns, helo, by, ident, envfrom, id, auth }: Relay): string =>
  `[ ip=${ip} rdns=${rdns} helo=${helo} by=${by} ident=${ident} envfrom=${envfrom} intl=0 id=${id} auth=${auth} msa=0 ]`

const isPrivate = (ip: string): boolean =>
  /^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd]|fe80:)/i.test(
    ip,
  )

/** One field; undefined when it tells of no handover over the network. */
export function readReceived(field: string): Relay | undefined {
  const found = /^from\s+(\S+)\s*(.*?)\s+by\s+([^\s;()]+)(.*)$/i.exec(field)
  if (found === null) return undefined
  const [, name, comments, by, rest] = found as unknown as [string, string, string, string, string]
  const ip = addressIn(comments) ?? addressIn(name)
  if (ip === undefined) return undefined
  const said = /\bhelo[= ]([^\s()]+)/i.exec(comments)?.[1]
  const before = /\((?:([^\s()@[\]]+)@)?([^\s()@[\]=]+?)\.?\s+\[/.exec(comments)
  const isAddress = addressIn(name) !== undefined
  const rdns = said === undefined ? (before?.[2] ?? '') : isAddress ? '' : name
  return {
    ip,
    rdns: rdns === 'unknown' ? '' : rdns,
    helo: (said ?? (isAddress && comments.includes('helo') ? '' : name)).replace(/^\[([^\]]*)\]$/, '!$1!'),
    by: by.replace(/^\[(.*)\]$/, '$1'),
    ident: before?.[1] ?? '',
    envfrom: /\benvelope-(?:from|sender)[ =]+<?([^\s<>()]*)/i.exec(field)?.[1] ?? '',
    id: /\bid\s+<?([^\s<>();]+)/i.exec(rest)?.[1] ?? '',
    auth: /\bwith\s+(ES?MTPS?A|SMTPS?A|LMTPS?A|HTTPU?)\b/i.exec(rest)?.[1] ?? '',
  }
}

/** The first address in brackets or parentheses; a bare one last. */
function addressIn(text: string): string | undefined {
  for (const [, address] of text.matchAll(/[[(\s@]?(?:IPv6:)?([0-9a-fA-F.:]{3,45})(?=[\])\s]|$)/g)) {
    if (isIP(address!) !== 0) return address
  }
  return undefined
}
