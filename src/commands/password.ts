/**
 * `sluice password`: makes a line for the file of users.
 *
 * The line goes to standard output and everything else to standard error, so that `>> users` does what it should. On a
 * terminal the password is asked for twice and not shown; otherwise it is the first line of standard input. It is never
 * an argument, which every user of the machine could read in the list of processes.
 */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { formatPasswordHash, hashPassword } from '#directory/password-hash.ts'
import { isUserName } from '#directory/users-file.ts'

export const passwordCommand = (): Command =>
  new Command('password')
    .description('Make a line for the file of users (users.file): name and hashed password.')
    .argument('[user]', 'name to sign in with; without it only the hash is printed')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      '\nExample: sluice password jo >> /etc/sluice/users, then reload the gateway.\nIn scripts: the password is the first line of standard input.',
    )
    .action(async (user: string | undefined, _options: object, command: Command) => {
      if (user !== undefined && !isUserName(user))
        command.error('error: a user name has no colon, no control character and no # in front', {
          exitCode: 2,
        })
      const password = await readPassword(user)
      if (typeof password !== 'string') {
        process.stderr.write(`sluice: ${password.problem}\n`)
        process.exitCode = 1
        return
      }
      const hash = formatPasswordHash(await hashPassword(password))
      process.stdout.write(`${user === undefined ? '' : `${user.normalize('NFC')}:`}${hash}\n`)
    })

interface Problem {
  readonly problem: string
}

const longest = 1_024

async function readPassword(user: string | undefined): Promise<string | Problem> {
  const entered = process.stdin.isTTY
    ? await askTwice(user)
    : (await text(process.stdin)).split(/\r?\n/, 1)[0]!
  if (typeof entered !== 'string') return entered
  if (entered === '') return { problem: 'the password is empty' }
  if (Buffer.byteLength(entered) > longest)
    return { problem: `the password is longer than ${longest} octets` }
  return entered
}

/** The terminal echoes nothing, because what it would echo goes nowhere. Ctrl-C ends the program, as everywhere. */
async function askTwice(user: string | undefined): Promise<string | Problem> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  // Made before the first question: until then the terminal itself echoes.
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 })
  terminal.on('SIGINT', () => process.exit(130))
  const lines = terminal[Symbol.asyncIterator]()
  const ask = async (question: string): Promise<string> => {
    process.stderr.write(question)
    const { value } = await lines.next()
    process.stderr.write('\n')
    return value ?? ''
  }
  try {
    const first = await ask(`Password${user === undefined ? '' : ` for ${user}`}: `)
    return first === (await ask('The same again: ')) ? first : { problem: 'the two passwords differ' }
  } finally {
    terminal.close()
  }
}
