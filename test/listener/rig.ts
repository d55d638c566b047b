/** A real listener on loopback with real sessions behind it, and everything else in memory. */
import { setTimeout } from 'node:timers/promises'
import type { ConnectionOptions, SecureContext } from 'node:tls'
import type { Test } from 'tap'
import { type ListenerOptions, openListener, type SmtpListener } from '#listener/listener.ts'
import { systemTimers, type Timers } from '#mail/timers.ts'
import { createTlsContext, loadTls } from '#network/tls.ts'
import { DeadlineWatch } from '#session/deadline-watch.ts'
import { Session } from '#session/session.ts'
import { type World, world } from '../session/fakes.ts'
import { SmtpClient } from './client.ts'

export interface Rig extends World {
  readonly listener: SmtpListener
  /** With options of TLS: TLS from the first byte. */
  connect(tls?: ConnectionOptions): Promise<SmtpClient>
}

export interface RigOptions {
  readonly tls?: ListenerOptions['listener']['tls']
  readonly proxyFrom?: string[]
  readonly requestClientCertificate?: boolean
  readonly world?: World
  readonly timers?: Timers
  readonly open?: ListenerOptions['open']
}

export async function contextFor(t: Test): Promise<SecureContext> {
  const settings = { minimumVersion: 'TLSv1.2' } as const
  const material = await loadTls({ settings, hostname: 'mx.sluice.test', directory: t.testdir() })
  if (material.kind === 'tls-error') throw new Error(material.sentence)
  const context = createTlsContext(material)
  if ('kind' in context) throw new Error(context.sentence)
  return context
}

export async function rig(t: Test, options: RigOptions = {}): Promise<Rig> {
  const from = options.world ?? world()
  const timers = options.timers ?? systemTimers
  const host = { ...from.host, timers, watch: new DeadlineWatch(timers) }
  const tls = options.tls ?? 'off'
  const listener = await openListener({
    zone: 'outside',
    listener: {
      address: '127.0.0.1',
      port: 0,
      tls,
      proxyFrom: options.proxyFrom ?? [],
      requestClientCertificate: options.requestClientCertificate ?? false,
    },
    ...(tls !== 'off' && { tls: { default: await contextFor(t) } }),
    admission: from.admission,
    track: host.track,
    timers,
    handshakeDeadline: 30_000,
    complain: host.complain,
    open: options.open ?? ((peer, transport) => new Session(host, peer, transport)),
  })
  const clients: SmtpClient[] = []
  t.teardown(async () => {
    for (const client of clients) client.destroy()
    await listener.drain(0)
  })
  return {
    ...from,
    listener,
    async connect(options) {
      const client = await SmtpClient.connect(listener.port, options)
      clients.push(client)
      return client
    },
  }
}

/** Until the condition holds; there is no event for what the kernel has in hand. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await setTimeout(5)
  }
}
