/**
 * Whether a bundle may take the place of the one that is installed, by what its manifest says.
 *
 * A signature only says that a bundle was right once. A mirror that is not trusted could hand out an old one, with rules that
 * spammers have learned to pass, so that sequence numbers only rise; and it could hand out nothing new for ever, which the
 * expiry tells.
 */
import { type Manifest, readVersion } from './manifest.ts'
import { type BundleRefusal, refuse } from './refusal.ts'

export interface Before {
  /** undefined when no bundle was ever installed. */
  readonly name: string | undefined
  /** Of all bundles that were ever in force. */
  readonly highest: number
}

export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly now: number
  /** Of the running program. */
  readonly version: string
  /** An older one, an expired one, one of another series: the operator wants it all the same. */
  readonly force: boolean
}

/** undefined: it may. Nothing makes up for a wrong signature or version, which is why `force` is only asked here. */
export function refusalOf(
  manifest: Manifest,
  before: Before,
  { now, version, force }: Circumstances,
): BundleRefusal | undefined {
  if (isOlder(version, manifest.minimumVersion))
    return refuse('version', `it needs Sluice ${manifest.minimumVersion}, and this is ${version}`)
  if (force) return undefined
  if (manifest.expires <= now)
    return refuse('expired', `it expired on ${dayOf(manifest.expires)}; --force installs it all the same`)
  if (before.name !== undefined && before.name !== manifest.name)
    return refuse(
      'series',
      `it is one of ${manifest.name}, and ${before.name} is installed; --force changes to it`,
    )
  if (manifest.sequence <= before.highest)
    return refuse(
      'replayed',
      `its number is ${manifest.sequence}, and ${before.highest} was installed before; --force goes back`,
    )
  return undefined
}

export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

function isOlder(version: string, wanted: string): boolean {
  const [mine, theirs] = [readVersion(version), readVersion(wanted)]
  if (mine === undefined || theirs === undefined) return true
  const different = mine.findIndex((number, index) => number !== theirs[index])
  return different >= 0 && mine[different]! < theirs[different]!
}
