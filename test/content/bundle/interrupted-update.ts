/**
 * A process that installs one bundle over another and kills itself at a step.
 *
 * Arguments: directory of bundles, file of the bundle, PEM of the key, its public text, which step; prints the number of steps
 * when it comes to its end.
 */
import { update } from '../../../src/content/bundle/update.ts'
import { pairOf, siteAt } from './rig.ts'

const [directory, path, pem, text, deadly] = process.argv.slice(2)
let steps = 0
const onStep = () => {
  if (++steps === Number(deadly)) process.kill(process.pid, 'SIGKILL')
}
const site = siteAt(directory!, pairOf(pem!, text!), { onStep })
const outcome = await update(site, { source: { kind: 'file', path: path! }, force: false, patient: false })
if (outcome.kind !== 'switched') throw new Error(JSON.stringify(outcome))
process.stdout.write(String(steps))
