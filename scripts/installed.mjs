/**
 * Are the packages of package-lock.json in node_modules, in those versions? Exit 0 is yes, 1 is no.
 *
 *   node scripts/installed.mjs [--omit=dev]
 *
 * Lets set-up leave alone what is already right (`npm ci` starts by deleting everything).
 * Leaves out: the content of the packages. Plain JavaScript: it runs before Node.js 26 is there.
 */
import { readFileSync } from 'node:fs'

const withDevelopment = !process.argv.includes('--omit=dev')

const versionIn = folder => {
  try {
    return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).version
  } catch {
    return undefined // Absent or unreadable: either way it is not installed.
  }
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const lacking = Object.entries(packages).filter(
  ([folder, { version, dev, devOptional, optional }]) =>
    folder !== '' && // The project itself.
    !optional && // Packages for other processors and systems.
    (withDevelopment || !(dev || devOptional)) &&
    versionIn(folder) !== version,
)
process.exit(lacking.length === 0 ? 0 : 1)
