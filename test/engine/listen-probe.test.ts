import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import t from 'tap'
import { formatEndpoint, probe } from '../../src/engine/listen-probe.ts'

t.test('a port that somebody shares with SO_REUSEPORT is taken all the same', async t => {
  const server = createServer().listen({ port: 0, host: '127.0.0.1', reusePort: true })
  t.teardown(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  t.match(await probe({ address: '127.0.0.1', port }), /^Cannot listen on 127.0.0.1:\d+: another program has/)
})

t.test('port 0 becomes a port, and it is free again', async t => {
  const port = await probe({ address: '127.0.0.1', port: 0 })
  t.type(port, 'number')
  t.equal(await probe({ address: '127.0.0.1', port: port as number }), port)
})

t.test('an address that is not ours is a sentence', async t => {
  t.match(await probe({ address: '192.0.2.1', port: 2525 }), /this machine has no such address/)
})

t.test('an IPv6 address is written in brackets', t => {
  t.equal(formatEndpoint({ address: '::1', port: 25 }), '[::1]:25')
  t.end()
})
