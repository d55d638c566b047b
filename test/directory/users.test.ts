import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { formatPasswordHash, hashPassword } from '../../src/directory/password-hash.ts'
import { openUserDirectory, type UserDirectory } from '../../src/directory/users.ts'

const cheap = { ln: 10, r: 8, p: 1 }
const lineFor = async (name: string, password: string, cost = cheap) =>
  `${name}:${formatPasswordHash(await hashPassword(password, cost))}\n`

async function open(t: Test, content: string, concurrency = 1) {
  const file = join(t.testdir(), 'users')
  writeFileSync(file, content)
  const time = { now: 1_000_000 }
  const directory = (await openUserDirectory({
    file,
    clock: { now: () => time.now },
    concurrency,
  })) as UserDirectory
  return { directory, time }
}

t.test('the right password of a user is right, everything else is wrong', async t => {
  const { directory } = await open(t, (await lineFor('jo', 'one')) + (await lineFor('ann', 'two')))
  t.equal(await directory.verify('jo', 'one'), 'right')
  t.equal(await directory.verify('jo', 'one'), 'right', 'and again, by memory')
  for (const [user, password] of [
    ['jo', 'two'],
    ['ann', 'one'],
    ['JO', 'one'],
    ['nobody', 'one'],
    ['', 'one'],
    ['jo', ''],
    ['jo\0', 'one'],
    ['jo', 'one\0'],
    ['__proto__', 'one'],
    ['jo', 'x'.repeat(1_025)],
  ] as const)
    t.equal(await directory.verify(user, password), 'wrong', JSON.stringify([user, password.slice(0, 10)]))
})

t.test('where name ends and password begins cannot be moved', async t => {
  const { directory } = await open(t, await lineFor('a', 'bc'))
  t.equal(await directory.verify('a', 'bc'), 'right')
  t.equal(await directory.verify('ab', 'c'), 'wrong')
})

t.test('a user that does not exist costs what a wrong password costs', async t => {
  const { directory } = await open(t, await lineFor('jo', 'one', { ln: 13, r: 8, p: 1 }))
  // Processor time, since the wall clock also tells what else the machine does.
  const leastWork = async (user: string) => {
    let least = Number.POSITIVE_INFINITY
    for (let attempt = 0; attempt < 7; attempt++) {
      const before = process.cpuUsage()
      await directory.verify(user, `wrong ${attempt}`)
      const { user: spent, system } = process.cpuUsage(before)
      least = Math.min(least, (spent + system) / 1_000)
    }
    return least
  }
  const [known, unknown] = [await leastWork('jo'), await leastWork('nobody')]
  t.ok(known > 1, `${known.toFixed(1)} ms of work is more than a look-up`)
  t.ok(unknown > known / 3 && unknown < known * 3, `${unknown.toFixed(1)} ms against ${known.toFixed(1)} ms`)
})

t.test('a file that cannot be used is told by its lines', async t => {
  const file = join(t.testdir(), 'users')
  const time = { now: () => 0 }
  t.match(await openUserDirectory({ file, clock: time }), [/cannot be read/])
  writeFileSync(file, `${await lineFor('ann', 'two')}rubbish\n`)
  t.match(await openUserDirectory({ file, clock: time }), [/users, line 2: /])
})

t.test('a flood of sign-ins is answered busy beyond a bound, and the directory serves on', async t => {
  const { directory } = await open(t, await lineFor('jo', 'one'))
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, attempt) => directory.verify('jo', `wrong ${attempt}`)),
  )
  t.equal(answers.filter(answer => answer === 'wrong').length, 33, 'one at work, 32 in line')
  t.equal(answers.filter(answer => answer === 'busy').length, 67)
  t.equal(await directory.verify('jo', 'one'), 'right')
})

t.test('a sign-in is remembered for minutes, not for ever', async t => {
  const { directory, time } = await open(t, await lineFor('jo', 'one'))
  const busy = Array.from({ length: 40 }, (_, attempt) => directory.verify('jo', `wrong ${attempt}`))
  t.equal(await directory.verify('jo', 'one'), 'busy', 'not known yet')
  await Promise.all(busy)
  t.equal(await directory.verify('jo', 'one'), 'right')
  const flood = () => Array.from({ length: 40 }, (_, attempt) => directory.verify('jo', `wrong ${attempt}`))
  const second = flood()
  t.equal(await directory.verify('jo', 'one'), 'right', 'known without any work')
  await Promise.all(second)
  time.now += 5 * 60_000
  const third = flood()
  t.equal(await directory.verify('jo', 'one'), 'busy', 'forgotten')
  await Promise.all(third)
})

t.test('an empty file has no users, and says wrong to everybody', async t => {
  const { directory } = await open(t, '# nobody yet\n')
  t.equal(await directory.verify('jo', 'one'), 'wrong')
})
