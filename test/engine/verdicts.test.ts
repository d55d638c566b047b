/**
 * Each verdict through the running gateway: a real client, the answer that it gets, and what arrives behind it. The score
 * comes from a model that knows nothing and a lexicon that knows one phrase.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { sentenceOf } from '../../src/observe/story.ts'
import { traceOf } from '../../src/observe/trace.ts'
import { lexiconText } from '../content/rig.ts'
import { writeBlankModel } from '../content/spam/models.ts'
import { peerDirectory } from '../peers/process.ts'
import { until } from '../peers/ready.ts'
import { type Sluice, startSluice } from '../peers/sluice.ts'
import { swaks } from '../peers/swaks.ts'

// Processes start slowly where many tests do so at once.
t.setTimeout(120_000)

const phrase = 'purple elephant'
const doing = (action: string) => ({ bands: [{ from: 0.9, do: action }] })
const spam = {
  bands: [{ from: 0.9, do: 'refuse' }],
  subject: '[SPAM]',
  redirectTo: 'quarantine@example.org',
  recipients: Object.fromEntries(
    ['tag', 'redirect', 'hold', 'discard', 'pass'].map(action => [`${action}@example.org`, doing(action)]),
  ),
}

const mail = (words: string) =>
  [
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'From: Ann <ann@sender.example>',
    'To: list@example.org',
    'Subject: an animal',
    'Message-ID: <1@sender.example>',
    'X-Sluice-Spam-Flag: NO',
    '',
    `Have you seen the ${words}?`,
    '',
  ].join('\n')

interface Sent {
  readonly answer: string
  readonly id: string
}

async function send(sluice: Sluice, words: string, ...to: readonly string[]): Promise<Sent> {
  const names = to.map(name => `${name}@example.org`).join(',')
  const { transcript } = await swaks(
    sluice.port,
    ['--from', 'ann@sender.example', '--to', names],
    mail(words),
  )
  const answer =
    /^<(?:\*\*|-) {1,2}(\d{3} .*(?:queued as|reference|again).*)$/m.exec(transcript)?.[1] ?? transcript
  return { answer, id: /\b[0-9a-z]{13}\b/.exec(answer)?.[0] ?? '' }
}

const storyOf = (sluice: Sluice, id: string, end: string): Promise<string> =>
  until(`the story of ${id}`, async () => {
    const { events } = await traceOf(join(sluice.data, 'tracking'), id)
    const story = events.map(sentenceOf).join('\n')
    return story.includes(end) && story
  })

const captured = (sluice: Sluice, recipient: string): Promise<string> =>
  until(`mail for ${recipient}`, async () =>
    (await sluice.captured()).find(text => text.includes(`Delivered-To: ${recipient}@example.org\r\n`)),
  )

t.test('verdicts', async t => {
  const directory = await peerDirectory('verdicts', t)
  const [model, lexicon] = [join(directory, 'blank.model'), join(directory, 'words.yaml')]
  await writeBlankModel(model)
  await writeFile(lexicon, lexiconText('elephant', phrase, 4))
  const configuration = { threads: 1, content: { model, lexicons: [lexicon] }, spam } as never
  const sluice = await startSluice(t, configuration)

  await t.test('refuse: the answer names the message and nothing else, the story says why', async t => {
    const { answer, id } = await send(sluice, phrase, 'jo')
    t.match(answer, /^550 5\.7\.1 Message refused; reference [0-9a-z]{13}$/)
    const story = await storyOf(sluice, id, 'refused')
    t.match(story, `judged ${id}: refuse: the score is in that band (0.9`)
    t.match(story, /spam-score: .*LEXICON_ELEPHANT \+4\.00/)
  })

  await t.test('pass: what is no spam arrives as it was, but for what only we may write', async t => {
    t.match((await send(sluice, 'grey mouse', 'jo')).answer, /^250 /)
    const text = await captured(sluice, 'jo')
    t.match(text, '\r\nSubject: an animal\r\n')
    t.notMatch(text, 'X-Sluice')
  })

  await t.test('tag: fields before the header, a mark in the subject', async t => {
    const { id } = await send(sluice, phrase, 'tag')
    const text = await captured(sluice, 'tag')
    t.match(text, /Delivered-To: .*\r\nX-Sluice-Spam-Flag: YES\r\nX-Sluice-Spam-Score: 0\.9\d{3}\r\n/)
    t.match(text, /\r\nX-Sluice-Spam-Symbols: (?:.*\r\n )*.*LEXICON_ELEPHANT=\+4\.00/)
    t.match(text, '\r\nSubject: [SPAM] an animal\r\n')
    t.notMatch(text, 'X-Sluice-Spam-Flag: NO')
    t.match(await storyOf(sluice, id, 'done'), /scanned .* µs: .*score 0\.9\d{3}, LEXICON_ELEPHANT \+4\.00/)
  })

  await t.test('redirect: to the other address, and the field says for whom it was', async t => {
    await send(sluice, phrase, 'redirect')
    t.match(await captured(sluice, 'quarantine'), '\r\nX-Sluice-Spam-Recipient: <redirect@example.org>\r\n')
  })

  await t.test('discard: a 250, a line in the story, and nothing in the queue', async t => {
    const { answer, id } = await send(sluice, phrase, 'discard')
    t.match(answer, /^250 /)
    t.match(await storyOf(sluice, id, 'accepted'), `judged ${id}: discard: the score is in that band`)
    t.match(await sluice.command('queue', 'list', id), { code: 3 })
  })

  await t.test('hold: it waits with its reason, through a restart, and goes out untouched', async t => {
    const { answer, id } = await send(sluice, phrase, 'hold')
    t.match(answer, /^250 /)
    process.kill(sluice.pid, 'SIGKILL')
    await sluice.program.ended
    const again = await sluice.restart()
    t.match(await again.command('queue', 'show', id), {
      output: /^recipient {2}<hold@example\.org> held: the score is in that band \(0\.9\d{3}, from 0\.9\)$/m,
    })
    t.match(await again.command('queue', 'release', id), { code: 0 })
    const text = await captured(again, 'hold')
    t.match(text, '\r\nSubject: an animal\r\n')
    t.notMatch(text, 'X-Sluice')
  })
})
