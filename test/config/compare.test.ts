/**
 * What a reload changes, and from when it counts.
 */
import t from 'tap'
import { compareConfigurations } from '../../src/config/compare.ts'
import { type ConfigurationInput, schema } from '../../src/config/schema.ts'

const changes = (before: ConfigurationInput, after: ConfigurationInput): readonly string[] =>
  compareConfigurations(schema.parse(before), schema.parse(after)).map(
    ({ path, effect }) => `${effect} ${path}`,
  )

t.test('most settings count at once, what is laid out at the start needs a restart', async t => {
  for (const [why, before, after, expected] of [
    ['nothing', {}, {}, []],
    [
      'another way to write the same',
      {},
      { limits: { messageSize: '51200KiB' }, deadlines: { command: '300s' } },
      [],
    ],
    [
      'a limit',
      {},
      { limits: { messageSize: '1MiB', headerSize: '16KiB' } },
      ['at-once limits.messageSize', 'at-once limits.headerSize'],
    ],
    ['a listener', {}, { zones: { inside: { listen: ['10.0.0.1:25'] } } }, ['at-once zones.inside.listen']],
    ['the data folder', {}, { data: '/elsewhere' }, ['restart data']],
    ['threads', {}, { threads: 3 }, ['restart threads']],
    ['segments', {}, { spool: { segmentSize: '128MiB' } }, ['restart spool.segmentSize']],
    [
      'a certificate',
      {},
      { tls: { certificate: '/c', key: '/k' } },
      ['at-once tls.certificate', 'at-once tls.key'],
    ],
    [
      'one domain of many',
      { domains: { 'a.example': {}, 'b.example': {} } },
      { domains: { 'a.example': {}, 'b.example': { nextHop: 'mx' } } },
      ['at-once domains["b.example"]'],
    ],
    [
      'a domain comes, another goes',
      { domains: { 'a.example': {} } },
      { domains: { 'b.example': {} } },
      ['at-once domains["a.example"]', 'at-once domains["b.example"]'],
    ],
  ] as const)
    t.strictSame(changes(before as ConfigurationInput, after as ConfigurationInput), expected, why)
})

t.test('each change is a sentence for the operator', async t => {
  const [data, gone] = compareConfigurations(
    schema.parse({ domains: { 'a.example': {} } }),
    schema.parse({ data: '/d' }),
  )
  t.equal(data?.sentence, 'data changed, but the queue stays where it is until a restart')
  t.equal(gone?.sentence, 'domains["a.example"] is gone and counts at once')
})
