/**
 * One SMTP session: octets in, replies out.
 *
 * Promises: commands are answered in order, and what a chunk of pipelined commands is answered goes out in one write
 * (RFC 2920 §3.2); while an answer is awaited nothing further is read; an exception costs one command or one message
 * and never the session; every deadline is absolute.
 * Leaves out: sockets and TLS (`Transport`), what the commands mean (`verbs/`), what is allowed (`Admission`).
 */
import { isRefusal, type Refusal, refuse } from '#mail/refusal.ts'
import * as replies from '#mail/replies.ts'
import type { Reply } from '#mail/reply.ts'
import type { Cancel } from '#mail/timers.ts'
import type { Dialogue, Peer, TlsFacts, Transport } from '#mail/transport.ts'
import { CommandReader } from '#session/command-reader.ts'
import { ContentInput } from '#session/content-input.ts'
import { type Answer, Conversation, command, messageOver, type Next } from '#session/conversation.ts'
import type { Watched } from '#session/deadline-watch.ts'
import { ErrorCount } from '#session/error-count.ts'
import type { SessionHost } from '#session/host.ts'
import { SessionStory } from '#session/session-story.ts'
import type { SessionSettings } from '#session/settings.ts'
import { StepClock } from '#session/step-clock.ts'
import { verbs } from '#session/verbs/index.ts'
import { isOtherProtocol, unknownVerb } from '#session/verbs/unknown.ts'
import type { Stage } from '#session/verbs/verb.ts'

type Line = Extract<Next, { kind: 'line' }>
type Tls = Extract<Next, { kind: 'tls' }>
type Work = Answer | Promise<Answer>

/** What the next octet received is. */
type Mode = 'early' | 'command' | 'line' | 'content' | 'tls' | 'over'

const earlyTalker = refuse('early-talker', replies.earlyTalker)
const plaintext = refuse('plaintext-before-tls', replies.plaintextBehindStartTls)
const shuttingDown = refuse('shutting-down', replies.shuttingDown)
const broken = refuse('internal-error', replies.internalError, 'an exception; the log says which')

export class Session implements Dialogue, Watched {
  readonly #host: SessionHost
  readonly #transport: Transport
  readonly #conversation: Conversation
  readonly #story: SessionStory
  readonly #clock: StepClock
  readonly #commands = new CommandReader()
  readonly #content: ContentInput
  readonly #errors: ErrorCount
  /** Those in force when the session began, for what belongs to no message. */
  readonly #settings: SessionSettings
  #mode: Mode = 'early'
  /** What is being answered. */
  #stage: Stage = 'session'
  #argument = ''
  #line: Line | undefined
  #tls: Tls | undefined
  /** An answer is awaited; what is received goes to the backlog. */
  #busy = false
  #backlog: Buffer[] = []
  #paused = false
  /** Replies that go out with the next write. */
  #out = ''
  #ended = false
  #draining = false
  #cancelDelay: Cancel | undefined

  constructor(host: SessionHost, peer: Peer, transport: Transport) {
    this.#host = host
    this.#transport = transport
    this.#conversation = new Conversation(host, peer)
    this.#story = new SessionStory(this.#conversation)
    this.#settings = host.settings()
    this.#clock = new StepClock(host.timers, this.#settings.deadlines)
    this.#content = new ContentInput(this.#conversation, this.#story)
    this.#errors = new ErrorCount(this.#settings, host.admission)
  }

  begin(): void {
    this.#story.connected()
    this.#host.watch.add(this)
    const { client } = this.#conversation
    const delay = this.#host.admission.greetingDelay(client)
    if (delay <= 0) {
      this.#greet()
      return
    }
    this.#cancelDelay = this.#host.timers.after(delay, () => {
      this.#host.admission.behaved(client)
      this.#greet()
    })
  }

  receive(chunk: Buffer): void {
    if (this.#mode === 'over') return
    if (this.#mode === 'early') {
      this.#close(earlyTalker, 'connect')
      return
    }
    if (this.#busy) {
      this.#keep(Buffer.from(chunk))
      return
    }
    this.#process(chunk, false)
    this.#flush()
    this.#settle()
  }

  secured(facts: TlsFacts): void {
    if (this.#mode !== 'tls') return
    this.#conversation.secured(facts)
    this.#commands.clear()
    this.#mode = 'command'
    this.#clock.command()
    this.#settle()
  }

  ended(): void {
    this.#ended = true
    this.#settle()
  }

  closed(): void {
    this.#over()
    this.#story.disconnected()
  }

  drain(): void {
    this.#draining = true
    this.#settle()
  }

  terminate(): void {
    if (this.#mode !== 'over') this.#close(shuttingDown)
  }

  expire(now: number): void {
    // While busy the client waits for us; the handshake has a deadline in the listener.
    if (this.#busy || this.#mode === 'tls') return
    const refusal = this.#clock.overdue(now)
    if (refusal !== undefined) this.#close(refusal)
  }

  #greet(): void {
    this.#mode = 'command'
    this.#clock.command()
    this.#say(this.#settings.greeting)
    this.#flush()
    this.#settle()
  }

  // What comes in

  /** Reads up to the point where an answer is awaited; the rest waits at the head of the backlog. */
  #process(chunk: Buffer, ours: boolean): void {
    let at = 0
    while (at < chunk.length && !this.#busy && this.#mode !== 'over' && this.#mode !== 'tls')
      at = this.#mode === 'content' ? this.#readContent(chunk, at) : this.#readLine(chunk, at)
    if (this.#mode === 'tls') this.#startTls(at < chunk.length || this.#backlog.length > 0)
    else if (at < chunk.length && this.#mode !== 'over')
      this.#keep(ours ? chunk.subarray(at) : Buffer.from(chunk.subarray(at)), true)
  }

  /** The chunk must be ours: what is being received is in a read buffer that the next read overwrites. */
  #keep(chunk: Buffer, first = false): void {
    if (first) this.#backlog.unshift(chunk)
    else this.#backlog.push(chunk)
    if (!this.#paused) this.#transport.pause()
    this.#paused = true
  }

  #readLine(chunk: Buffer, from: number): number {
    const next = this.#commands.read(chunk, from, this.#mode === 'line')
    const { line, fault } = this.#commands
    if (line === undefined && fault === undefined) return next
    const step = this.#mode === 'line' ? this.#line : undefined
    this.#mode = 'command'
    this.#conversation.next = command
    if (step === undefined) this.#stage = 'session'
    this.#argument = ''
    if (line === undefined) this.#answered(fault)
    else if (step === undefined) this.#command(line)
    else this.#attempt(() => step.take(line))
    return next
  }

  #command(line: string): void {
    const space = line.indexOf(' ')
    const name = (space < 0 ? line : line.slice(0, space)).toUpperCase()
    const verb = verbs.get(name)
    if (verb === undefined) {
      this.#answered(unknownVerb(name))
      if (isOtherProtocol(name)) this.#close()
      return
    }
    this.#stage = verb.stage
    this.#argument = space < 0 ? '' : line.slice(space + 1)
    if (verb.stage === 'data') this.#errors.busy()
    const idle = verb.idle ? this.#errors.idle() : undefined
    if (idle !== undefined) {
      this.#close(idle)
      return
    }
    let work: Work
    try {
      work =
        verb.check(this.#conversation, this.#argument) ?? verb.proceed(this.#conversation, this.#argument)
    } catch (error) {
      work = this.#crashed(error)
    }
    this.#deliver(work)
  }

  #readContent(chunk: Buffer, from: number): number {
    let next = chunk.length
    try {
      next = this.#content.read(chunk, from)
    } catch (error) {
      // Where the content ends is not known any more: there is no next command.
      this.#crashed(error)
      this.#close(broken, 'data')
      return next
    }
    if (this.#content.complete) this.#endContent()
    else if (this.#content.busy !== undefined) this.#awaitWriter(this.#content.busy)
    return next
  }

  /** The disk is slower than the client. */
  #awaitWriter(ready: Promise<void>): void {
    this.#busy = true
    ready.then(() => this.#resume(() => {}))
  }

  #endContent(): void {
    this.#stage = 'data'
    this.#mode = 'command'
    this.#attempt(() => this.#content.answer())
  }

  // What is answered

  #attempt(work: () => Work): void {
    let answer: Work
    try {
      answer = work()
    } catch (error) {
      answer = this.#crashed(error)
    }
    this.#deliver(answer)
  }

  #deliver(work: Work): void {
    if (work instanceof Promise) this.#await(work.catch(error => this.#crashed(error)))
    else this.#answered(work)
  }

  /** Goes on with the answer, and then with what came meanwhile. */
  #await(work: Promise<Answer>): void {
    this.#busy = true
    this.#flush()
    work.then(answer => this.#resume(() => this.#answered(answer)))
  }

  #resume(proceed: () => void): void {
    if (this.#mode === 'over') return
    this.#busy = false
    proceed()
    while (this.#backlog.length > 0 && !this.#busy) this.#process(this.#backlog.shift()!, true)
    this.#flush()
    this.#settle()
  }

  #answered(answer: Answer): void {
    if (isRefusal(answer)) {
      this.#refused(answer)
      return
    }
    if (answer !== undefined) this.#say(answer)
    this.#follow(this.#conversation.next)
  }

  #follow(next: Next): void {
    switch (next.kind) {
      case 'message-over':
        this.#conversation.reset()
        this.#clock.command()
        return
      case 'command':
        if (this.#conversation.transaction?.id === undefined) this.#clock.command()
        return
      case 'data':
        this.#mode = 'content'
        this.#content.beginData()
        this.#clock.message()
        return
      case 'chunk':
        this.#mode = 'content'
        this.#content.beginChunk(next)
        this.#clock.message()
        if (this.#content.complete) this.#endContent()
        return
      case 'line':
        this.#mode = 'line' // The deadline stays where it is: the whole exchange is one command.
        this.#line = next
        return
      case 'tls':
        this.#mode = 'tls'
        this.#tls = next
        return
      case 'close':
        this.#close()
        return
    }
  }

  /** RFC 3207 §4.2, CVE-2011-0411: what came behind STARTTLS in the clear must not be acted on after it. */
  #startTls(more: boolean): void {
    const { place } = this.#tls!
    if (more) {
      place.release()
      this.#out = this.#out.slice(0, -replies.readyForTls.wire.length)
      this.#close(plaintext)
      return
    }
    this.#flush()
    this.#transport.startTls(place)
  }

  #refused(refusal: Refusal): void {
    this.#story.refused(refusal, this.#stage, this.#argument)
    const { end, delay } = this.#errors.count(refusal, this.#conversation.client)
    if (delay !== undefined) {
      this.#delay(refusal.reply, delay)
      return
    }
    this.#say(refusal.reply)
    if (end !== undefined) this.#close(end)
    else if (refusal.reply.code === 421) this.#close()
    else this.#follow(this.#conversation.next)
  }

  /** The tarpit: who errs on and on waits for each answer. */
  #delay(reply: Reply, milliseconds: number): void {
    this.#busy = true
    this.#flush()
    this.#cancelDelay = this.#host.timers.after(milliseconds, () =>
      this.#resume(() => {
        this.#say(reply)
        this.#follow(this.#conversation.next)
      }),
    )
  }

  #crashed(error: unknown): Refusal {
    this.#host.complain(error, this.#conversation.peer.session)
    this.#conversation.next = messageOver
    return broken
  }

  #say(reply: Reply): void {
    this.#out += reply.wire
  }

  #flush(): void {
    if (this.#out === '') return
    const out = this.#out
    this.#out = ''
    this.#transport.write(out)
  }

  // The end

  /** After every turn: the session ends if it was only waiting for that, or reading goes on. */
  #settle(): void {
    if (this.#busy || this.#mode === 'tls' || this.#mode === 'over') return
    if (this.#draining && this.#conversation.transaction === undefined) this.#close(shuttingDown)
    else if (this.#ended) this.#close()
    else if (this.#paused) {
      this.#paused = false
      this.#transport.resume()
    }
  }

  /** With a refusal: says it first. */
  #close(refusal?: Refusal, stage: Stage = 'session'): void {
    if (this.#mode === 'over') return
    if (refusal !== undefined) {
      this.#story.refused(refusal, stage, '')
      this.#say(refusal.reply)
    }
    this.#flush()
    this.#over()
    this.#transport.end()
  }

  #over(): void {
    this.#mode = 'over'
    this.#cancelDelay?.()
    this.#backlog = []
    this.#conversation.reset()
    this.#host.watch.remove(this)
  }
}
