/** A well-behaved client that sends one mail per connection and measures how long that took. */
import { setTimeout as sleep } from 'node:timers/promises'
import { rawClient } from '../../test/peers/raw-client.ts'

export interface Latency {
  readonly sent: number
  /** Mails that were not accepted within the deadline. */
  readonly failed: number
  /** Milliseconds from connect to the 250 behind the message. */
  readonly median: number
  readonly p99: number
  readonly highest: number
}

const message = 'From: <quick@client.test>\r\nSubject: quick\r\n\r\nHello.\r\n.'

/** Milliseconds, or undefined when the mail was not accepted within the deadline. */
export async function sendOne(port: number, from: string, seconds: number): Promise<number | undefined> {
  const start = performance.now()
  const dialogue = async () => {
    const client = await rawClient(port, { from })
    const timer = setTimeout(client.close, seconds * 1_000)
    try {
      const replies = [await client.reply()]
      for (const line of [
        'EHLO quick.client.test',
        'MAIL FROM:<quick@client.test>',
        'RCPT TO:<jo@example.test>',
        'DATA',
        message,
      ]) {
        replies.push(await client.command(line))
      }
      return replies.every(({ code }) => code < 400)
    } finally {
      clearTimeout(timer)
      client.close()
    }
  }
  const accepted = await Promise.race([
    dialogue().catch(() => false),
    sleep(seconds * 1_000, false, { ref: false }),
  ])
  return accepted ? performance.now() - start : undefined
}

/** Sends `count` mails one after the other, or fewer when `seconds` are over. */
export async function sendMany(port: number, from: string, count: number, seconds: number): Promise<Latency> {
  const end = performance.now() + seconds * 1_000
  const times: number[] = []
  let failed = 0
  while (times.length + failed < count && performance.now() < end) {
    const time = await sendOne(port, from, Math.max(1, (end - performance.now()) / 1_000))
    if (time === undefined) failed++
    else times.push(time)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { sent: times.length, failed, median: at(0.5), p99: at(0.99), highest: at(1) }
}
