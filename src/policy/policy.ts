/**
 * The policy: what is done with a message by its score, for each of its recipients.
 *
 * Promises: no message is refused, put off or kept that nobody asked to judge; a message is refused or put off for all of its
 * recipients or for none, since the sender gets one answer (RFC 5321 §4.1.1.4); what would be refused while another recipient
 * takes it is held, so that neither loses what was decided for him.
 * Leaves out: forming the opinion (`content/`), doing what is decided (session, spool, delivery).
 */
import type { Configuration } from '#config/schema.ts'
import { type SpamSection, type SpamSettings, spamSettings } from '#config/spam-settings.ts'
import { type Address, domainOf } from '#mail/address.ts'
import type { ScanResult } from '#mail/content.ts'
import type { Envelope, Origin, Recipient } from '#mail/envelope.ts'
import type { Opinion } from '#mail/opinion.ts'
import type { Mark } from '#mail/treatment.ts'
import type { Judgement, Judging, Verdict } from '#mail/verdict.ts'
import { type Flag, fieldsOf } from '#policy/fields.ts'

export interface Policy extends Judging {
  /** From the next message on. */
  reload(configuration: Configuration): void
}

export function createPolicy(configuration: Configuration): Policy {
  let inForce = new SettingsInForce(configuration.spam)
  return {
    judge: (envelope, result) => judge(inForce, envelope, result),
    reload: changed => {
      inForce = new SettingsInForce(changed.spam)
    },
  }
}

/** The settings of each recipient, merged once for each exception there is and not once for each message. */
class SettingsInForce {
  readonly #spam: SpamSection
  readonly #merged = new Map<string, SpamSettings>()

  constructor(spam: SpamSection) {
    this.#spam = spam
  }

  judges({ zone, user, certificate }: Origin): boolean {
    const { judge: judged } = this.#spam
    if (user !== undefined || certificate !== undefined) return judged.includes('authenticated')
    return zone !== 'management' && judged.includes(zone)
  }

  /** The same object for all recipients who have no exception between them. */
  of(zone: string, { address }: Recipient): SpamSettings {
    const { domains, recipients } = this.#spam
    const domain = domainOf(address)
    const recipient = address.toLowerCase()
    const key = `${zone} ${Object.hasOwn(domains, domain) ? domain : ''} ${Object.hasOwn(recipients, recipient) ? recipient : ''}`
    let settings = this.#merged.get(key)
    if (settings === undefined) {
      settings = spamSettings(this.#spam, zone, domain, recipient)
      this.#merged.set(key, settings)
    }
    return settings
  }
}

function judge(
  inForce: SettingsInForce,
  { origin, recipients }: Envelope,
  result: ScanResult | undefined,
): Judgement | undefined {
  if (result === undefined || !inForce.judges(origin)) return undefined
  const opinion = result.kind === 'scanned' ? result.opinion : undefined
  // Scanned, and nothing has an opinion: there is no filter.
  if (result.kind === 'scanned' && opinion === undefined) return undefined
  const groups = new Map<SpamSettings, Address[]>()
  const settings = recipients.map(recipient => inForce.of(origin.zone, recipient))
  settings.forEach((each, index) => {
    const group = groups.get(each) ?? []
    group.push(recipients[index]!.address)
    groups.set(each, group)
  })
  const verdicts = new Map(
    [...groups].map(([each, addresses]) => [
      each,
      opinion === undefined ? unscanned(each) : byScore(each, opinion, addresses),
    ]),
  )
  const agreed = agreement([...verdicts.values()])
  return {
    ...(opinion !== undefined && { opinion }),
    verdicts: settings.map(each => agreed(verdicts.get(each)!)),
  }
}

function byScore(settings: SpamSettings, opinion: Opinion, recipients: readonly Address[]): Verdict {
  const band = settings.bands.findLast(({ from }) => opinion.score >= from)
  if (band === undefined) return { kind: 'pass', because: 'below-bands', ...passing(settings, opinion) }
  const because = { because: 'band', from: band.from } as const
  switch (band.do) {
    case 'pass':
      return { kind: 'pass', ...because, ...passing(settings, opinion) }
    case 'tag':
      return { kind: 'tag', ...because, mark: mark(settings, { flag: 'YES', opinion }) }
    case 'redirect':
      return {
        kind: 'redirect',
        ...because,
        // A rule of the configuration: where a band redirects, there is an address.
        to: settings.redirectTo!,
        mark: mark(settings, { flag: 'YES', opinion, recipients }),
      }
    default:
      return { kind: band.do, ...because }
  }
}

const passing = (settings: SpamSettings, opinion: Opinion): { mark?: Mark } =>
  settings.headersFor === 'judged' && settings.headers.length > 0
    ? { mark: mark(settings, { flag: 'NO', opinion }) }
    : {}

function unscanned(settings: SpamSettings): Verdict {
  const because = { because: 'not-scanned' } as const
  if (settings.unscanned !== 'tag') return { kind: settings.unscanned, ...because }
  return { kind: 'tag', ...because, mark: mark(settings, { flag: 'UNKNOWN' }) }
}

/** The subject is for what is spam; that nobody knows is no accusation. */
const mark = (
  { headers, subject }: SpamSettings,
  marked: { readonly flag: Flag; readonly opinion?: Opinion; readonly recipients?: readonly Address[] },
): Mark => ({
  fields: fieldsOf(headers, marked),
  ...(subject !== '' && marked.flag === 'YES' && { subject }),
})

/** What each verdict comes to beside those of the other recipients. */
function agreement(verdicts: readonly Verdict[]): (verdict: Verdict) => Verdict {
  const deferred = verdicts.find(({ kind }) => kind === 'defer')
  if (deferred !== undefined) return () => deferred
  if (verdicts.every(({ kind }) => kind === 'refuse')) return verdict => verdict
  const held = new Map<Verdict, Verdict>()
  for (const verdict of verdicts)
    if (verdict.kind === 'refuse') held.set(verdict, { ...verdict, kind: 'hold', because: 'others-accept' })
  return verdict => held.get(verdict) ?? verdict
}
