import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type ConnectionOptions, connect } from 'node:tls'
import { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { createTlsContext, loadTls, type TlsError, type TlsMaterial } from '../../src/network/tls.ts'

const modern = { minimumVersion: 'TLSv1.2' } as const

async function material(
  t: Test,
  settings = {},
  hostname = 'mx.example.org',
  directory = join(t.testdir(), 'tls'),
) {
  const loaded = await loadTls({ settings: { ...modern, ...settings }, hostname, directory })
  return { loaded, directory }
}

const usable = (loaded: TlsMaterial | TlsError): TlsMaterial => {
  if (loaded.kind === 'tls-error') throw new Error(loaded.sentence)
  return loaded
}

async function serve(t: Test, workerData: TlsMaterial): Promise<number> {
  const worker = new Worker(new URL('tls-server.ts', import.meta.url), { workerData })
  t.teardown(() => worker.terminate())
  const [port] = await once(worker, 'message')
  return port
}

/** One connection to its end: what the server said, whether the session was resumed, and the session for the next. */
async function visit(port: number, options: ConnectionOptions = {}) {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  let session: Buffer | undefined
  socket.on('session', ticket => {
    session = ticket
  })
  await once(socket, 'secureConnect')
  const facts = { resumed: socket.isSessionReused(), protocol: socket.getProtocol() }
  return { ...facts, said: JSON.parse(await text(socket)), session }
}

t.test('without a certificate one is made, for the host name, with a key for nobody else', async t => {
  const { loaded, directory } = await material(t)
  const certificate = new X509Certificate(usable(loaded).certificate)
  t.equal(certificate.checkHost('mx.example.org'), 'mx.example.org')
  t.equal(certificate.checkHost('other.example.org'), undefined)
  t.notOk(certificate.ca)
  t.ok(certificate.validToDate.getTime() > Date.now() + 9 * 365 * 86_400_000)
  t.equal(statSync(directory).mode & 0o777, 0o700)
  t.equal(statSync(join(directory, 'self-signed')).mode & 0o777, 0o700)
  t.equal(statSync(join(directory, 'self-signed', 'key.pem')).mode & 0o777, 0o600)
  t.strictSame(readdirSync(directory), ['self-signed'], 'nothing is left of the making')
  t.strictSame(readdirSync(join(directory, 'self-signed')).sort(), ['certificate.pem', 'key.pem'])
})

t.test('it is made once, and anew for another host name or when it is damaged', async t => {
  const { loaded: first, directory } = await material(t)
  const again = await material(t, {}, 'MX.Example.org', directory)
  t.equal(usable(again.loaded).certificate, usable(first).certificate)
  const renamed = await material(t, {}, 'mx2.example.org', directory)
  t.not(usable(renamed.loaded).certificate, usable(first).certificate)
  writeFileSync(join(directory, 'self-signed', 'key.pem'), 'damaged')
  const repaired = await material(t, {}, 'mx2.example.org', directory)
  t.not(usable(repaired.loaded).key, 'damaged')
})

t.test('a host name that cannot stand in a certificate does no harm', async t => {
  for (const hostname of [
    'my_host',
    'a,DNS:evil.example',
    'a\n[extensions]',
    '',
    `${'a'.repeat(63)}.${'b'.repeat(63)}.example`,
  ]) {
    const { loaded } = await material(t, {}, hostname, join(t.testdir(), 'tls'))
    t.notMatch(
      new X509Certificate(usable(loaded).certificate).subjectAltName,
      /evil/,
      JSON.stringify(hostname),
    )
  }
  const { loaded } = await material(t, {}, '192.0.2.1', join(t.testdir(), 'tls'))
  t.equal(new X509Certificate(usable(loaded).certificate).checkIP('192.0.2.1'), '192.0.2.1')
})

t.test('what cannot be used is an error with a sentence', async t => {
  const { directory } = await material(t)
  const good = {
    certificate: join(directory, 'self-signed/certificate.pem'),
    key: join(directory, 'self-signed/key.pem'),
  }
  const rubbish = join(directory, 'rubbish.pem')
  writeFileSync(rubbish, 'rubbish')
  for (const settings of [
    { ...good, key: join(directory, 'missing.pem') },
    { ...good, key: rubbish },
    { ...good, certificate: rubbish },
  ]) {
    const { loaded } = await material(t, settings, 'mx.example.org', directory)
    t.match(loaded, { kind: 'tls-error', sentence: /^Certificate and key cannot be .+\.$/ })
  }
  t.match((await material(t, {}, 'x.example', join(rubbish, 'below'))).loaded, {
    kind: 'tls-error',
    sentence: /none can be made/,
  })
  const { loaded } = await material(t, good, 'other.example', directory)
  t.equal(
    usable(loaded).certificate,
    readFileSync(good.certificate, 'utf8'),
    'a named pair is taken as it is',
  )
})

t.test('a session that began on one thread resumes on another', async t => {
  const shared = usable((await material(t)).loaded)
  const [one, two] = [await serve(t, shared), await serve(t, shared)]
  const stranger = await serve(t, { ...shared, ticketKeys: new Uint8Array(48) })
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const options = { minVersion: version, maxVersion: version }
    const first = await visit(one, options)
    t.match(first, { resumed: false, protocol: version })
    t.ok(first.session)
    t.match(await visit(two, { ...options, session: first.session! }), { resumed: true, protocol: version })
    t.match(
      await visit(stranger, { ...options, session: first.session! }),
      { resumed: false },
      'not with other keys',
    )
  }
})

t.test('the minimum version is kept', async t => {
  const strict = await serve(t, usable((await material(t, { minimumVersion: 'TLSv1.3' })).loaded))
  await t.rejects(visit(strict, { maxVersion: 'TLSv1.2' }))
  t.match(await visit(strict), { protocol: 'TLSv1.3' })
})

t.test('a client certificate is known also when the session is resumed', async t => {
  const { loaded, directory } = await material(t)
  const port = await serve(t, usable(loaded))
  const file = join(directory, 'self-signed', 'certificate.pem')
  const printed = execFileSync('openssl', ['x509', '-noout', '-fingerprint', '-sha256', '-in', file], {
    encoding: 'utf8',
  })
  const peer = printed.trim().replace(/^.*=/, '')
  const identity = { cert: usable(loaded).certificate, key: usable(loaded).key }
  const first = await visit(port, identity)
  t.strictSame(first.said, { peer })
  const second = await visit(port, { ...identity, session: first.session! })
  t.match(second, { resumed: true, said: { peer } })
  t.strictSame((await visit(port)).said, { peer: null })
})

t.test('a context is an error when the material does not fit', async t => {
  const { loaded } = await material(t)
  t.match(createTlsContext({ ...usable(loaded), key: 'x' }), { kind: 'tls-error' })
})
