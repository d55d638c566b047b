/**
 * Reads `.cf` files in order into one `RuleSource`.
 *
 * Promises: never throws for what is written in a file; linear; every line either has its effect, is counted by its class, or
 * is a problem with its place; a rule in lines that are not in force is kept with the reason.
 * Leaves out: whether rules can be run (`translate.ts`).
 */
import { evaluateCondition } from './condition.ts'
import type { Problem, RuleSource } from './definition.ts'
import { applyDirective } from './directives.ts'
import { ignoredClass } from './ignored.ts'
import { type Line, type Place, readLines } from './lines.ts'
import { isRuleKind, readName, readRuleBody } from './rule-line.ts'
import { draftSource, type SourceDraft } from './source-draft.ts'

export interface RuleFile {
  readonly path: string
  /** One octet a character (latin1). */
  readonly text: string
}

export interface ReadOptions {
  /** For `include`: the file that `path` names, as written in the file `from`; undefined when it cannot be read. */
  readonly include?: (path: string, from: string) => RuleFile | undefined
  /** Of descriptions; default `en_US`. */
  readonly language?: string
}

const maximumIncludes = 1_000
const maximumIncludeDepth = 20
const maximumBlocks = 100

interface Block {
  readonly line: Place
  readonly holds: boolean
  readonly reason: string
  inElse: boolean
}

/** Where the reading of one file is. */
interface FileState {
  readonly blocks: Block[]
  readonly depth: number
  /** From here on the file asks for another version. */
  stopped: string | undefined
}

interface State {
  readonly draft: SourceDraft
  readonly options: ReadOptions
  readonly language: string
  includes: number
}

export function readRules(files: readonly RuleFile[], options: ReadOptions = {}): RuleSource {
  const state = { draft: draftSource(), options, language: options.language ?? 'en_US', includes: 0 }
  for (const file of files) readFile(state, file, 0)
  return state.draft
}

function readFile(state: State, { path, text }: RuleFile, depth: number): void {
  state.draft.files++
  const fileState: FileState = { blocks: [], depth, stopped: undefined }
  for (const line of readLines(text, path)) {
    state.draft.lines++
    readLine(state, fileState, line)
  }
  for (const { line } of fileState.blocks.slice(0, maximumBlocks))
    problem(state, line, 'this if has no endif in its file')
}

function readLine(state: State, file: FileState, line: Line): void {
  if (line.language !== undefined && !isLanguage(state.language, line.language)) {
    countIgnored(state.draft, 'other languages')
    return
  }
  if (readBlockLine(state, file, line)) return
  const inactive = inactiveReason(file)
  if (inactive !== undefined) {
    noteSkipped(state.draft, line, inactive)
    return
  }
  if (line.key === 'include') readInclude(state, file, line)
  else if (line.key === 'require_version') return
  else readDirective(state, line)
}

/** `if`, `ifplugin`, `else`, `endif`. True when the line was one of them. */
function readBlockLine(state: State, file: FileState, line: Line): boolean {
  switch (line.key) {
    case 'if':
    case 'ifplugin': {
      const text = line.key === 'if' ? line.value : `plugin(${line.value})`
      const { holds, reason, problem: message } = evaluateCondition(text)
      const outer = inactiveReason(file) === undefined
      if (message !== undefined && outer) problem(state, line, message)
      // The search for a block that is not in force stops here at the latest, so that every line costs the same.
      const tooDeep = file.blocks.length >= maximumBlocks
      if (tooDeep && outer) problem(state, line, `blocks nested deeper than ${maximumBlocks}`)
      file.blocks.push({ line, holds: holds && !tooDeep, reason, inElse: false })
      return true
    }
    case 'else': {
      const block = file.blocks.at(-1)
      if (block === undefined) problem(state, line, 'this else has no if')
      else block.inElse = !block.inElse
      return true
    }
    case 'endif':
      if (file.blocks.pop() === undefined) problem(state, line, 'this endif has no if')
      return true
    default:
      return false
  }
}

/** Why the line that is being read has no effect; undefined when it has. */
function inactiveReason({ blocks }: FileState): string | undefined {
  const block = blocks.find(({ holds, inElse }) => holds === inElse)
  if (block === undefined) return undefined
  return block.inElse
    ? `only where this does not hold: ${block.reason.replace(/^.*?: if /, '')}`
    : block.reason
}

/** `en_US` reads `en_US`, `en` and `e`, as SpamAssassin does. */
const isLanguage = (wanted: string, tag: string): boolean =>
  wanted.toLowerCase().startsWith(tag.toLowerCase())

function readInclude(state: State, file: FileState, line: Line): void {
  if (file.depth >= maximumIncludeDepth || ++state.includes > maximumIncludes) {
    problem(state, line, 'files include each other too often')
    return
  }
  const included = state.options.include?.(line.value, line.file)
  if (included === undefined) problem(state, line, `cannot read ${line.value}`)
  else readFile(state, included, file.depth + 1)
}

function readDirective(state: State, line: Line): void {
  const { draft } = state
  if (isRuleKind(line.key)) {
    readRule(state, line)
    return
  }
  const done = applyDirective(draft, line)
  if (typeof done === 'string') problem(state, line, done)
  if (done !== undefined) return
  const ignored = ignoredClass(line.key)
  if (ignored !== undefined) countIgnored(draft, ignored)
  else problem(state, line, `the directive ${line.key} is not known`)
}

function readRule(state: State, line: Line): void {
  const named = readName(line.value)
  if (typeof named === 'string') {
    problem(state, line, named)
    return
  }
  const [name, rest] = named
  const body = isRuleKind(line.key) ? readRuleBody(line.key, rest) : undefined
  const place = { file: line.file, line: line.line }
  if (typeof body === 'string') state.draft.broken.set(name, { place, message: body })
  else if (body !== undefined) {
    state.draft.broken.delete(name)
    state.draft.definitions.set(name, { name, place, body })
  }
}

function noteSkipped(draft: SourceDraft, line: Line, reason: string): void {
  if (!isRuleKind(line.key)) {
    countIgnored(draft, 'lines whose condition does not hold')
    return
  }
  const named = readName(line.value)
  if (typeof named !== 'string')
    draft.skipped.set(named[0], { place: { file: line.file, line: line.line }, reason })
}

const countIgnored = ({ ignored }: SourceDraft, name: string) =>
  ignored.set(name, (ignored.get(name) ?? 0) + 1)

function problem(state: State, { file, line }: Place, message: string): void {
  const problems: Problem[] = state.draft.problems
  problems.push({ place: { file, line }, message })
}
