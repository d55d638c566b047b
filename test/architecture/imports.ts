/**
 * What a source file imports, read from its text.
 *
 * Promises: finds every static import and re-export (types included, since a type is a dependency of the reader too),
 * every dynamic import with a literal, and every worker started with `new URL('…', import.meta.url)`. What cannot be
 * read this way (a computed import, `require`, an import that does not begin its line) is reported as unreadable, so
 * that nothing escapes the rules silently.
 * Patterns are enough, and no parser is needed: Biome keeps one statement form (it begins its line, and between
 * `import` and `from` stand only names, braces, commas and `*`), and a line of a comment that happens to look like an
 * import can only make the test fail, never pass.
 * Leaves out: whether the imported file exists; the compiler knows.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

export interface SourceFile {
  /** Path below src, such as `mail/address.ts`. */
  readonly path: string
  /** Files below src, in the same form. */
  readonly files: readonly string[]
  /** Packages of npm and modules of Node, such as `zod` and `node:fs`. */
  readonly packages: readonly string[]
  /** Names between the braces of imports, as `module name`: `node:net isIPv6`, `mail/receipt.ts issueReceipt`. */
  readonly names: readonly string[]
  readonly unreadable: readonly string[]
}

const statement = /^(?:import|export)\s([\w\s{},*$]*?)\bfrom\s*(['"])([^'"]+)\2/gm
const bareImport = /^import\s*(['"])([^'"]+)\1/gm
const dynamicImport = /\bimport\(\s*(['"])([^'"]+)\1/g
const worker = /\bnew URL\(\s*(['"])([^'"]+\.ts)\1,\s*import\.meta\.url/g

const beginsImport = /^\s*import(?:\s|['"{*])(?!\.meta)/gm
const computed = /\bimport\((?!\s*['"])|\b(?:require|createRequire)\(/g

const matches = (text: string, pattern: RegExp, group: number) =>
  [...text.matchAll(pattern)].map(match => match[group]!)

/** `packageOf('@scope/name/lib/x.js')` → `@scope/name`. */
const packageOf = (specifier: string) =>
  specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')

function resolve(path: string, specifier: string): string {
  if (specifier.startsWith('#')) return specifier.slice(1)
  return posix.join(posix.dirname(path), specifier)
}

/** `namesIn('{ a as b, type C }')` → `['a', 'C']`; a default or `* as x` counts as a name too. */
const namesIn = (clause: string) =>
  clause
    .replace(/\bas\s+\w+|\btype\b/g, '')
    .split(/[\s{},]+/)
    .filter(name => name !== '')

function unreadableIn(text: string, statements: number): string[] {
  const found = matches(text, computed, 0)
  const begun = matches(text, beginsImport, 0).length
  if (begun > statements) found.push(`${begun - statements} import statements that the patterns do not read`)
  return found
}

export function readImports(path: string, text: string): SourceFile {
  const inside = (specifier: string) => /^[#.]/.test(specifier)
  const imports = [...text.matchAll(statement)]
  const bare = matches(text, bareImport, 2)
  const specifiers = [...imports.map(match => match[3]!), ...bare, ...matches(text, dynamicImport, 2)]
  const files = [...specifiers.filter(inside), ...matches(text, worker, 2)].map(to => resolve(path, to))
  return {
    path,
    files: [...new Set(files)],
    packages: [...new Set(specifiers.filter(specifier => !inside(specifier)).map(packageOf))],
    names: imports.flatMap(match => {
      const from = inside(match[3]!) ? resolve(path, match[3]!) : match[3]!
      return namesIn(match[1]!).map(name => `${from} ${name}`)
    }),
    unreadable: unreadableIn(
      text,
      imports.filter(match => match[0].startsWith('import')).length + bare.length,
    ),
  }
}

/** Every TypeScript file below `root`. */
export function readSources(root: string): readonly SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .sort()
    .map(path => readImports(path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')))
}

/** One cycle of files, first file repeated at the end; undefined when there is none. */
export function findCycle(sources: readonly SourceFile[]): readonly string[] | undefined {
  const imports = new Map(sources.map(source => [source.path, source.files]))
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const next of imports.get(path) ?? []) {
      const cycle = walk(next, [...trail, path])
      if (cycle !== undefined) return cycle
    }
    done.add(path)
    return undefined
  }
  for (const { path } of sources) {
    const cycle = walk(path, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}
