/**
 * A training: from the features of ham and spam to a model, with what it is worth on mail that it has not seen.
 *
 * Promises: the same mails and the same recipe give the same model, octet for octet, whatever the number of threads. The
 * calibration and the estimate come from models that had not seen the mails they judge, nor others of their source.
 * Leaves out: reading mail (`gather.ts`), writing the model (`#scanner/features/model-file.ts`).
 */
import { createHash } from 'node:crypto'
import { type Calibration, calibrate } from '#content/spam/training/calibration.ts'
import type { Fitted } from '#content/spam/training/fit.ts'
import { foldsOf } from '#content/spam/training/folds.ts'
import type { Gathered } from '#content/spam/training/gather.ts'
import { type Measured, measure } from '#content/spam/training/measure.ts'
import { defaultRecipe, type Recipe } from '#content/spam/training/recipe.ts'
import { type FeatureStore, groupStarts } from '#content/spam/training/store.ts'
import type { FitCommon, FitPart, FitTask } from '#content/spam/training/thread-messages.ts'
import { onThreads } from '#content/spam/training/threads.ts'
import type { ModelWeights } from '#scanner/features/model-content.ts'

/** Mails judged by models that had not seen them. */
export interface HeldOut {
  readonly mails: Uint32Array
  readonly margins: Float64Array
  readonly labels: Uint8Array
  readonly measured: Measured
}

export interface Trained {
  readonly model: ModelWeights
  readonly heldOut: HeldOut
  readonly converged: boolean
}

export interface TrainOptions {
  readonly name: string
  readonly threads: number
  readonly recipe?: Recipe
  /** The fold of each mail, for who knows the sources better than their senders tell. */
  readonly foldOf?: Uint8Array
  readonly progress?: ((done: number, all: number) => void) | undefined
}

export async function train(gathered: Gathered, options: TrainOptions): Promise<Trained> {
  const { recipe = defaultRecipe } = options
  const { store } = gathered
  const foldOf = options.foldOf ?? foldsOf({ ...gathered, label: store.label }, recipe.folds)
  const all = Uint32Array.from(store.label, (_, mail) => mail)
  const sample = sampleOf(store.label, recipe.mostOfKind)
  const ofFolds = Array.from({ length: recipe.folds }, (_, fold) => ({
    mails: sample.filter(mail => foldOf[mail] !== fold),
    judged: sample.filter(mail => foldOf[mail] === fold),
  }))
  // The longest first.
  const parts = await solveAll(store, recipe, [{ mails: all }, ...ofFolds], options)
  const { fitted } = parts[0] as { readonly fitted: Fitted }
  const heldOut = heldOutOf(
    store,
    ofFolds.map(({ judged }) => judged),
    parts.flatMap(part => ('margins' in part ? [part.margins] : [])),
  )
  const calibration = calibrate(heldOut.margins, heldOut.labels)
  const model = modelOf(gathered, fitted, calibration, recipe, options.name)
  return { model, heldOut, converged: fitted.converged }
}

async function solveAll(
  store: FeatureStore,
  recipe: Recipe,
  tasks: readonly FitTask[],
  { threads, progress }: TrainOptions,
): Promise<readonly FitPart[]> {
  const parts: FitPart[] = []
  let done = 0
  await onThreads<FitTask, FitPart>({
    worker: new URL('./fit-worker.ts', import.meta.url),
    common: { store, recipe } satisfies FitCommon,
    tasks,
    threads,
    take: (part, task) => {
      parts[task] = part
      progress?.(++done, tasks.length)
    },
  })
  return parts
}

/** The first of each kind: the order of their hashes is random enough. */
function sampleOf(label: Uint8Array, mostOfKind: number): Uint32Array {
  const taken = [0, 0]
  return Uint32Array.from([...label.keys()].filter(mail => taken[label[mail]!]!++ < mostOfKind))
}

function heldOutOf(
  store: FeatureStore,
  judged: readonly Uint32Array[],
  margins: readonly Float64Array[],
): HeldOut {
  const mails = Uint32Array.from(judged.flatMap(list => [...list]))
  const all = Float64Array.from(margins.flatMap(list => [...list]))
  const labels = Uint8Array.from(mails, mail => store.label[mail]!)
  return { mails, margins: all, labels, measured: measure(all, labels) }
}

function modelOf(
  { store, hashes }: Gathered,
  { weights, scales, bias }: Fitted,
  calibration: Calibration,
  recipe: Recipe,
  name: string,
): ModelWeights {
  const starts = groupStarts(recipe.options.bits)
  const split = (list: Float32Array) =>
    recipe.factors.map((_, group) => list.slice(starts[group], starts[group + 1]))
  const spam = store.label.reduce((sum, label) => sum + label, 0)
  return {
    facts: {
      name,
      options: recipe.options,
      bias,
      calibration,
      training: trainingHash(hashes, store.label, recipe),
      ham: store.label.length - spam,
      spam,
    },
    weights: split(weights),
    scales: split(scales),
  }
}

/** SHA-256 of the recipe, and of each mail's kind and hash in the order of the hashes. */
function trainingHash(hashes: Uint8Array, label: Uint8Array, recipe: Recipe): Uint8Array {
  const hash = createHash('sha256').update(JSON.stringify(recipe))
  for (const [mail, kind] of label.entries())
    hash.update(Uint8Array.of(kind)).update(hashes.subarray(32 * mail, 32 * mail + 32))
  return new Uint8Array(hash.digest())
}
