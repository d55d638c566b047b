/**
 * Python's smtplib, the client behind most scripts that send mail. The script is given; `smtp` is a connected
 * `smtplib.SMTP`, `ssl_any` a TLS context that accepts our self-signed certificate.
 */
import { run } from './process.ts'

const prologue = (port: number) => `
import smtplib, ssl, sys
from email.message import EmailMessage
ssl_any = ssl.create_default_context()
ssl_any.check_hostname = False
ssl_any.verify_mode = ssl.CERT_NONE
smtp = smtplib.SMTP('127.0.0.1', ${port}, local_hostname='python.client.test', timeout=15)
`

/** Resolves with what the script printed; throws with Python's traceback when it failed. */
export async function smtplib(port: number, script: string): Promise<string> {
  const { code, output, errors } = await run('python3', ['-'], { input: prologue(port) + script })
  if (code !== 0) throw new Error(`python3 ended with ${code}:\n${errors}`)
  return output
}
