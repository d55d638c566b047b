/**
 * A real authoritative DNS server (NSD) on loopback that serves one zone over UDP and TCP. A name in the zone that does
 * not exist is NXDOMAIN, a name outside it is REFUSED.
 */

import { Resolver } from 'node:dns/promises'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Owner, peerDirectory, startProgram } from './process.ts'
import { freePort, until } from './ready.ts'

export interface Nsd {
  readonly port: number
  /** `127.0.0.1:PORT`, as `delivery.dns` of the configuration takes it. */
  readonly server: string
  stop(): Promise<void>
}

/** `records` are lines of a zone file relative to `origin` (`mx1 A 127.0.0.1`); SOA and NS are added. */
export async function startNsd(owner: Owner | undefined, origin: string, records: string): Promise<Nsd> {
  const directory = await peerDirectory('nsd', owner)
  const port = await freePort()
  const zoneFile = join(directory, 'zone')
  await writeFile(
    zoneFile,
    `$ORIGIN ${origin}.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n${records}\n`,
  )
  await writeFile(join(directory, 'nsd.conf'), configuration(directory, port, origin, zoneFile))
  const program = await startProgram('nsd', ['-d', '-c', join(directory, 'nsd.conf')])
  owner?.teardown(program.stop)
  const resolver = new Resolver({ timeout: 500, tries: 1 })
  resolver.setServers([`127.0.0.1:${port}`])
  await until('NSD to answer', () =>
    resolver.resolveSoa(origin).then(
      () => true,
      () => false,
    ),
  ).catch(error => {
    throw new Error(`${(error as Error).message}\n${program.output()}`)
  })
  return { port, server: `127.0.0.1:${port}`, stop: program.stop }
}

const configuration = (directory: string, port: number, origin: string, zoneFile: string) => `
server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  zonesdir: "${directory}"
  pidfile: "${directory}/nsd.pid"
  xfrdfile: "${directory}/xfrd.state"
  zonelistfile: "${directory}/zone.list"
  database: ""
  verbosity: 0
remote-control:
  control-enable: no
zone:
  name: ${origin}
  zonefile: ${zoneFile}
`
