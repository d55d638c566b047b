/**
 * What a feature is about, group by group. The numbers seed the hashes: they belong to the model file and never change.
 * `native/src/model/kinds.h` has the same numbers; a test compares them by what they give.
 */
export const groups = ['body', 'header', 'url', 'structure'] as const
export type Group = (typeof groups)[number]

/** Features of one message that a group takes; what comes later is left out. */
export const featureLimits = [32_768, 4_096, 8_192, 2_048] as const

/** Raised when the same message would give other slots: a model knows for which it was trained. */
export const featureVersion = 1

/** A kind: its number, and what a text of this kind is called in an explanation. */
export const kinds = {
  // body
  word: [1, 'word'],
  pair: [2, 'words'], // further apart than neighbours: number + distance - 1
  // header
  field: [16, 'has field'],
  fieldOrder: [17, 'fields in the order'],
  fieldAbsent: [18, 'has no field'],
  fieldWord: [19, 'word in field'],
  fieldPair: [20, 'words in field'],
  fieldValue: [21, 'field with value'],
  fieldShape: [22, 'field of the form'],
  nameAbsent: [23, 'address without a name in'],
  nameAddress: [24, 'name that is an address in'],
  localShape: [25, 'local part of the form'],
  domain: [26, 'domain in field'],
  domainSame: [27, 'domain of the sender in'],
  domainOther: [28, 'other domain than the sender’s in'],
  dateZone: [29, 'time zone'],
  type: [30, 'type'],
  parameterName: [31, 'parameter'],
  parameterOrder: [32, 'parameters in the order'],
  parameterValue: [33, 'parameter with value'],
  parameterShape: [34, 'parameter of the form'],
  subjectForm: [35, 'subject'],
  // url
  scheme: [64, 'scheme of a link'],
  host: [65, 'host of a link'],
  hostForm: [66, 'host of a link'],
  hostLabels: [67, 'dots in the host of a link'],
  hostSize: [68, 'length of the host of a link'],
  pathShape: [69, 'path of a link of the form'],
  pathWord: [70, 'word in the path of a link'],
  pathSuffix: [71, 'file name of a link ends with'],
  pathSize: [72, 'length of the path of a link'],
  query: [73, 'parameter of a link'],
  addressDomain: [74, 'domain of an address in the text'],
  // structure
  size: [96, 'size'],
  count: [97, 'number'],
  ratio: [98, 'share'],
  partForm: [99, 'part'],
  partType: [100, 'part of type'],
  partEncoding: [101, 'part encoded'],
  partCharset: [102, 'part in charset'],
  partNesting: [103, 'part within'],
  partSize: [104, 'size of a part'],
  fileSuffix: [105, 'file name ends with'],
  fileShape: [106, 'file name of the form'],
  flagRaised: [107, 'form'],
  script: [108, 'script'],
  form: [109, 'message'],
} as const satisfies Record<string, readonly [number, string]>

export type Kind = keyof typeof kinds
