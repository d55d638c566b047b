import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { type Health, openManagementServer } from '../../src/control/management-server.ts'

const exposition = { contentType: 'text/plain; version=0.0.4', text: async () => 'a_metric 1\n' }
let health: Health = { healthy: true, lines: ['serving'] }

const server = await openManagementServer({ address: '127.0.0.1', port: 0 }, exposition, () => health)
const url = (path: string) => `http://127.0.0.1:${server.port}${path}`

t.test('metrics and health are answered, everything else is not there', async t => {
  const metrics = await fetch(url('/metrics?x=y'))
  t.equal(metrics.status, 200)
  t.equal(metrics.headers.get('content-type'), 'text/plain; version=0.0.4')
  t.equal(await metrics.text(), 'a_metric 1\n')
  t.equal((await fetch(url('/healthz'))).status, 200)
  health = { healthy: false, lines: ['impaired: thread 1'] }
  const ill = await fetch(url('/healthz'))
  t.equal(ill.status, 503)
  t.equal(await ill.text(), 'impaired: thread 1\n')
  for (const path of ['/', '/metrics/', '//metrics', '/healthz/../metrics2', '/favicon.ico'])
    t.equal((await fetch(url(path))).status, 404, path)
})

t.test('no method but GET and HEAD, and no body is ever read', async t => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = await fetch(url('/metrics'), { method, ...(method === 'POST' && { body: 'x' }) })
    t.equal(response.status, 405, method)
    t.equal(response.headers.get('allow'), 'GET, HEAD')
  }
  t.equal(await (await fetch(url('/metrics'), { method: 'HEAD' })).text(), '')
  const socket = connect(server.port, '127.0.0.1')
  socket.write('POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n')
  socket.resume()
  await once(socket, 'end')
  t.pass('the connection ends instead')
  socket.destroy()
})

t.test('a header that is too long is refused', async t => {
  const response = await fetch(url('/metrics'), { headers: { 'x-long': 'y'.repeat(9_000) } })
  t.equal(response.status, 431)
})

t.test('closing ends connections that are open', async t => {
  const socket = connect(server.port, '127.0.0.1')
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  socket.resume()
  await server.close()
  await closed
  t.ok(socket.destroyed)
})
