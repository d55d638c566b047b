/**
 * AUTH PLAIN and LOGIN (RFC 4954, RFC 4616), over TLS only.
 *
 * Promises: a wrong name and a wrong password look the same; a name or password reaches no log and no reply.
 * Leaves out: who the users are (`SessionHost.authenticate`).
 */
import { type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import type { Answer, Conversation } from '#session/conversation.ts'
import { heloFirst, tlsFirst } from '#session/verbs/order.ts'
import type { Verb } from '#session/verbs/verb.ts'

const disabled = refuse('command-unknown', replies.commandDisabled)
const needsTls = refuse('authentication-requires-tls', replies.authenticationNeedsTls)
const syntax = refuse('command-syntax', replies.authSyntax)
const again = refuse('bad-sequence', replies.alreadyAuthenticated)
const inMail = refuse('bad-sequence', replies.authenticationInMail)
const unknownMechanism = refuse('unsupported-parameter', replies.mechanismUnknown)
const cancelled = refuse('authentication-failed', replies.authenticationCancelled, 'cancelled by the client')
const undecodable = refuse('command-syntax', replies.authenticationEncoding)

// RFC 4648 §4, with padding: every text has one spelling.
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const auth: Verb = {
  name: 'AUTH',
  stage: 'auth',
  check(conversation, argument) {
    const { client, peer, helo, transaction, host } = conversation
    if (!host.settings().auth) return disabled
    // RFC 4954 §4: before TLS the command is not there; §6: 538 says why.
    if (!client.secure) return peer.tlsMode === 'required' ? tlsFirst : needsTls
    if (helo === undefined) return heloFirst
    if (client.user !== undefined) return again
    if (transaction !== undefined) return inMail
    return argument === '' ? syntax : undefined
  },
  proceed(conversation, argument) {
    const [mechanism, initial, ...more] = argument.split(' ')
    if (more.length > 0) return syntax
    switch (mechanism!.toUpperCase()) {
      case 'PLAIN':
        return plain(conversation, initial)
      case 'LOGIN':
        return login(conversation, initial)
      default:
        return unknownMechanism
    }
  },
}

/** RFC 4616 §2: authorisation identity NUL name NUL password. */
function plain(conversation: Conversation, initial: string | undefined): Answer | Promise<Answer> {
  return orAsk(conversation, initial, '', response => {
    const [identity, user, password, ...more] = response.split('\0')
    if (!user || password === undefined || more.length > 0) return undecodable
    // To act for somebody else is nobody's right here.
    return identity === '' || identity === user ? verify(conversation, user, password) : wrong(user)
  })
}

function login(conversation: Conversation, initial: string | undefined): Answer | Promise<Answer> {
  return orAsk(conversation, initial, 'Username:', user =>
    orAsk(conversation, undefined, 'Password:', password => verify(conversation, user, password)),
  )
}

/** Goes on with the response that is there already, or asks for it. */
function orAsk(
  conversation: Conversation,
  initial: string | undefined,
  question: string,
  proceed: (response: string) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  // RFC 4954 §4: "=" is an empty initial response.
  if (initial !== undefined) return decoded(initial === '=' ? '' : initial, proceed)
  conversation.next = {
    kind: 'line',
    take: line => (line === '*' ? cancelled : decoded(line, proceed)),
  }
  return replies.challenge(question)
}

function decoded(
  text: string,
  proceed: (response: string) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  if (!base64.test(text)) return undecodable
  let response: string
  try {
    response = utf8.decode(Buffer.from(text, 'base64'))
  } catch {
    return undecodable
  }
  return proceed(response)
}

async function verify(conversation: Conversation, user: string, password: string): Promise<Answer> {
  const { host, peer } = conversation
  let right: boolean
  try {
    right = await host.authenticate(user, password)
  } catch (error) {
    host.complain(error, peer.session)
    return refuse('internal-error', replies.authenticationTemporary, 'the user could not be looked up')
  }
  if (!right) return wrong(user)
  conversation.client = { ...conversation.client, user }
  host.track({ event: 'authenticated', session: peer.session, client: peer.address, user })
  return replies.authenticated
}

const wrong = (user: string): Refusal =>
  refuse('authentication-failed', replies.credentialsInvalid, `user ${JSON.stringify(user.slice(0, 255))}`)
