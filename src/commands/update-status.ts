/**
 * What `sluice update --status` says: the bundle in force, until when it counts, the one before it, the last update.
 */
import { printable } from '#commands/printable.ts'
import { dayOf } from '#content/bundle/admit.ts'
import { type Attempt, readAttempt } from '#content/bundle/attempt.ts'
import { type Candidate, candidates } from '#content/bundle/installed.ts'
import type { PublicKey } from '#content/bundle/keys.ts'
import type { EngineStatus } from '#control/protocol.ts'
import { askEngine } from '#control/socket.ts'

export interface Told {
  readonly status: 0 | 1
  readonly text: string
}

export async function statusOf(
  data: string,
  directory: string,
  keys: readonly PublicKey[],
  json: boolean,
): Promise<Told> {
  const { bundles, trouble } = await candidates(directory, keys)
  const last = await readAttempt(directory)
  const engine = (await askEngine(data, { ask: 'status' })) as EngineStatus | undefined
  const [current, previous] = bundles.map(describe)
  const problems = [
    ...(trouble === undefined ? [] : [trouble]),
    ...(keys.length === 0 ? ['no key is trusted: name one in updates.keys'] : []),
    ...(current?.problem === undefined ? [] : [current.problem]),
    ...(last?.outcome === 'refused' ? [`the last update was refused: ${last.sentence}`] : []),
    ...(engine !== undefined && current !== undefined && engine.bundle !== current.folder
      ? [`the running gateway uses ${engine.bundle === undefined ? 'no bundle' : `bundle ${engine.bundle}`}`]
      : []),
  ]
  const facts = { current, previous, last, running: engine?.bundle, problems }
  return {
    status: problems.length === 0 ? 0 : 1,
    text: json ? `${JSON.stringify(facts)}\n` : asText(facts),
  }
}

interface Described {
  readonly folder: string
  readonly name?: string
  readonly sequence?: number
  readonly created?: string
  readonly expires?: string
  readonly files?: number
  /** Without its full stop. */
  readonly problem?: string
}

function describe({ folder, opened }: Candidate): Described {
  if (opened.kind === 'refused')
    return { folder, problem: `bundle ${folder} cannot be used: ${opened.sentence}` }
  const { name, sequence, created, expires, files } = opened.manifest
  return {
    folder,
    name,
    sequence,
    created: new Date(created).toISOString(),
    expires: new Date(expires).toISOString(),
    files: files.length,
    ...(expires <= Date.now() && { problem: `bundle ${sequence} expired on ${dayOf(expires)}` }),
  }
}

interface Facts {
  readonly current: Described | undefined
  readonly previous: Described | undefined
  readonly last: Attempt | undefined
  readonly running: string | undefined
  readonly problems: readonly string[]
}

function asText({ current, previous, last, problems }: Facts): string {
  const rows = [
    `in force     ${line(current)}`,
    ...(previous === undefined ? [] : [`before it    ${line(previous)}`]),
    ...(last === undefined
      ? []
      : [
          `last update  ${new Date(last.at).toISOString()} from ${last.from}: ${last.outcome}, ${last.sentence}`,
        ]),
    ...problems.map(problem => `problem      ${problem}`),
  ]
  return rows.map(row => `${printable(row)}\n`).join('')
}

function line(bundle: Described | undefined): string {
  if (bundle === undefined) return 'no bundle'
  const { folder, name, sequence, created, expires, files } = bundle
  if (name === undefined) return `bundle ${folder}`
  return `bundle ${sequence} of ${name}, ${files} files, made on ${created!.slice(0, 10)}, until ${expires!.slice(0, 10)}`
}
