/**
 * Promise 8: concurrent TLS handshakes are bounded; a flood of them does not stop sessions that are established, and ends
 * when its places are free again.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import t from 'tap'
import type { Place } from '#mail/admission.ts'
import { type Refusal, refuse } from '#mail/refusal.ts'
import { tooManyHandshakes } from '#mail/replies.ts'
import { rig, until } from '../listener/rig.ts'
import { HandTimers, OpenAdmission, world } from '../session/fakes.ts'

const places = 5

class Bounded extends OpenAdmission {
  taken = 0
  most = 0
  override handshake(): Place | Refusal {
    if (this.taken === places) return refuse('tls-handshakes', tooManyHandshakes)
    this.most = Math.max(this.most, ++this.taken)
    let held = true
    return {
      kind: 'place',
      release: () => {
        if (held) this.taken--
        held = false
      },
    }
  }
}

const bounded = () => {
  const it = world()
  const admission = new Bounded()
  return { ...it, admission, host: { ...it.host, admission } }
}

/** Connects and says nothing. */
async function rawConnection(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

t.test('a flood of implicit handshakes has so many places and no more', async t => {
  const timers = new HandTimers()
  const from = bounded()
  const it = await rig(t, { tls: 'implicit', timers, world: from })
  const established = await it.connect({})
  await established.reply()
  const flood = await Promise.all(Array.from({ length: 30 }, () => rawConnection(it.listener.port)))
  await until(() => from.events.filter(({ event }) => event === 'refused').length === 30 - places, 'refusals')
  t.equal(from.admission.taken, places)
  t.match(await established.ask('NOOP'), /^250 /, 'the established session goes on')
  timers.advance(30_000)
  await until(() => from.admission.taken === 0, 'the places are free again')
  const next = await it.connect({})
  t.match(await next.reply(), /^220 /)
  t.equal(from.admission.most, places)
  for (const socket of flood) socket.destroy()
})

t.test('STARTTLS counts as well, and a client that leaves gives its place back', async t => {
  const from = bounded()
  const it = await rig(t, { tls: 'starttls', world: from })
  const clients = []
  for (let count = 0; count <= places; count++) {
    const client = await it.connect()
    await client.reply()
    await client.ask('EHLO client.example')
    clients.push(client)
  }
  for (const client of clients.slice(0, places)) t.match(await client.ask('STARTTLS'), /^220 /)
  const last = clients[places]!
  t.match(await last.ask('STARTTLS'), /^454 /)
  clients[0]!.destroy()
  await until(() => from.admission.taken === places - 1, 'its place is free again')
  t.match(await last.ask('STARTTLS'), /^220 /)
  await last.startTls()
  t.match(await last.ask('NOOP'), /^250 /)
})
