/**
 * Reads and plays the dialogues beside it. A dialogue is a text that a mail administrator can read:
 *
 *     # why
 *     @ peer: {"tlsMode": "required"}         what mail/transport.ts says of a peer; tls present: TLS came first
 *     @ configuration: {"limits": {…}}        what differs from an empty configuration file
 *     @ settings: {"messageSize": 20}         smaller than the configuration lets anybody choose
 *     @ refuse: {"recipient": "relay-denied"} admission says no, by this name
 *     @ score: 0.95                        every message has it, and is judged as the configuration says
 *     @ greeting: 100                         the client must be silent for so many milliseconds first
 *     @ whole                                 the lines of a block must come in one chunk
 *     C: EHLO client.example                  the client says this line, CRLF is added
 *     C- abc\r                                these octets and nothing else (\r \n \0 \xHH \\)
 *     S: 250 *                                Sluice answers this line; * is any text
 *     S: ...                                  any lines, up to the next that matches
 *     T: 300s                                 time passes
 *     TLS                                     the handshake is through
 *     GONE                                    Sluice has closed the connection
 *     STORED: 1                               so many messages were acknowledged
 *     BODY: text                              content of the last one, without our Received field
 *     REASON: relay-denied                    why tracking says that the last refusal was
 *
 * Lines of the client that stand together are sent together. Every dialogue is played twice: as it stands, and octet by
 * octet.
 */

import { type ConfigurationInput, schema } from '#config/schema.ts'
import type { Reason } from '#mail/reason.ts'
import { refuse } from '#mail/refusal.ts'
import { reply } from '#mail/reply.ts'
import type { Peer } from '#mail/transport.ts'
import { createPolicy } from '#policy/policy.ts'
import type { SessionHost } from '#session/host.ts'
import type { SessionSettings } from '#session/settings.ts'
import { opinionOf, scanned } from '../policy/mail.ts'
import { bodyOf, settingsOf, type Talk, talk, turn, world } from '../session/fakes.ts'

export interface Script {
  readonly peer: Partial<Peer>
  readonly configuration: ConfigurationInput
  readonly settings: Partial<SessionSettings>
  readonly refuse: Readonly<Record<string, Reason>>
  readonly score: number | undefined
  readonly whole: boolean
  readonly greeting: number
  readonly steps: readonly Step[]
}

interface Step {
  readonly line: number
  readonly kind: string
  readonly text: string
}

const shape = /^(C:|C-|S:|T:|TLS|GONE|STORED:|BODY:|REASON:)(?: (.*))?$/

export function parseScript(source: string): Script {
  const directives = new Map<string, string>()
  const steps: Step[] = []
  for (const [index, text] of source.split('\n').entries()) {
    if (text === '' || text.startsWith('#')) continue
    const directive = /^@ (\w+)(?:: (.*))?$/.exec(text)
    const step = shape.exec(text)
    if (directive !== null) directives.set(directive[1]!, directive[2] ?? 'true')
    else if (step !== null) steps.push({ line: index + 1, kind: step[1]!, text: step[2] ?? '' })
    else throw new Error(`line ${index + 1} is no step: ${text}`)
  }
  const value = (name: string): never => JSON.parse(directives.get(name) ?? '{}') as never
  return {
    peer: value('peer'),
    configuration: value('configuration'),
    settings: value('settings'),
    refuse: value('refuse'),
    score: directives.has('score') ? Number(directives.get('score')) : undefined,
    whole: directives.has('whole'),
    greeting: Number(directives.get('greeting') ?? 0),
    steps,
  }
}

const escapes: Readonly<Record<string, string>> = { r: '\r', n: '\n', '0': '\0', '\\': '\\' }

const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|([rn0\\]))/gi, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? escapes[letter]! : String.fromCharCode(Number.parseInt(hex, 16)),
  )

const matches = (pattern: string, line: string): boolean =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(line)

/** Plays the script; returns what went otherwise, or undefined. */
export async function play(script: Script, octetByOctet: boolean): Promise<string | undefined> {
  const context = world({ ...settingsOf(script.configuration), ...script.settings })
  const no = (question: string) =>
    question in script.refuse ? refuse(script.refuse[question]!, reply(550, '5.7.1', 'No')) : undefined
  context.admission.delay = script.greeting
  context.admission.sender = () => no('sender')
  context.admission.recipient = () => no('recipient')
  context.admission.handshake = () => no('handshake') ?? { kind: 'place', release() {} }
  context.admission.error = () => no('error')
  const judged = script.score === undefined ? {} : judging(script.configuration, script.score)
  const playing = { ...context, host: { ...context.host, ...judged } }
  const play = new Play(talk(playing, script.peer), octetByOctet && !script.whole)
  for (const step of script.steps) {
    const wrong = await play.step(step)
    if (wrong !== undefined) return `line ${step.line}: ${step.kind} ${step.text}\n${wrong}`
  }
  await play.send()
  return play.answers.length === 0 ? undefined : `unexpected at the end: ${play.answers.join('\n')}`
}

function judging(configuration: ConfigurationInput, score: number): Pick<SessionHost, 'content' | 'judging'> {
  const result = scanned(opinionOf(score))
  const content = { open: () => ({ take() {}, finish: () => result, abandon() {} }) }
  return { content, judging: createPolicy(schema.parse(configuration)) }
}

class Play {
  readonly #talk: Talk
  readonly #octetByOctet: boolean
  #unsent = ''
  #skipping = false
  answers: string[] = []

  constructor(talk: Talk, octetByOctet: boolean) {
    this.#talk = talk
    this.#octetByOctet = octetByOctet
  }

  async step({ kind, text }: Step): Promise<string | undefined> {
    if (kind === 'C:' || kind === 'C-') {
      this.#unsent += unescaped(text) + (kind === 'C:' ? '\r\n' : '')
      return undefined
    }
    await this.send()
    const { session, timers, intake, events, transport } = this.#talk
    switch (kind) {
      case 'S:':
        return this.#expect(text)
      case 'T:':
        timers.advance(Number.parseFloat(text) * 1_000)
        await turn()
        this.#hear()
        return undefined
      case 'TLS':
        session.secured({ version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' })
        return transport.startedTls === 0 ? 'TLS was not started' : undefined
      case 'GONE':
        return transport.ended ? undefined : 'the connection is still there'
      case 'STORED:':
        return intake.stored.length === Number(text) ? undefined : `stored: ${intake.stored.length}`
      case 'BODY:': {
        const body = intake.stored.length > 0 ? bodyOf(intake.stored.at(-1)!) : undefined
        return body === unescaped(text) ? undefined : `body: ${JSON.stringify(body)}`
      }
      default: {
        const refused = events.findLast(event => event.event === 'refused')
        return refused?.reason === text ? undefined : `reason: ${refused?.reason}`
      }
    }
  }

  async send(): Promise<void> {
    const octets = this.#unsent
    this.#unsent = ''
    if (!this.#octetByOctet && octets !== '') this.#talk.session.receive(Buffer.from(octets, 'latin1'))
    else for (const octet of octets) this.#talk.session.receive(Buffer.from(octet, 'latin1'))
    await turn()
    this.#hear()
  }

  #hear(): void {
    this.answers.push(...this.#talk.transport.taken().split('\r\n').slice(0, -1))
  }

  #expect(pattern: string): string | undefined {
    if (pattern === '...') {
      this.#skipping = true
      return undefined
    }
    const at = this.#skipping ? this.answers.findIndex(line => matches(pattern, line)) : 0
    const answer = this.answers[at]
    if (answer === undefined || !matches(pattern, answer)) return `answered: ${this.answers.join('\n  ')}`
    this.#skipping = false
    this.answers.splice(0, at + 1)
    return undefined
  }
}
