/**
 * Rspamd as Debian configures it, with Redis behind its Bayes classifier: a controller that learns, one worker that scores.
 *
 * What needs the network is switched off, so that it does not cost time either. What it learns is up to it: its default
 * leaves out a mail of which it is sure already. Leaves out: the client's CPU, and that of the helper that compiles its
 * expressions after the first start; of both programs only what they take while mails are at work is counted.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Owner, type Program, run, startProgram } from '../../test/peers/process.ts'
import { until } from '../../test/peers/ready.ts'
import { processTree } from '../measure/process-tree.ts'
import { type Contestant, offline } from './contestant.ts'

/** They ask the network, or remember what a site has seen; none of them works from the message alone. */
const modulesOff =
  'arc asn dkim dkim_signing dmarc fuzzy_check greylist history_redis mx_check neural ratelimit rbl replies reputation rspamd_update spf surbl url_redirector'

const settings = (folder: string): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(modulesOff.split(' ').map(name => [`${name}.conf`, 'enabled = false;'])),
  'options.inc': `filters = "chartable,regexp";
dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }
control_socket = "${folder}/control.sock mode=0600";
disable_monitoring = true;
hs_cache_dir = "${dirname(folder)}/rspamd-expressions";`,
  'worker-normal.inc': `bind_socket = "${folder}/normal.sock mode=0600"; count = 1; task_timeout = 60s;`,
  'worker-controller.inc': `bind_socket = "${folder}/controller.sock mode=0600"; count = 1;`,
  'worker-proxy.inc': 'enabled = false; count = 0;',
  'logging.inc': 'type = "console"; level = "error";',
  'classifier-bayes.conf': `backend = "redis"; servers = "${folder}/redis.sock";`,
})

export const rspamd: Contestant = {
  name: 'rspamd',
  version: async () => /(\d[\d.]+)/.exec((await run('rspamd', ['--version'])).output)?.[1] ?? 'unknown',
  async teach(owner, { ham, spam, folder }) {
    const programs = await start(owner, folder)
    const before = cpuSeconds(programs)
    const learn = (kind: 'ham' | 'spam') => async (file: string) => {
      await post(join(folder, 'controller.sock'), `/learn${kind}`, file)
    }
    await inTurns(spam, learn('spam'))
    await inTurns(ham, learn('ham'))
    return {
      cpuSeconds: cpuSeconds(programs) - before,
      async score(files) {
        const start = cpuSeconds(programs)
        const scores = await inTurns(files, async file => {
          const answer = JSON.parse(await post(join(folder, 'normal.sock'), '/checkv2', file)) as {
            score?: number
          }
          if (typeof answer.score !== 'number') throw new Error(`rspamd gives no score for ${file}`)
          return answer.score
        })
        return {
          scores: { rspamd: scores },
          costs: { rspamd: { mails: files.length, cpuSeconds: cpuSeconds(programs) - start } },
        }
      },
    }
  },
}

async function start(owner: Owner, folder: string): Promise<readonly Program[]> {
  for (const name of ['', 'local.d', 'override.d', 'maps.d', '../rspamd-expressions'])
    mkdirSync(join(folder, name), { recursive: true })
  for (const [name, content] of Object.entries(settings(folder)))
    writeFileSync(join(folder, 'local.d', name), `${content}\n`)
  const memory = ['--port', '0', '--save', '', '--appendonly', 'no', '--dir', folder]
  const redis = await begin(['redis-server', ...memory, '--unixsocket', `${folder}/redis.sock`])
  owner.teardown(redis.stop)
  const places = ['LOCAL_CONFDIR', 'DBDIR', 'RUNDIR', 'LOGDIR'].flatMap(name => [
    '--var',
    `${name}=${folder}`,
  ])
  const own = ['-f', '-i', '-c', '/etc/rspamd/rspamd.conf']
  const filter = await begin(['rspamd', ...own, ...places])
  owner.teardown(filter.stop)
  for (const name of ['normal', 'controller'])
    await until(`rspamd's ${name} worker:\n${filter.output()}`, () => ping(join(folder, `${name}.sock`)), 300)
  return [redis, filter]
}

const begin = ([command, ...args]: readonly string[]): Promise<Program> =>
  startProgram(offline[0], [...offline.slice(1), command!, ...args])

const ping = (socketPath: string): Promise<boolean> =>
  new Promise(resolve => {
    request({ socketPath, path: '/ping' }, answer => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
      .on('error', () => resolve(false))
      .end()
  })

/** The helper compiles once for all folds, while others work already. */
function cpuSeconds(programs: readonly Program[]): number {
  const ticks = programs
    .flatMap(({ pid }) => [...processTree(pid)])
    .filter(([pid]) => !commandOf(pid).includes('hs_helper'))
    .reduce((sum, [, stat]) => sum + stat.ticks, 0)
  return ticks / 100
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

/**
 * A refusal to learn is an answer; a failure is not. Read from the socket, since it refuses with 204 and a body, which no
 * client of HTTP takes.
 */
async function post(socket: string, path: string, file: string): Promise<string> {
  const content = readFileSync(file)
  const connection = connect(socket)
  connection.write(`POST ${path} HTTP/1.0\r\nContent-Length: ${content.length}\r\n\r\n`)
  connection.write(content)
  const answer = await text(connection)
  const status = Number(/^HTTP\/1\.\d (\d{3}) /.exec(answer)?.[1])
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4)
  if (status >= 200 && status < 500) return body
  throw new Error(`rspamd answers ${status} to ${path} of ${file}: ${body}`)
}

/** One after the other, so that what is learned does not depend on luck. */
async function inTurns<T>(
  files: readonly string[],
  work: (file: string) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = []
  for (const file of files) results.push(await work(file))
  return results
}
