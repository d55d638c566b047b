/**
 * Content through the running gateway: what it tells of a mail, and rules that change while it runs.
 */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { sentenceOf } from '../../src/observe/story.ts'
import { traceOf } from '../../src/observe/trace.ts'
import { lexiconText, suspicious } from '../content/rig.ts'
import { peerDirectory } from '../peers/process.ts'
import { type RawClient, rawClient } from '../peers/raw-client.ts'
import { until } from '../peers/ready.ts'
import { type Sluice, startSluice } from '../peers/sluice.ts'

async function greeted(sluice: Sluice): Promise<RawClient> {
  const client = await rawClient(sluice.port)
  await client.reply()
  await client.command('EHLO client.test')
  return client
}

async function envelope(client: RawClient): Promise<void> {
  await client.command('MAIL FROM:<a@example.org>')
  await client.command('RCPT TO:<b@example.com>')
}

const idIn = (text: string): string => /queued as (\w+)/.exec(text)?.[1] ?? ''

/** Returns the id. Each piece is a packet, mostly. */
async function data(client: RawClient, ...pieces: readonly Uint8Array[]): Promise<string> {
  await envelope(client)
  await client.command('DATA')
  for (const piece of pieces) client.send(piece)
  client.send('.\r\n')
  return idIn((await client.reply()).text)
}

async function chunks(client: RawClient, ...pieces: readonly Uint8Array[]): Promise<string> {
  await envelope(client)
  for (const piece of pieces) {
    client.send(Buffer.concat([Buffer.from(`BDAT ${piece.length}\r\n`), piece]))
    await client.reply()
  }
  return idIn((await client.command('BDAT 0 LAST')).text)
}

/** As `sluice trace` tells it; waits for the tracking to be written. */
const storyOf = (sluice: Sluice, id: string): Promise<string> =>
  until(`the story of ${id}`, async () => {
    const { events } = await traceOf(join(sluice.data, 'tracking'), id)
    const story = events.map(sentenceOf).join('\n')
    return story.includes(`accepted ${id}`) && story
  })

async function reload(sluice: Sluice, outcome: RegExp): Promise<string> {
  const from = sluice.output().length
  process.kill(sluice.pid, 'SIGHUP')
  await until(`the outcome of SIGHUP: ${outcome}`, () => outcome.test(sluice.output().slice(from)))
  return sluice.output().slice(from)
}

const inForce = /new configuration is in force/
const staysInForce = /running configuration stays in force/

// Processes start slowly where many tests do so at once.
t.setTimeout(120_000)

for (const wish of ['auto', 'typescript'])
  t.test(`SLUICE_SCANNER=${wish}`, async t => {
    const lexicon = join(await peerDirectory('lexicon', t), 'words.yaml')
    await writeFile(lexicon, lexiconText('elephant', 'purple elephant'))
    const content = { lexicons: [lexicon] }
    const env = { SLUICE_SCANNER: wish }
    const sluice = await startSluice(t, { threads: 1, content }, { env })
    t.match(sluice.output(), /Content is scanned by the .*(native scanner|in TypeScript: .*asked for)/)
    const client = await greeted(sluice)

    await t.test('parts, flags and rules of a mail are told, by DATA and by BDAT', async t => {
      const pieces = [suspicious.subarray(0, 70), suspicious.subarray(70, 201), suspicious.subarray(201)]
      for (const send of [data, chunks]) {
        const story = await storyOf(sluice, await send(client, ...pieces))
        t.match(
          story,
          /scanned \w+ in [\d,]+ µs: 3 parts, flags .*base64-character.*; rules elephant \(2\.5\); score .*\n.* judged .*\n.* accepted /,
        )
        t.match(story, /boundary-near/)
      }
      t.equal(await sluice.metric('sluice_messages_scanned_total'), 2)
      t.equal(await sluice.metric('sluice_scan_flags_total{flag="boundary-near"}'), 2)
      t.equal(await sluice.metric('sluice_scan_seconds_count'), 2)
    })

    await t.test('a changed lexicon counts from the next message of an open session on', async t => {
      await writeFile(lexicon, lexiconText('dancer', 'elephant dances'))
      t.match(await reload(sluice, inForce), /"level":"warn"[^\n]*rules\.dancer: [^\n]*no tests/)
      t.match(await storyOf(sluice, await data(client, suspicious)), /rules dancer \(2\.5\)/)
    })

    await t.test('a wrong one is refused with its line, and the rules in force stay', async t => {
      await writeFile(lexicon, 'rules:\n  fox:\n    sentense: A fox\n')
      t.match(await reload(sluice, staysInForce), /words\.yaml:3:5.*did you mean/)
      const check = await sluice.command('check')
      t.equal(check.code, 1)
      t.match(check.errors, /words\.yaml:3:5 {2}rules\.fox\.sentense: unknown key/)
      t.match(await storyOf(sluice, await data(client, suspicious)), /rules dancer \(2\.5\)/)
      await rm(lexicon)
      t.match(await reload(sluice, staysInForce), /sluice\.yaml:\d+:\d+.*does not exist/)
    })

    await t.test('a thread that is replaced has the rules in force', { skip: wish !== 'auto' }, async t => {
      await sluice.ask({ ask: 'fail-thread', thread: 0, how: 'throw' })
      await until('the thread serves again', async () => {
        const [thread] = (await sluice.status()).threads
        return thread?.state === 'serving' && thread.restarts === 1
      })
      const again = await greeted(sluice)
      t.match(await storyOf(sluice, await data(again, suspicious)), /rules dancer \(2\.5\)/)
      again.close()
    })

    await t.test('scanning can be switched off while it runs', async t => {
      await sluice.configure({ threads: 1, content: { scan: false } })
      await reload(sluice, inForce)
      const other = await greeted(sluice)
      t.notMatch(await storyOf(sluice, await data(other, suspicious)), /scanned/)
      other.close()
    })
    client.close()
  })
