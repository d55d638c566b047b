/**
 * The disk of the data directory: what a 250 waits for.
 */
import { existsSync, readlinkSync, realpathSync, statfsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readNumber, readText } from '#engine/placement/read-topology.ts'
import { type Advice, type Finding, findingsOf, firstOf, formatOctets } from '#engine/tuning/finding.ts'

const finding = findingsOf('disk')

interface Mount {
  /** Major and minor number of the device. */
  readonly device: string
  readonly place: string
  readonly options: readonly string[]
  readonly type: string
  readonly source: string
}

/** `data` need not exist yet: the nearest folder above it that does is looked at. */
export function diskFindings(root: string, data: string, minimumFree: number): Finding[] {
  const folder = nearestExisting(resolve(data))
  const mount = mountOf(readText(root, 'proc/self/mountinfo') ?? '', folder)
  return [
    spaceFinding(folder, minimumFree),
    ...(mount === undefined ? [] : [fileSystemFinding(mount), ...deviceFindings(root, mount)]),
  ]
}

function nearestExisting(path: string): string {
  return existsSync(path)
    ? realpathSync(path)
    : dirname(path) === path
      ? path
      : nearestExisting(dirname(path))
}

function spaceFinding(folder: string, minimumFree: number): Finding {
  const { bavail, blocks, bsize } = statfsSync(folder)
  const free = bavail * bsize
  return finding(
    'space',
    `${formatOctets(free)} of ${formatOctets(blocks * bsize)} free below ${folder}`,
    firstOf(
      free < minimumFree && {
        sentence: `Mail is answered 452 while less than ${formatOctets(minimumFree)} is free (spool.minimumFree).`,
      },
      free < minimumFree * 4 && {
        sentence: `Not much is left until mail is answered 452, below ${formatOctets(minimumFree)} (spool.minimumFree).`,
      },
    ),
  )
}

/** The mount that a folder is on: the longest that it lies below, the last of those (proc(5)). */
export function mountOf(mountinfo: string, folder: string): Mount | undefined {
  const mounts = mountinfo.split('\n').flatMap(readMount)
  const around = mounts.filter(
    ({ place }) => place === '/' || folder === place || folder.startsWith(`${place}/`),
  )
  const longest = Math.max(0, ...around.map(({ place }) => place.length))
  return around.findLast(({ place }) => place.length === longest)
}

function readMount(line: string): Mount[] {
  const [left, right] = line.split(' - ')
  const [, , device, , place, options] = (left ?? '').split(' ')
  const [type, source, ofAll] = (right ?? '').split(' ')
  if (device === undefined || place === undefined || type === undefined) return []
  return [
    {
      device,
      // Spaces and backslashes are octal.
      place: place.replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
      options: [...(options ?? '').split(','), ...(ofAll ?? '').split(',')],
      type,
      source: source ?? '',
    },
  ]
}

const inMemory = new Set(['tmpfs', 'ramfs'])
const overNetwork = /^(nfs|cifs|smb|fuse|9p|virtiofs|ceph|gluster)/

function fileSystemFinding({ type, source, place, options }: Mount): Finding {
  const unsafe = options.find(option => option === 'nobarrier' || option === 'barrier=0')
  return finding(
    'file system',
    `${type} on ${source}, mounted at ${place}`,
    firstOf(
      inMemory.has(type) && {
        sentence:
          'It lies in memory: accepted mail is lost at the next start. Set data to a folder on a disk.',
      },
      unsafe !== undefined && {
        sentence: `It is mounted with ${unsafe}: a power cut may lose mail that was answered 250.`,
        command: `mount -o remount,barrier=1 ${place}`,
      },
      overNetwork.test(type) && {
        sentence:
          'Each 250 waits for the server of this file system, and for its promise to have synced. A local disk is safer.',
      },
      type === 'overlay' && {
        sentence:
          'It belongs to a container, and so does the mail in it. Mount a volume for the data directory.',
      },
    ),
  )
}

function deviceFindings(root: string, mount: Mount): Finding[] {
  const device = deviceFolder(root, mount.device)
  if (device === undefined) return []
  const name = device.split('/').at(-1)!
  const rotational = readNumber(device, 'queue/rotational')
  if (rotational === undefined) return []
  const scheduler = /\[([\w-]+)\]/.exec(readText(device, 'queue/scheduler') ?? '')?.[1]
  const cache = readText(device, 'queue/write_cache')
  // Virtual disks say so whatever is below them.
  const virtual = /^flags\s*:.*\bhypervisor\b/m.test(readText(root, 'proc/cpuinfo') ?? '')
  const rotating = rotational === 1 && !virtual
  const kind = virtual ? 'of a virtual machine' : rotating ? 'rotating' : 'solid state'
  return [
    finding(
      'device',
      [name, kind, cache === undefined ? '' : `write cache ${cache}`].filter(Boolean).join(', '),
      firstOf(
        rotating && {
          sentence:
            'Each sync waits for a turn of the disk, some 8 ms. A solid state disk takes many times as much mail.',
        },
      ),
    ),
    ...(scheduler === undefined
      ? []
      : [finding('scheduler', scheduler, schedulerAdvice(name, scheduler, rotating))]),
  ]
}

function schedulerAdvice(name: string, scheduler: string, rotating: boolean): Advice | undefined {
  if (rotating || scheduler === 'none' || scheduler === 'mq-deadline') return undefined
  return {
    sentence: 'It holds requests back to sort them, which a solid state disk does not need.',
    command: `echo none > /sys/block/${name}/queue/scheduler`,
  }
}

/** Of a partition that of its disk. */
function deviceFolder(root: string, device: string): string | undefined {
  const link = join(root, 'sys/dev/block', device)
  try {
    const folder = resolve(dirname(link), readlinkSync(link))
    return existsSync(join(folder, 'partition')) ? dirname(folder) : folder
  } catch {
    return undefined
  }
}
