/**
 * Bundles from a mirror: a real HTTP server on loopback, that is not trusted.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { readAttempt } from '../../../src/content/bundle/attempt.ts'
import { largestBundle } from '../../../src/content/bundle/container.ts'
import { fetchBundle } from '../../../src/content/bundle/fetch.ts'
import { update } from '../../../src/content/bundle/update.ts'
import { bundleOf, inForce, makePair, siteAt } from './rig.ts'

const pair = makePair()

async function mirror(t: Test, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/rules.bundle`
}

t.test('what has not changed is not fetched again, and what has changed is', async t => {
  let octets = bundleOf(pair, 1, 'purple')
  let etag = '"one"'
  const statuses: number[] = []
  const url = await mirror(t, (request, response) => {
    const same = request.headers['if-none-match'] === etag
    statuses.push(same ? 304 : 200)
    response.writeHead(statuses.at(-1)!, { etag }).end(same ? undefined : octets)
  })
  const directory = join(t.testdir(), 'bundles')
  const ask = async (patient = true, site = siteAt(directory, pair)) =>
    (await update(site, { source: { kind: 'url', url }, force: false, patient })).kind
  t.equal(await ask(), 'switched')
  t.equal(await ask(), 'unchanged')
  t.equal(await ask(), 'unchanged')
  t.strictSame(statuses, [200, 304, 304])
  octets = bundleOf(pair, 2, 'yellow')
  etag = '"two"'
  const broken = siteAt(directory, pair, { wrong: 'a test fails' })
  t.equal(await ask(true, broken), 'refused')
  t.equal(await ask(), 'refused', 'a schedule does not fetch again what was refused, and says so')
  t.match(await readAttempt(directory), { outcome: 'refused', reason: 'unusable', sentence: 'a test fails' })
  octets = bundleOf(pair, 3, 'green')
  etag = '"three"'
  t.equal(await ask(), 'switched')
  t.strictSame(statuses, [200, 304, 304, 200, 304, 200])
  t.equal((await inForce(directory, pair))?.manifest.sequence, 3)
})

t.test('by hand, what was refused is fetched and judged once more', async t => {
  const seen: (string | undefined)[] = []
  const url = await mirror(t, (request, response) => {
    seen.push(request.headers['if-none-match'])
    response.writeHead(200, { etag: '"one"' }).end(bundleOf(pair, 1, 'purple'))
  })
  const directory = join(t.testdir(), 'bundles')
  const wish = { source: { kind: 'url', url }, force: false, patient: false } as const
  t.equal((await update(siteAt(directory, pair, { wrong: 'no' }), wish)).kind, 'refused')
  t.equal((await update(siteAt(directory, pair), wish)).kind, 'switched')
  t.strictSame(seen, [undefined, undefined])
})

t.test('a mirror that answers badly is a refusal with its reason, and memory stays bounded', async t => {
  const endless = Buffer.alloc(1 << 20)
  let sent = 0
  const rows: [string, RegExp, (request: IncomingMessage, response: ServerResponse) => void][] = [
    ['not found', /answers 404/, (_, response) => response.writeHead(404).end()],
    // Nobody asked whether it is the same.
    ['304 for nothing', /answers 304/, (_, response) => response.writeHead(304).end()],
    ['cut', /cannot be reached/, (_, response) => response.writeHead(200, { 'content-length': '99' }).end('x', () => response.destroy())],
    ['to a file', /cannot be reached/, (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()],
    ['in a circle', /cannot be reached/, (request, response) => response.writeHead(302, { location: request.url }).end()],
    ['a gzip bomb', /gives more than a bundle/, (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(largestBundle + 1)))],
    ['without an end', /gives more than a bundle/, (_, response) => {
      const pour = () => {
        sent += endless.length
        if (!response.destroyed && sent < 2 ** 30) response.write(endless, pour)
      }
      pour()
    }],
  ] // biome-ignore format: a table to look at
  for (const [what, reason, answer] of rows) {
    const url = await mirror(t, answer)
    const fetched = await fetchBundle({ kind: 'url', url })
    t.match(fetched, { kind: 'refused', sentence: reason }, what)
  }
  t.ok(sent < 2 ** 28, 'whoever sends without an end is not listened to')
})

t.test('a mirror that says nothing, or a part and then nothing, is given up', async t => {
  for (const head of [false, true]) {
    const url = await mirror(t, (_, response) => {
      if (head) response.writeHead(200).write('SLUICEB1')
    })
    const fetched = await fetchBundle({ kind: 'url', url }, { timeout: 200 })
    t.match(fetched, { kind: 'refused', reason: 'unreachable', sentence: /took longer than 0\.2 s/ })
  }
})

t.test('nobody there, and what is no file, are sentences', async t => {
  t.match(await fetchBundle({ kind: 'url', url: 'http://127.0.0.1:1/x' }), {
    kind: 'refused',
    sentence: /cannot be reached: ./,
  })
  t.match(await fetchBundle({ kind: 'file', path: t.testdir() }), { kind: 'refused', sentence: /is no file/ })
  t.match(await fetchBundle({ kind: 'file', path: '/nowhere/x' }), { kind: 'refused', sentence: /ENOENT/ })
})
