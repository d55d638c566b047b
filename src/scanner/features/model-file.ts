/**
 * The file of a model: its facts, and a table with a weight for each slot.
 *
 * Little-endian; the layout stands in `native/src/model/model_file.h`, which reads the same file. Promises: what is written
 * appears whole or not at all, by rename, so that who has the old one open keeps it; nothing is believed of a file
 * before its checksums. Leaves out: scoring (`model.ts`), training.
 */
import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { featureVersion, groups } from '#scanner/features/kinds.ts'
import {
  type ModelContent,
  type ModelFacts,
  type ModelWeights,
  type NumberFormat,
  numberFormats,
} from '#scanner/features/model-content.ts'
import { octetsOf, packTable } from '#scanner/features/model-numbers.ts'

export type ModelRead = { readonly content: ModelContent } | { readonly refusal: string }

const magic = 'SLUICEM\n'
const format = 1
const fixedSize = 152
const smallestHeader = 192
const largestHeader = 4_096
const switches = { carried: 1, scales: 2 }
const longestName = 255

/** Octets of the table of such a model. */
export const tableSize = (bits: readonly number[], numbers: NumberFormat, scaled: boolean): number =>
  bits.reduce((sum, each) => sum + 2 ** each, 0) * octetsOf(numbers) * (scaled ? 2 : 1)

/** The file as octets. Throws a RangeError for numbers that no reader would take. */
export function encodeModel(model: ModelWeights, numbers: NumberFormat): Buffer {
  const { facts } = model
  const name = Buffer.from(facts.name)
  if (name.length > longestName) throw new RangeError(`the name of a model has at most ${longestName} octets`)
  if (facts.training.length !== 32) throw new RangeError('the hash of the training has 32 octets')
  const packed = packTable(model, numbers)
  const header = Buffer.alloc(Math.max(smallestHeader, Math.ceil((fixedSize + name.length + 4) / 64) * 64))
  const { bits, window, carried } = facts.options
  header.write(magic, 0, 'latin1')
  const words: readonly (readonly [number, number])[] = [
    [8, format],
    [12, featureVersion],
    [16, header.length],
    [20, numberFormats.indexOf(numbers)],
    [28, window],
    [32, (carried ? switches.carried : 0) | (model.scales === undefined ? 0 : switches.scales)],
    [36, name.length],
    [96, facts.ham],
    [100, facts.spam],
    [144, crc32(packed.table)],
  ]
  for (const [at, word] of words) header.writeUInt32LE(word, at)
  for (const [group, each] of bits.entries()) {
    header.writeUInt8(each, 24 + group)
    header.writeFloatLE(packed.weightSteps[group]!, 104 + 4 * group)
    header.writeFloatLE(packed.scaleSteps[group]!, 120 + 4 * group)
  }
  header.writeDoubleLE(facts.bias, 40)
  header.writeDoubleLE(facts.calibration.slope, 48)
  header.writeDoubleLE(facts.calibration.offset, 56)
  header.set(facts.training, 64)
  header.writeBigUInt64LE(BigInt(packed.table.length), 136)
  header.set(name, fixedSize)
  header.writeUInt32LE(crc32(header.subarray(0, -4)), header.length - 4)
  const flaw = findFlaw(header)
  if (flaw !== undefined) throw new RangeError(flaw)
  return Buffer.concat([header, packed.table])
}

/** On disk when it resolves. */
export async function writeModel(path: string, model: ModelWeights, numbers: NumberFormat): Promise<void> {
  const octets = encodeModel(model, numbers)
  const unfinished = `${path}.${randomUUID()}`
  try {
    const file = await open(unfinished, 'wx')
    try {
      await file.writeFile(octets)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  const directory = await open(dirname(path))
  await directory.sync().finally(() => directory.close())
}

/** Never throws: a file that cannot be read is refused like one that is no model. */
export async function readModel(path: string): Promise<ModelRead> {
  try {
    return decodeModel(await readFile(path))
  } catch (error) {
    return { refusal: `It cannot be read: ${(error as Error).message}.` }
  }
}

export function decodeModel(file: Buffer): ModelRead {
  const refusal = findDamage(file) ?? findFlaw(file.subarray(0, file.readUInt32LE(16)))
  if (refusal !== undefined) return { refusal }
  const header = file.subarray(0, file.readUInt32LE(16))
  const numbers = numberFormats[header.readUInt32LE(20)]!
  const scaled = (header.readUInt32LE(32) & switches.scales) !== 0
  const facts = factsOf(header)
  const size = tableSize(facts.options.bits, numbers, scaled)
  if (header.readBigUInt64LE(136) !== BigInt(size))
    return { refusal: 'Its table has not the size that its groups need.' }
  if (file.length !== header.length + size)
    return { refusal: `It has ${file.length} octets and should have ${header.length + size}.` }
  const table = file.subarray(header.length)
  if (crc32(table) !== header.readUInt32LE(144)) return { refusal: 'Its table is damaged.' }
  const shared = new SharedArrayBuffer(size)
  new Uint8Array(shared).set(table)
  if (!allFinite(shared, numbers)) return { refusal: 'A weight in it is no number.' }
  const steps = (at: number) => groups.map((_, group) => header.readFloatLE(at + 4 * group))
  return {
    content: { facts, numbers, scaled, weightSteps: steps(104), scaleSteps: steps(120), table: shared },
  }
}

/** Whether this is a whole header of a model at all. */
function findDamage(file: Buffer): string | undefined {
  if (file.length < smallestHeader) return 'It is too short for a model.'
  if (file.toString('latin1', 0, magic.length) !== magic) return 'It is not a model.'
  if (file.readUInt32LE(8) !== format)
    return `Its format is version ${file.readUInt32LE(8)}; this program reads version ${format}.`
  const size = file.readUInt32LE(16)
  const sound = size >= smallestHeader && size <= largestHeader && size % 64 === 0 && size <= file.length
  if (!sound || crc32(file.subarray(0, size - 4)) !== file.readUInt32LE(size - 4))
    return 'Its header is damaged.'
  return undefined
}

/** What is wrong with the numbers of a header. */
function findFlaw(header: Buffer): string | undefined {
  const word = (at: number) => header.readUInt32LE(at)
  if (word(12) !== featureVersion)
    return `It was trained for features of version ${word(12)}; this program has version ${featureVersion}.`
  if (word(20) >= numberFormats.length) return 'Its number format is not known.'
  const bits = [...header.subarray(24, 28)]
  if (bits.some(each => each < 8 || each > 24)) return 'Its groups have an impossible size.'
  if (word(28) < 2 || word(28) > 8) return 'Its window is impossible.'
  if (word(32) > (switches.carried | switches.scales) || word(148) !== 0)
    return 'It asks for something that is not known.'
  if (word(36) > header.length - fixedSize - 4) return 'Its name is longer than its header.'
  if (![40, 48, 56].every(at => Number.isFinite(header.readDoubleLE(at))))
    return 'Its bias or calibration is no number.'
  for (let at = 104; at < 136; at += 4)
    if (!Number.isFinite(header.readFloatLE(at))) return 'A step of its table is no number.'
  return undefined
}

function factsOf(header: Buffer): ModelFacts {
  const [body, fields, urls, structure] = header.subarray(24, 28)
  return {
    name: header.toString('utf8', fixedSize, fixedSize + header.readUInt32LE(36)),
    options: {
      bits: [body!, fields!, urls!, structure!],
      window: header.readUInt32LE(28),
      carried: (header.readUInt32LE(32) & switches.carried) !== 0,
    },
    bias: header.readDoubleLE(40),
    calibration: { slope: header.readDoubleLE(48), offset: header.readDoubleLE(56) },
    training: Uint8Array.from(header.subarray(64, 96)),
    ham: header.readUInt32LE(96),
    spam: header.readUInt32LE(100),
  }
}

/** Infinities and what is no number would spread to every score. */
function allFinite(table: SharedArrayBuffer, numbers: NumberFormat): boolean {
  if (numbers === 'float32') return new Float32Array(table).every(Number.isFinite)
  if (numbers === 'float16') return new Float16Array(table).every(Number.isFinite)
  return true
}
