import fc from 'fast-check'
import t from 'tap'
import { countFields, fieldsNamed, fieldValue, readHeader } from '../../src/mail/headers.ts'

const read = (text: string) => {
  const bytes = Buffer.from(text)
  const header = readHeader(bytes)
  return {
    header,
    values: (name: string) => fieldsNamed(header, name).map(field => fieldValue(bytes, field)),
  }
}

t.test('fields are found by name in any case, in their order', async t => {
  const { header, values } = read('Received: one\r\nSubject: Hi\r\nRECEIVED: two\r\n\r\nReceived: body\r\n')
  t.strictSame(values('received'), ['one', 'two'])
  t.strictSame(values('SUBJECT'), ['Hi'])
  t.strictSame(values('x-none'), [])
  t.ok(header.complete)
  t.equal(header.malformed, 0)
})

t.test('a folded value is one value (RFC 5322 §2.2.3)', async t => {
  const { values } = read('Subject: a\r\n b\r\n\tc\r\nTo: x\r\n\r\n')
  t.strictSame(values('subject'), ['a b\tc'])
  t.strictSame(values('to'), ['x'])
})

t.test('offsets give back the very bytes', async t => {
  const text = 'A: 1\r\nSubject:  folded\r\n  here\r\nB: 2\r\n\r\nbody'
  const { header } = read(text)
  const [subject] = fieldsNamed(header, 'subject')
  t.equal(text.slice(subject!.start, subject!.end), 'Subject:  folded\r\n  here')
  t.equal(text.slice(header.end), 'body')
})

t.test('blanks before the colon hide no field (RFC 5322 §4.5)', async t => {
  t.strictSame(read('Subject \t: x\r\n\r\n').values('subject'), ['x'])
})

t.test('names of object properties are names of fields', async t => {
  const { values } = read('__proto__: a\r\nconstructor: b\r\ntoString: c\r\n\r\n')
  t.strictSame(values('__proto__'), ['a'])
  t.strictSame(values('constructor'), ['b'])
  t.strictSame(values('valueOf'), [])
})

t.test('what is no field is counted, and ends no header', async t => {
  for (const line of [
    'no colon',
    ': no name',
    'two words: x',
    'sch\u00f6n: x',
    'a\0b: x',
    ' continues nothing',
  ]) {
    const { header, values } = read(`${line}\r\nSubject: x\r\n\r\n`)
    t.equal(header.malformed, 1, line)
    t.strictSame(values('subject'), ['x'])
  }
})

t.test('only CRLF ends a line', async t => {
  const { header } = read('A: 1\nB: 2\rC: 3\r\n\r\n')
  t.equal(header.offsets.length, 3)
})

t.test('a header without an empty line is incomplete', async t => {
  for (const text of ['', 'A: 1', 'A: 1\r\n', 'A: 1\r\n\r', '\n', '\r'])
    t.notOk(read(text).header.complete, JSON.stringify(text))
  t.ok(read('\r\n').header.complete, 'an empty header is one')
})

t.test('Received fields are counted in the header only (RFC 5321 §6.3)', async t => {
  const text = 'Received: a\r\n Received: folded\r\nreceived : b\r\nReceived-SPF: c\r\n\r\nReceived: body\r\n'
  t.equal(countFields(Buffer.from(text), 'received'), 2)
})

t.test('the count and the full reader agree on whatever bytes', async () => {
  const piece = fc.constantFrom(
    'Received:',
    'received',
    ' ',
    '\t',
    ':',
    '\r',
    '\n',
    '\r\n',
    'x',
    '\r\n\r\n',
    'R:',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      const bytes = Buffer.from(pieces.join(''))
      return countFields(bytes, 'received') === fieldsNamed(readHeader(bytes), 'received').length
    }),
    { numRuns: 3_000 },
  )
})
