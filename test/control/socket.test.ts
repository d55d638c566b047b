import { once } from 'node:events'
import { mkdirSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { parseRequest, requestLimit } from '../../src/control/protocol.ts'
import { askEngine, controlPath, openControl } from '../../src/control/socket.ts'
import { peerDirectory } from '../peers/process.ts'

t.test('a request is answered, an error becomes a sentence, and only the owner may connect', async t => {
  const directory = await peerDirectory('control', t)
  const control = await openControl(directory, async request => {
    if (request.ask === 'reload') throw new Error('Not now.')
    return { asked: request.ask }
  })
  t.equal(statSync(controlPath(directory)).mode & 0o777, 0o600)
  t.same(await askEngine(directory, { ask: 'status' }), { asked: 'status' })
  await t.rejects(askEngine(directory, { ask: 'reload' }), { message: 'Not now.' })
  await control.close()
  t.equal(await askEngine(directory, { ask: 'status' }), undefined, 'no engine, no error')
})

t.test('a data directory whose path is longer than a socket address is reached all the same', async t => {
  const directory = join(await peerDirectory('control', t), 'x'.repeat(120))
  mkdirSync(directory)
  const control = await openControl(directory, async () => 'here')
  t.equal(await askEngine(directory, { ask: 'status' }), 'here')
  await control.close()
})

t.test('a request without end is cut off with a sentence', async t => {
  const directory = await peerDirectory('control', t)
  const control = await openControl(directory, async () => 'here')
  const socket = connect(controlPath(directory))
  socket.on('error', () => undefined)
  socket.write('x'.repeat(requestLimit + 2))
  const [answer] = (await once(socket.setEncoding('utf8'), 'data')) as [string]
  t.match(answer, 'The request is too long.')
  await once(socket, 'close')
  await control.close()
})

const wrong: readonly (readonly [what: string, line: string, sentence: RegExp])[] = [
  ['no JSON', 'status', /not JSON/],
  ['no object', '[]', /not an object/],
  ['an unknown question', '{"ask":"shutdown"}', /nothing that is known/],
  ['a key of Object.prototype', '{"ask":"constructor"}', /nothing that is known/],
  ['no call', '{"ask":"queue"}', /not an object/],
  ['an unknown call', '{"ask":"queue","call":{"call":"purge"}}', /unknown/],
  ['an unknown action', '{"ask":"queue","call":{"call":"change","action":"drop","query":{}}}', /action/],
  ['a filter that is not known', '{"ask":"queue","call":{"call":"list","query":{"sendr":"a"}}}', /sendr/],
  [
    'a filter of the wrong type',
    '{"ask":"queue","call":{"call":"list","query":{"olderThan":"1h"}}}',
    /olderThan/,
  ],
  ['ids that are no texts', '{"ask":"queue","call":{"call":"list","query":{"ids":[1]}}}', /ids/],
  ['no query at all', '{"ask":"queue","call":{"call":"change","action":"remove"}}', /not an object/],
  ['a path as id', '{"ask":"queue","call":{"call":"show","id":"../../etc/passwd"}}', /not the id/],
  ['an unknown way to fail', '{"ask":"fail-thread","thread":0,"how":"gently"}', /way to fail/],
]
for (const [what, line, sentence] of wrong)
  t.test(`refused: ${what}`, t => {
    t.match(parseRequest(line), sentence)
    t.end()
  })
