import t from 'tap'
import { createLog, shortLine } from '../../src/observe/log.ts'

t.test('a line is JSON with time, level and thread, and a stranger cannot break it', t => {
  const lines: string[] = []
  const log = createLog({ level: 'info', thread: 1, write: line => lines.push(line), format: 'json' })
  log.debug('not this')
  log.warn({ client: 'a\nb' }, 'this')
  t.equal(lines.length, 1)
  t.equal(lines[0]!.split('\n').length, 2)
  const entry = JSON.parse(lines[0]!)
  t.match(entry, { level: 'warn', thread: 1, client: 'a\nb', msg: 'this' })
  t.ok(Date.parse(entry.time) > 0)
  t.end()
})

t.test('on a terminal a line is short, and escape sequences from outside are harmless', t => {
  const lines: string[] = []
  const log = createLog({ level: 'info', thread: 'main', write: line => lines.push(line), format: 'short' })
  log.info({ file: '/x', helo: '\u001b[2J' }, 'read')
  t.match(lines[0], /^\d\d:\d\d:\d\d info {2}read file=\/x helo=\?\[2J\n$/)
  t.match(shortLine('{"level":"error","time":0,"thread":2,"msg":"no"}'), 'thread 2: no')
  t.end()
})
