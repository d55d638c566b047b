/**
 * The trained model as the filter asks it: log-odds of a message, and what of the message pulled most.
 *
 * Promises: log-odds are calibrated, slope · margin + offset of the model file, in full precision; a file that is no model
 * is refused with a sentence, never an exception; the native core and TypeScript say the same.
 * Leaves out: training, and which file to take.
 */
import type { WordSlots } from '#content/spam/word-slots.ts'
import type { EngineChoice } from '#scanner/engine.ts'
import { type Explanation, explain } from '#scanner/features/explain.ts'
import { extractFeatures } from '#scanner/features/features.ts'
import { type Model, modelOf } from '#scanner/features/model.ts'
import type { ModelFacts } from '#scanner/features/model-content.ts'
import { readModel } from '#scanner/features/model-file.ts'
import type { NativeModel } from '#scanner/native.ts'
import type { ScanOutput } from '#scanner/scanner.ts'

export interface SpamModel {
  readonly facts: ModelFacts
  /** Above 0: more likely spam than not; on request with the words it is told from. Called per message. */
  logOdds(output: ScanOutput, words?: WordSlots): number
  /** For one message at a time: it costs many times as much. */
  explain(output: ScanOutput, most: number): Explanation
}

export type ModelOpening = { readonly model: SpamModel } | { readonly refusal: string }

/** `choice`: the scanner that serves; the native one has its own reader of the file, in memory that threads share. */
export async function openSpamModel(path: string, choice: EngineChoice): Promise<ModelOpening> {
  if (choice.kind === 'native') {
    const opened = choice.core.openModel(path)
    return typeof opened === 'string' ? { refusal: opened } : { model: nativeSpamModel(opened) }
  }
  const read = await readModel(path)
  return 'refusal' in read ? read : { model: spamModel(modelOf(read.content)) }
}

export const spamModel = (model: Model): SpamModel => ({
  facts: model.facts,
  logOdds: (output, words) => {
    const vector = extractFeatures(output, model.facts.options)
    words?.take(vector[0]!)
    return calibrated(model.facts, model.score(vector).margin)
  },
  explain: (output, most) => explain(output, model, most),
})

export function nativeSpamModel(model: NativeModel): SpamModel {
  const facts = factsOf(model.describe())
  const scoreOf = (output: ScanOutput) => {
    const [margin, probability, ...groups] = model.score(output)
    return { margin: margin!, probability: probability!, groups }
  }
  return {
    facts,
    logOdds: (output, words) => {
      const numbers = model.score(output, words?.room)
      words?.filled(numbers.at(-1)!)
      return calibrated(facts, numbers[0]!)
    },
    explain: (output, most) =>
      explain(
        output,
        { facts, score: () => scoreOf(output), lookUp: (group, slots) => model.lookUp(group, slots) },
        most,
      ),
  }
}

const calibrated = ({ calibration: { slope, offset } }: ModelFacts, margin: number): number =>
  slope * margin + offset

function factsOf(described: ReturnType<NativeModel['describe']>): ModelFacts {
  const { name, options, bias, calibrationSlope, calibrationOffset, training, ham, spam } = described
  const [body, header, url, structure] = options.bits
  return {
    name,
    options: { ...options, bits: [body!, header!, url!, structure!] },
    bias,
    calibration: { slope: calibrationSlope, offset: calibrationOffset },
    training,
    ham,
    spam,
  }
}
