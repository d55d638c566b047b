/**
 * The books of a crash test: what was sent, what was acknowledged, what arrived, and whether that is what we promise.
 *
 * Promises to find: an acknowledged message that one of its recipients did not get; content that differs by an octet; mail that
 * was never sent, or whose sender broke it off; a duplicate that no crash explains.
 */
import { crashField, hashOf, type Mail } from './mail.ts'

interface Sent {
  readonly hash: string
  readonly broken: boolean
  /** Recipients for whom the message was acknowledged; undefined while it was not. */
  acknowledged: readonly string[] | undefined
}

/** Something died in this span, and came back at its end or later; milliseconds. */
interface Crash {
  readonly from: number
  readonly to: number
}

export interface Verdict {
  readonly sent: number
  readonly acknowledged: number
  readonly recipients: number
  /** Recipients who got a message more than once. */
  readonly duplicates: number
  /** Milliseconds between the first delivery and the crash that explains the second, the longest. */
  readonly window: number
  /** Acknowledged messages that some recipient did not get. */
  readonly lost: readonly string[]
  readonly faults: readonly string[]
}

/**
 * How long before a crash a delivery may have been that is repeated after it: its end waits 50 ms for a commit; the rest is
 * for a machine that has other things to do.
 */
const windowLimit = 5_000

export class Ledger {
  readonly #sent = new Map<string, Sent>()
  /** When each recipient got a message. */
  readonly #deliveries = new Map<string, number[]>()
  readonly #crashes: Crash[] = []
  readonly #faults: string[] = []
  #acknowledged = 0
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined

  /** Before the first octet of it goes out. */
  sending(mail: Mail): void {
    const hash = hashOf(mail.content)
    this.#sent.set(mail.id, { hash, broken: mail.how === 'broken', acknowledged: undefined })
  }

  /** The whole reply line with 250 was read. */
  acknowledge(id: string, recipients: readonly string[]): void {
    this.#sent.get(id)!.acknowledged = recipients
    this.#acknowledged++
    if (this.#waiting !== undefined && this.#acknowledged >= this.#waiting.count) this.#waiting.resolve()
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Resolves when so many more were acknowledged. */
  acknowledgedMore(count: number): Promise<void> {
    return new Promise(resolve => {
      this.#waiting = { count: this.#acknowledged + count, resolve }
    })
  }

  /** The next hop is about to say 250 for it. `content` as it arrived, trace fields and all. */
  deliver(recipients: readonly string[], content: Buffer): void {
    const id = this.#check(content)
    if (id === undefined) return
    for (const recipient of recipients) {
      const key = `${id} ${recipient}`
      const before = this.#deliveries.get(key)
      if (before === undefined) this.#deliveries.set(key, [performance.now()])
      else before.push(performance.now())
    }
  }

  #check(content: Buffer): string | undefined {
    const start = content.indexOf(crashField)
    const [, id = ''] = /^X-Crash: (\S+) \S+\r\n/.exec(content.toString('latin1', start, start + 200)) ?? []
    const sent = this.#sent.get(id)
    const trace = content.toString('latin1', 0, Math.max(start, 0))
    if (sent === undefined)
      this.#faults.push(`delivered, but never sent: ${content.toString('latin1', 0, 400)}`)
    else if (sent.broken) this.#faults.push(`${id} was delivered, though its sender broke off`)
    else if (hashOf(content.subarray(start)) !== sent.hash)
      this.#faults.push(`${id} arrived with another content`)
    else if (!/^(?:[A-Z][A-Za-z-]*: .*\r\n(?:[ \t].*\r\n)*)+$/.test(trace))
      this.#faults.push(`${id} arrived behind something that is no header: ${trace}`)
    return sent === undefined ? undefined : id
  }

  /** The gateway, or a part of it, died between `from` and now. */
  crash(from = performance.now()): void {
    this.#crashes.push({ from, to: performance.now() })
  }

  fault(what: string): void {
    this.#faults.push(what)
  }

  /** Acknowledged messages that not everybody has. */
  missing(): string[] {
    const missing: string[] = []
    for (const [id, { acknowledged }] of this.#sent)
      if (acknowledged?.some(recipient => !this.#deliveries.has(`${id} ${recipient}`))) missing.push(id)
    return missing
  }

  /** To be asked when nothing is under way. What was found is forgotten, so that long campaigns fit in memory. */
  close(): Verdict {
    const lost = this.missing()
    const { duplicates, window } = this.#duplicates()
    const acknowledged = [...this.#sent.values()].flatMap(sent => sent.acknowledged ?? [])
    const verdict: Verdict = {
      sent: this.#sent.size,
      acknowledged: [...this.#sent.values()].filter(sent => sent.acknowledged !== undefined).length,
      recipients: acknowledged.length,
      duplicates,
      window,
      lost,
      faults: this.#faults.splice(0),
    }
    this.#sent.clear()
    this.#deliveries.clear()
    return verdict
  }

  #duplicates(): { readonly duplicates: number; readonly window: number } {
    let [duplicates, window] = [0, 0]
    for (const [key, times] of this.#deliveries) {
      if (times.length > 1) duplicates++
      for (const [index, later] of times.slice(1).entries()) {
        const earlier = times[index]!
        const crash = this.#crashes.find(({ from, to }) => earlier <= to && later >= from)
        const before = crash === undefined ? 0 : Math.max(0, crash.from - earlier)
        window = Math.max(window, before)
        if (crash === undefined) this.#faults.push(`${key} was delivered twice without a crash in between`)
        else if (before > windowLimit)
          this.#faults.push(`${key} was delivered again, ${Math.round(before)} ms before the crash`)
      }
    }
    return { duplicates, window }
  }
}
