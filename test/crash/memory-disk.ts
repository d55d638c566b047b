/**
 * A disk in memory that remembers every write, sync and change of a directory, and can show what it would hold had the power
 * failed at any of them.
 *
 * The model is the weak one that POSIX allows: a write reaches the medium with the next sync of its file (or at once when the
 * file was opened O_DSYNC), before that perhaps, in part, or in any order. Changes of a directory reach it in their order,
 * with the next sync of the directory at the latest.
 */
import { dirname } from 'node:path'
import type { SpoolFiles } from '#spool/files.ts'

interface Inode {
  data: Buffer
}

type Event =
  | {
      readonly kind: 'write'
      readonly inode: Inode
      readonly position: number
      readonly data: Buffer
      readonly durable: boolean
    }
  | { readonly kind: 'sync'; readonly inode: Inode }
  | { readonly kind: 'link'; readonly path: string; readonly inode: Inode }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly inode: Inode }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'syncDirectory'; readonly path: string }

type NameChange = Extract<Event, { kind: 'link' | 'rename' | 'remove' }>
type Write = Extract<Event, { kind: 'write' }>

const fail = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code })

function put(inode: Inode, position: number, data: Uint8Array): void {
  const end = position + data.length
  if (end > inode.data.length) {
    const larger = Buffer.alloc(end)
    inode.data.copy(larger)
    inode.data = larger
  }
  inode.data.set(data, position)
}

export class MemoryDisk implements SpoolFiles {
  readonly events: Event[] = []
  readonly #names = new Map<string, Inode>()
  readonly #descriptors = new Map<number, { inode: Inode; durable: boolean }>()
  #next = 3
  /** Asked before each operation; what it throws is what the operation fails with. */
  fault: (operation: 'write' | 'sync' | 'open' | 'read' | 'rename' | 'remove', path: string) => void =
    () => {}
  freeOctets = 2 ** 40
  readonly #paths = new Map<Inode, string>()

  #inode(descriptor: number): Inode {
    const open = this.#descriptors.get(descriptor)
    if (open === undefined) throw fail('EBADF', String(descriptor))
    return open.inode
  }

  async makeDirectory(): Promise<void> {}

  async list(path: string): Promise<readonly string[]> {
    return [...this.#names.keys()]
      .filter(name => dirname(name) === path)
      .map(name => name.slice(path.length + 1))
  }

  async open(path: string, mode: 'read' | 'update' | 'replace', durable: boolean): Promise<number> {
    this.fault('open', path)
    let inode = this.#names.get(path)
    if (mode === 'replace') {
      inode = { data: Buffer.alloc(0) }
      this.#names.set(path, inode)
      this.events.push({ kind: 'link', path, inode })
    }
    if (inode === undefined) throw fail('ENOENT', path)
    this.#paths.set(inode, path)
    this.#descriptors.set(this.#next, { inode, durable })
    return this.#next++
  }

  async size(descriptor: number): Promise<number> {
    return this.#inode(descriptor).data.length
  }

  async read(descriptor: number, into: Uint8Array, position: number): Promise<number> {
    const inode = this.#inode(descriptor)
    this.fault('read', this.#paths.get(inode)!)
    return inode.data.copy(into, 0, position, position + into.length)
  }

  async write(descriptor: number, chunks: readonly Uint8Array[], position: number): Promise<void> {
    const inode = this.#inode(descriptor)
    this.fault('write', this.#paths.get(inode)!)
    const data = Buffer.concat(chunks)
    put(inode, position, data)
    const { durable } = this.#descriptors.get(descriptor)!
    this.events.push({ kind: 'write', inode, position, data, durable })
  }

  async sync(descriptor: number): Promise<void> {
    const inode = this.#inode(descriptor)
    this.fault('sync', this.#paths.get(inode)!)
    this.events.push({ kind: 'sync', inode })
  }

  async syncDirectory(path: string): Promise<void> {
    this.fault('sync', path)
    this.events.push({ kind: 'syncDirectory', path })
  }

  async close(descriptor: number): Promise<void> {
    if (!this.#descriptors.delete(descriptor)) throw fail('EBADF', String(descriptor))
  }

  async rename(from: string, to: string): Promise<void> {
    this.fault('rename', from)
    const inode = this.#names.get(from)
    if (inode === undefined) throw fail('ENOENT', from)
    this.#names.delete(from)
    this.#names.set(to, inode)
    this.#paths.set(inode, to)
    this.events.push({ kind: 'rename', from, to, inode })
  }

  async remove(path: string): Promise<void> {
    this.fault('remove', path)
    if (this.#names.delete(path)) this.events.push({ kind: 'remove', path })
  }

  async free(): Promise<number> {
    return this.freeOctets
  }

  get openDescriptors(): number {
    return this.#descriptors.size
  }

  file(path: string): Buffer | undefined {
    return this.#names.get(path)?.data
  }

  paths(): readonly string[] {
    return [...this.#names.keys()]
  }

  inodes(): Iterable<readonly [string, Inode]> {
    return this.#names
  }

  setFile(path: string, data: Buffer): void {
    this.#names.set(path, { data })
  }
}

/** A source of decisions for one crash: below 1. */
export type Chance = () => number

/** Small, seeded, good enough to pick what survives (mulberry32). */
export function chances(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Walks along the events of a disk and cuts the power where it stands. */
export class PowerCut {
  readonly #events: readonly Event[]
  #at = 0
  readonly #names = new Map<string, Inode>()
  readonly #durable = new Map<Inode, Inode>()
  #writes: Write[] = []
  #changes: NameChange[] = []

  /**
   * With `cache`, the disk began with these files. They were on the medium, or of them only what `medium` says: a process was
   * killed, its writes were in the page cache, and the next process sees them there.
   */
  constructor(events: readonly Event[], cache?: MemoryDisk, medium: MemoryDisk | undefined = cache) {
    this.#events = events
    for (const [path, inode] of cache?.inodes() ?? []) {
      const durable = medium!.file(path)
      if (durable === undefined) this.#changes.push({ kind: 'link', path, inode })
      else this.#names.set(path, inode)
      this.#durable.set(inode, { data: Buffer.from(durable ?? Buffer.alloc(0)) })
      if (durable === undefined || !durable.equals(inode.data))
        this.#writes.push({
          kind: 'write',
          inode,
          position: 0,
          data: Buffer.from(inode.data),
          durable: false,
        })
    }
    for (const [path, inode] of medium?.inodes() ?? []) {
      if (cache!.file(path) !== undefined) continue
      this.#names.set(path, inode)
      this.#durable.set(inode, { data: Buffer.from(inode.data) })
      this.#changes.push({ kind: 'remove', path })
    }
  }

  /** Lets the disk do its work up to, not including, this event. */
  advance(to: number): void {
    for (; this.#at < to; this.#at++) this.#apply(this.#events[this.#at]!)
  }

  #apply(event: Event): void {
    switch (event.kind) {
      case 'write':
        if (event.durable) put(this.#medium(event.inode), event.position, event.data)
        else this.#writes.push(event)
        return
      case 'sync':
        for (const write of this.#writes)
          if (write.inode === event.inode) put(this.#medium(write.inode), write.position, write.data)
        this.#writes = this.#writes.filter(write => write.inode !== event.inode)
        return
      case 'syncDirectory':
        for (const change of this.#changes)
          if (directoryOf(change) === event.path) this.#change(this.#names, change)
        this.#changes = this.#changes.filter(change => directoryOf(change) !== event.path)
        return
      default:
        this.#changes.push(event)
    }
  }

  #medium(inode: Inode): Inode {
    let medium = this.#durable.get(inode)
    if (medium === undefined) {
      medium = { data: Buffer.alloc(0) }
      this.#durable.set(inode, medium)
    }
    return medium
  }

  #change(names: Map<string, Inode>, change: NameChange): void {
    if (change.kind === 'link') names.set(change.path, change.inode)
    else if (change.kind === 'remove') names.delete(change.path)
    else {
      names.delete(change.from)
      names.set(change.to, change.inode)
    }
  }

  /**
   * What is on the disk after the cut. `share` 0 keeps nothing that was not synced, 1 everything; between them chance decides,
   * also how much of a write went through. The event under way counts as written, not as synced.
   */
  cut(share: number, chance: Chance): MemoryDisk {
    const disk = new MemoryDisk()
    const names = new Map(this.#names)
    const content = new Map<Inode, Inode>()
    const copy = (inode: Inode): Inode => {
      let known = content.get(inode)
      if (known === undefined) {
        known = { data: Buffer.from(this.#durable.get(inode)?.data ?? Buffer.alloc(0)) }
        content.set(inode, known)
      }
      return known
    }
    const under = this.#events[this.#at]
    const kept = (): boolean => share === 1 || (share > 0 && chance() < share)
    const writes = under?.kind === 'write' ? [...this.#writes, under] : [...this.#writes]
    if (share > 0 && share < 1) writes.sort(() => chance() - 0.5)
    for (const write of writes) {
      if (!kept()) continue
      // A device writes sectors; which of them, it chooses.
      const torn = share < 1 && chance() < 0.5
      if (!torn) put(copy(write.inode), write.position, write.data)
      else
        for (let sector = 0; sector < write.data.length; sector += 512)
          if (chance() < 0.7)
            put(copy(write.inode), write.position + sector, write.data.subarray(sector, sector + 512))
    }
    const changes = under !== undefined && isChange(under) ? [...this.#changes, under] : this.#changes
    let left = share === 1 ? changes.length : share === 0 ? 0 : Math.floor(chance() * (changes.length + 1))
    for (const change of changes) if (left-- > 0) this.#change(names, change)
    for (const [path, inode] of names) disk.setFile(path, copy(inode).data)
    return disk
  }
}

const isChange = (event: Event): event is NameChange =>
  event.kind === 'link' || event.kind === 'rename' || event.kind === 'remove'

const directoryOf = (change: NameChange): string =>
  dirname(change.kind === 'rename' ? change.to : change.path)
