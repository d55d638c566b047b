/** Functions of plugins BodyEval and HTMLEval that the parts and their sources can answer. */
import { partKinds } from '#scanner/layout.ts'
import { type MessageView, partColumn, partWidth } from '../message-view.ts'
import type { EvalFunction, Served } from './function.ts'
import { row } from './row.ts'

const bodyStart = partColumn('bodyStart')
const kind = partColumn('kind')
const html = partKinds.indexOf('html')

export const bodyFunctions: readonly (readonly [string, Served])[] = [
  row(
    'check_body_length',
    ([most = '']) => {
      const octets = Number(most)
      return most === '' || Number.isNaN(octets) ? 'needs a number' : isShort(octets)
    },
    'line ends count two octets',
  ),
  row(
    'html_tag_exists',
    ([tag = '']) => (/^[a-z][\w-]*$/i.test(tag) ? hasTag(tag) : 'needs the name of a tag'),
    'tags are looked for in the source, comments and scripts included',
  ),
]

const isShort =
  (octets: number): EvalFunction =>
  ({ scan }) =>
    Number(scan.size - scan.parts[bodyStart]! <= octets)

function hasTag(tag: string): EvalFunction {
  const lower = tag.toLowerCase()
  return view => Number(view.once('tags', () => tagsOf(view)).has(lower))
}

/** Names of all tags in the sources of HTML, in lower case. */
function tagsOf(view: MessageView): ReadonlySet<string> {
  const tags = new Set<string>()
  for (let part = 0; part < view.parts; part++) {
    if (view.scan.parts[part * partWidth + kind] !== html) continue
    for (const [, name] of view.text(part, 'source').matchAll(tagStart)) tags.add(name!.toLowerCase())
  }
  return tags
}

const tagStart = /<([a-z][\w-]*)(?=[\s/>])/gi
