/** Promise 26: the mail interface exposes SMTP only; everything else is on the management zone. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { freePort } from '../peers/ready.ts'
import { startSluice } from '../peers/sluice.ts'

/** TCP ports on which a process listens, as the kernel has them: a port scan that misses nothing. */
function listening(pid: number): number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map(descriptor => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${descriptor}`)
      } catch {
        return '' // Closed in the meantime.
      }
    }),
  )
  const rows = ['tcp', 'tcp6'].flatMap(table => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n'))
  return rows.flatMap(row => {
    const [, local, , state, , , , , , inode] = row.trim().split(/\s+/)
    return state === '0A' && sockets.has(`socket:[${inode}]`)
      ? [Number.parseInt(local!.split(':')[1]!, 16)]
      : []
  })
}

t.test('the ports of the configuration are open, and no other', async t => {
  const inside = await freePort()
  const sluice = await startSluice(t, { zones: { inside: { listen: [`127.0.0.1:${inside}`] } } })
  const expected = [sluice.port, inside, sluice.managementPort]
  t.same([...new Set(listening(sluice.pid))].sort(), expected.sort())

  for (const [zone, port] of [
    ['outside', sluice.port],
    ['inside', inside],
  ] as const)
    t.test(`${zone}: an HTTP request is answered in SMTP and nothing of the management is said`, async t => {
      for (const request of ['GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n', 'POST /healthz HTTP/1.1\r\n\r\n']) {
        const socket = connect(port, '127.0.0.1')
        socket.setEncoding('latin1')
        socket.once('data', () => socket.write(request))
        const answer = await text(socket)
        for (const line of answer.split('\r\n').filter(Boolean)) t.match(line, /^[2-5]\d\d[ -]/)
        t.notMatch(answer, /sluice_|serving/)
      }
    })
})
