/**
 * What the parameters of MAIL ask for: SIZE, BODY, SMTPUTF8, RET, ENVID, REQUIRETLS, AUTH. One row each.
 *
 * Promises: an unknown parameter is refused, since its sender relies on it (RFC 5321 §4.1.1.11).
 */
import type { Client } from '#mail/admission.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import { decodeXtext, parseEnvelopeId } from '#mail/xtext.ts'
import type { PathArgument } from '#session/path-argument.ts'
import type { SessionSettings } from '#session/settings.ts'

export interface MailParameters {
  readonly body: '7BIT' | '8BITMIME'
  readonly smtputf8: boolean
  readonly requireTls: boolean
  readonly returnContent?: 'full' | 'headers'
  readonly envelopeId?: string
}

type Asked = { -readonly [key in keyof MailParameters]: MailParameters[key] }

interface Context {
  readonly conversation: { readonly client: Client }
  readonly settings: SessionSettings
}

/** Writes what the value asks for into `asked`, or says why not. */
type Row = (value: string | undefined, asked: Asked, context: Context) => Refusal | undefined

const none: MailParameters = { body: '7BIT', smtputf8: false, requireTls: false }

export function readMailParameters({ parameters }: PathArgument, context: Context): MailParameters | Refusal {
  if (parameters.size === 0) return none
  const asked: Asked = { ...none }
  for (const [keyword, value] of parameters) {
    const row = rows.get(keyword)
    if (row === undefined) return refuse('unsupported-parameter', replies.parameterUnknown, `MAIL ${keyword}`)
    const refusal = row(value, asked, context)
    if (refusal !== undefined) return refusal
  }
  return asked
}

const invalid = (keyword: string): Refusal =>
  refuse('unsupported-parameter', replies.parameterInvalid, `MAIL ${keyword}`)

const rows: ReadonlyMap<string, Row> = new Map<string, Row>([
  [
    'SIZE',
    (value, _asked, { settings }) => {
      // RFC 1870 §4: 1*20DIGIT.
      if (value === undefined || !/^[0-9]{1,20}$/.test(value)) return invalid('SIZE')
      return Number(value) > settings.messageSize
        ? refuse('message-too-large', replies.messageTooLarge, `announced SIZE=${value}`)
        : undefined
    },
  ],
  [
    'BODY',
    (value, asked) => {
      // RFC 6152 §2. BINARYMIME (RFC 3030) is not offered.
      const body = value?.toUpperCase()
      if (body !== '7BIT' && body !== '8BITMIME') return invalid('BODY')
      asked.body = body
      return undefined
    },
  ],
  [
    'SMTPUTF8',
    (value, asked) => {
      if (value !== undefined) return invalid('SMTPUTF8') // RFC 6531 §3.4
      asked.smtputf8 = true
      return undefined
    },
  ],
  [
    'RET',
    (value, asked) => {
      // RFC 3461 §4.3
      const what = value?.toUpperCase()
      if (what !== 'FULL' && what !== 'HDRS') return invalid('RET')
      asked.returnContent = what === 'FULL' ? 'full' : 'headers'
      return undefined
    },
  ],
  [
    'ENVID',
    (value, asked) => {
      const envelopeId = value === undefined ? undefined : parseEnvelopeId(value)
      if (envelopeId === undefined) return invalid('ENVID')
      asked.envelopeId = envelopeId
      return undefined
    },
  ],
  [
    'REQUIRETLS',
    (value, asked, { conversation }) => {
      if (value !== undefined) return invalid('REQUIRETLS') // RFC 8689 §2
      if (!conversation.client.secure) return refuse('requiretls-unavailable', replies.requireTlsNeedsTls) // RFC 8689 §2
      asked.requireTls = true
      return undefined
    },
  ],
  [
    'AUTH',
    (value, _asked, { settings }) => {
      if (!settings.auth) return refuse('unsupported-parameter', replies.parameterUnknown, 'MAIL AUTH')
      // RFC 4954 §5: whom the client names is believed of nobody; the parameter is checked and dropped.
      return value === undefined || decodeXtext(value) === undefined ? invalid('AUTH') : undefined
    },
  ],
])
