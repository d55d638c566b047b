/** The verbs that Sluice knows. What is not here is answered 500: no EXPN, ETRN, XCLIENT, no debugging verbs. */
import { auth } from '#session/verbs/auth.ts'
import { bdat } from '#session/verbs/bdat.ts'
import { data } from '#session/verbs/data.ts'
import { ehlo } from '#session/verbs/ehlo.ts'
import { helo } from '#session/verbs/helo.ts'
import { help } from '#session/verbs/help.ts'
import { mail } from '#session/verbs/mail.ts'
import { noop } from '#session/verbs/noop.ts'
import { quit } from '#session/verbs/quit.ts'
import { rcpt } from '#session/verbs/rcpt.ts'
import { rset } from '#session/verbs/rset.ts'
import { starttls } from '#session/verbs/starttls.ts'
import type { Verb } from '#session/verbs/verb.ts'
import { vrfy } from '#session/verbs/vrfy.ts'

/** A Map: the keys that are looked up come from outside. */
export const verbs: ReadonlyMap<string, Verb> = new Map(
  [helo, ehlo, mail, rcpt, data, bdat, rset, noop, quit, vrfy, help, starttls, auth].map(verb => [
    verb.name,
    verb,
  ]),
)
