import t from 'tap'
import {
  formatPasswordHash,
  hashPassword,
  isPassword,
  parsePasswordHash,
} from '../../src/directory/password-hash.ts'

const cheap = { ln: 10, r: 8, p: 1 }
const right = parsePasswordHash(
  '$scrypt$ln=10,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
)

t.test('a password is known again from its written hash, and only that password', async t => {
  const written = formatPasswordHash(await hashPassword('correct horse', cheap))
  const hash = parsePasswordHash(written)
  t.ok(hash)
  t.ok(await isPassword('correct horse', hash!))
  for (const wrong of ['correct horsf', 'Correct horse', 'correct horse ', '', 'correct'])
    t.notOk(await isPassword(wrong, hash!), JSON.stringify(wrong))
})

t.test('the same password has another hash each time', async t => {
  t.not(
    formatPasswordHash(await hashPassword('x', cheap)),
    formatPasswordHash(await hashPassword('x', cheap)),
  )
})

t.test('a password may be typed composed or decomposed', async t => {
  t.ok(await isPassword('u\u0308ber', await hashPassword('\u00fcber', cheap)))
})

t.test('the vector of RFC 7914 §12 is understood', async t => {
  const salt = Buffer.from('SodiumChloride').toString('base64').replace(/=+$/, '')
  const hash = Buffer.from(
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    'hex',
  )
  const written = `$scrypt$ln=14,r=8,p=1$${salt}$${hash.toString('base64').replace(/=+$/, '')}`
  t.ok(await isPassword('pleaseletmein', parsePasswordHash(written)!))
})

t.test('a hash that is none, or would cost too much, is not taken', async t => {
  t.ok(right)
  const salt = 'AAAAAAAAAAAAAAAAAAAAAA'
  const hash = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
  for (const [text, why] of [
    ['', 'nothing'],
    ['secret', 'a password in the clear'],
    ['$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW', 'bcrypt'],
    [`$scrypt$ln=9,r=8,p=1$${salt}$${hash}`, 'too cheap'],
    [`$scrypt$ln=18,r=8,p=1$${salt}$${hash}`, '256 MiB'],
    [`$scrypt$ln=17,r=9,p=1$${salt}$${hash}`, 'more than 128 MiB'],
    [`$scrypt$ln=99,r=99,p=99$${salt}$${hash}`, 'the end of the machine'],
    [`$scrypt$ln=15,r=8,p=5$${salt}$${hash}`, 'too many rounds'],
    [`$scrypt$ln=15,r=0,p=1$${salt}$${hash}`, 'no block'],
    [`$scrypt$ln=15,r=8,p=1$${salt}$`, 'no hash'],
    [`$scrypt$ln=15,r=8,p=1$$${hash}`, 'no salt'],
    [`$scrypt$ln=15,r=8,p=1$${salt}$${hash}\n`, 'a line end'],
  ] as const)
    t.equal(parsePasswordHash(text), undefined, why)
})
