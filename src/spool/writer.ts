/**
 * The content of a message while it arrives: in memory while it is small, in `large/<id>` when it is not.
 *
 * Promises: memory is bounded. One message keeps at most `inlineSize` octets and a flush in memory, all together no more
 * than the budget: beyond it content goes to its file earlier. A failed disk shows at `finish`, never at `write`.
 * Order on disk: content, sync of the file, sync of the directory; only then may a record name the file.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { ContentWriter } from '#mail/intake.ts'
import type { MessageId } from '#mail/message-id.ts'
import type { Content } from '#spool/commit.ts'
import type { SpoolFiles } from '#spool/files.ts'

/** Octets that gather before a write to the content's own file. */
const flushSize = 2 ** 18
const sizeLimit = 2 ** 32 - 1

export interface WriterOptions {
  readonly files: SpoolFiles
  /** Where large content lives. */
  readonly directory: string
  readonly inlineSize: number
  /** Octets of all contents in reception that may be in memory. */
  readonly memory: number
}

/** What all writers of a spool share. */
export class Reception {
  readonly options: WriterOptions
  /** Octets in memory. */
  held = 0
  /** Ids of large files that no record names yet. */
  readonly open = new Set<string>()
  #syncing: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(options: WriterOptions) {
    this.options = options
  }

  get pressed(): boolean {
    return this.held > this.options.memory
  }

  /** One sync of the directory serves all who asked before it began. */
  syncDirectory(): Promise<void> {
    const { files, directory } = this.options
    const begin = (): Promise<void> => {
      this.#next = undefined
      this.#syncing = files.syncDirectory(directory).finally(() => {
        this.#syncing = undefined
      })
      return this.#syncing
    }
    if (this.#syncing === undefined) return begin()
    this.#next ??= this.#syncing.then(begin, begin)
    return this.#next
  }
}

export class SpoolWriter implements ContentWriter {
  readonly id: MessageId
  size = 0
  readonly #reception: Reception
  #crc = 0
  #chunks: Uint8Array[] = []
  /** Octets of `#chunks`. */
  #held = 0
  #state: 'open' | 'used' = 'open'
  #error: unknown
  /** Undefined while everything is in memory. */
  #descriptor: Promise<number> | undefined
  #written = 0
  #flushing: Promise<void> | undefined

  constructor(id: MessageId, reception: Reception) {
    this.id = id
    this.#reception = reception
  }

  get #path(): string {
    return join(this.#reception.options.directory, this.id)
  }

  /** True when this is a writer of that spool and was not used up. */
  belongsTo(reception: Reception): boolean {
    return this.#reception === reception && this.#state === 'open'
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#state !== 'open' || chunk.length === 0) return undefined
    this.size += chunk.length
    if (this.size > sizeLimit) this.#error ??= new Error('content of 4 GiB and more cannot be spooled')
    if (this.#error !== undefined) return undefined
    this.#crc = crc32(chunk, this.#crc)
    // A small part of a large buffer would keep all of it in memory for as long as the message waits.
    this.#chunks.push(chunk.buffer.byteLength > 2 * chunk.length + 1024 ? new Uint8Array(chunk) : chunk)
    this.#hold(chunk.length)
    const { inlineSize } = this.#reception.options
    if (this.#descriptor === undefined && this.#held <= inlineSize && !this.#reception.pressed)
      return undefined
    if (this.#descriptor === undefined) {
      this.#reception.open.add(this.id)
      this.#descriptor = this.#reception.options.files.open(this.#path, 'replace', false)
      // Its error shows when it is awaited.
      this.#descriptor.catch(() => {})
    }
    if (this.#held < flushSize && !this.#reception.pressed) return undefined
    // One flush at a time; while it runs the sender waits.
    return this.#flushing ?? this.#flush()
  }

  #hold(octets: number): void {
    this.#held += octets
    this.#reception.held += octets
  }

  #flush(): Promise<void> {
    const chunks = this.#chunks
    const octets = this.#held
    this.#chunks = []
    this.#held = 0
    const position = this.#written
    this.#written += octets
    this.#flushing = this.#descriptor!.then(descriptor =>
      this.#reception.options.files.write(descriptor, chunks, position),
    )
      .catch(error => {
        this.#error ??= error
      })
      .finally(() => {
        this.#reception.held -= octets
        this.#flushing = undefined
      })
    return this.#flushing
  }

  /** Ends the reception; what it returns is on disk if it is not in memory. Rejects when the disk refused. */
  async finish(): Promise<Content> {
    this.#state = 'used'
    if (this.#descriptor === undefined) {
      if (this.#error !== undefined) throw this.#error
      return { size: this.size, crc: this.#crc, chunks: this.#chunks }
    }
    const { files } = this.#reception.options
    await this.#flushing
    if (this.#held > 0) await this.#flush()
    const descriptor = await this.#descriptor
    try {
      if (this.#error !== undefined) throw this.#error
      await files.sync(descriptor)
    } finally {
      await files.close(descriptor)
    }
    await this.#reception.syncDirectory()
    return { size: this.size, crc: this.#crc, chunks: undefined }
  }

  /** Small content without waiting, so that a commit starts in this turn; undefined when it has a file. */
  finishSmall(): Content | undefined {
    if (this.#descriptor !== undefined || this.#error !== undefined) return undefined
    this.#state = 'used'
    return { size: this.size, crc: this.#crc, chunks: this.#chunks }
  }

  /** The message is on disk or refused: nothing is held for it here any more. */
  release(kept: boolean): void {
    this.#reception.held -= this.#held
    this.#held = 0
    this.#chunks = []
    if (this.#descriptor === undefined) return
    this.#reception.open.delete(this.id)
    if (!kept) void this.#reception.options.files.remove(this.#path).catch(() => {})
  }

  abandon(): void {
    if (this.#state !== 'open') return
    this.#state = 'used'
    if (this.#descriptor === undefined) {
      this.release(false)
      return
    }
    const descriptor = this.#descriptor
    void (this.#flushing ?? Promise.resolve())
      .then(() => descriptor)
      .then(open => this.#reception.options.files.close(open))
      .catch(() => {})
      .finally(() => this.release(false))
  }
}
