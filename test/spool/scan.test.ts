/** What a start after a crash costs: the segment that was written last is read once. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { SpoolFiles } from '#spool/files.ts'
import { systemFiles } from '#spool/files.ts'
import { accept, envelopeFor, nextId, open, temporaryDirectory } from './fixture.ts'

t.test('a segment of many small commits is read once, not once per commit', async t => {
  const directory = temporaryDirectory(t)
  const segmentSize = 2 ** 23
  const spool = await open(directory, { segmentSize })
  const commits = 500
  for (let message = 0; message < commits; message++) await accept(spool, envelopeFor(nextId()))
  // As a crash leaves it: a proper end would seal the segment and write its index.
  const left = join(temporaryDirectory(t), 'left')
  await cp(directory, left, { recursive: true })
  await spool.close()

  let octets = 0
  const io: SpoolFiles = {
    ...systemFiles,
    read: async (descriptor, into, position) => {
      const done = await systemFiles.read(descriptor, into, position)
      octets += done
      return done
    },
  }
  const again = await open(left, { segmentSize, io })
  t.equal(again.recovery.messages, commits)
  t.equal(again.recovery.scanned, 1)
  t.ok(octets < 2 * segmentSize, `${octets} octets were read`)
  await again.close()
})
