import t from 'tap'
import { parseUsers } from '../../src/directory/users-file.ts'

const hash = '$scrypt$ln=10,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

t.test('users are read line by line, comments and empty lines aside', async t => {
  const users = parseUsers(
    `# who may send\n\njo:${hash}\r\nann@example.org: ${hash} \n  \nb\u00fccher:${hash}`,
  )
  t.ok(users instanceof Map)
  t.strictSame([...(users as Map<string, unknown>).keys()], ['jo', 'ann@example.org', 'b\u00fccher'])
})

t.test('a name of an object property is a name', async t => {
  const users = parseUsers(`__proto__:${hash}\nconstructor:${hash}\n`)
  t.strictSame([...(users as Map<string, unknown>).keys()], ['__proto__', 'constructor'])
})

t.test('every wrong line is told with its number, and no line is quoted', async t => {
  const wrong = parseUsers(
    `jo:${hash}\nann:hunter2\n:${hash}\njo:${hash}\n a:${hash}\na\tb:${hash}\nx:y:${hash}\nalone\n`,
  )
  t.ok(Array.isArray(wrong))
  if (!Array.isArray(wrong)) return
  t.strictSame(
    wrong.map(({ line }) => line),
    [2, 3, 4, 5, 6, 7, 8],
  )
  t.notMatch(JSON.stringify(wrong), /hunter2|ann/)
})
