import t from 'tap'
import { ownName } from '../../src/config/own-name.ts'

t.test('what we call ourselves is a host name, whatever the machine is called', async t => {
  for (const [configured, system, expected] of [
    ['mx1.example.org', 'debian', 'mx1.example.org'],
    [undefined, 'Debian', 'debian'],
    [undefined, 'a_b', 'localhost.localdomain'],
    [undefined, 'mx\r\nRSET', 'localhost.localdomain'],
    [undefined, '', 'localhost.localdomain'],
    // Only the schema keeps this out; here is the last door before an EHLO.
    ['mx1.example.org\r\nRSET', 'debian', 'localhost.localdomain'],
  ] as const)
    t.equal(ownName(configured === undefined ? {} : { hostname: configured }, system), expected)
})
