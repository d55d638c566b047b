/**
 * All symbols, layer by layer, cheapest first. A new one is a row here, a function that finds it beside its neighbours, and
 * a row in the test of its layer.
 *
 * A weight is what the symbol adds to the log-odds of spam: 0.7 doubles them, 2.3 makes them ten times as large. It says what
 * is right in general, beside a model that has seen the words of the message; no symbol alone is enough.
 */
import type { Find, FoundSymbol, LayerName } from '#content/spam/symbol.ts'
import * as connection from './connection.ts'
import * as fields from './envelope-form.ts'
import * as form from './form.ts'
import * as link from './links.ts'
import * as sender from './sender.ts'
import * as subject from './subject.ts'
import * as text from './text.ts'

type Row = readonly [name: string, weight: number, find: Find, sentence: string]

const layer = (name: LayerName, rows: readonly Row[]): readonly FoundSymbol[] =>
  rows.map(([symbol, weight, find, sentence]) => ({
    name: symbol,
    layer: name,
    weight,
    sentence,
    author: 'Sluice',
    find,
  }))

// biome-ignore format: a table
export const symbols: readonly FoundSymbol[] = [
  ...layer('connection', [
    ['CLIENT_HAS_NO_NAME', 0.8, connection.noReverseName, 'The address of the client has no name in DNS'],
    ['CLIENT_NAME_IS_DYNAMIC', 0.8, connection.dynamicName, 'The name of the client is that of a household line, from which no mail server sends'],
    ['HELO_IS_ADDRESS', 1, connection.heloIsAddress, 'The client greets with a bare address instead of a name'],
    ['HELO_HAS_NO_DOT', 0.7, connection.heloWithoutDot, 'The client greets with a name that is no domain'],
    ['HELO_IS_RECIPIENTS', 1.5, connection.heloIsRecipients, 'The client greets with the domain of those it writes to'],
    ['SPF_FAILS', 0.8, connection.spfFails, 'The domain of the envelope sender says that this client may not send for it (SPF)'],
    ['DMARC_FAILS', 1.2, connection.dmarcFails, 'The domain in From does not vouch for the message (DMARC)'],
    ['DMARC_PASSES', -0.2, connection.dmarcPasses, 'The domain in From vouches for the message (DMARC)'],
    ['DKIM_FAILS', 0.5, connection.noSignatureHolds, 'The message is signed, and no signature holds (DKIM)'],
  ]),
  ...layer('header', [
    ['FROM_NAME_IS_OTHER_BRAND', 1.5, sender.nameIsOtherBrand, 'The name of the sender is that of a well-known brand, and the address is not one of its own'],
    ['FROM_DOMAIN_LOOKS_LIKE_BRAND', 2, sender.domainLooksLikeBrand, 'The domain of the sender is written to be taken for that of a well-known brand'],
    ['FROM_DOMAIN_NAMES_BRAND', 1.2, sender.domainNamesBrand, 'The domain of the sender has the name of a well-known brand in it, and is not one of its own'],
    ['FROM_NAME_IS_OTHER_ADDRESS', 1.2, sender.nameIsOtherAddress, 'The name of the sender is an address of another domain'],
    ['FROM_NAME_IN_DISGUISE', 1.5, sender.nameInDisguise, 'The name of the sender has letters that only look like what they are read as'],
    ['FROM_MISSING', 1, sender.fromMissing, 'The message does not say who it is from'],
    ['FROM_SEVERAL', 0.8, sender.fromSeveral, 'The message says that it is from more than one sender'],
    ['FROM_IS_NO_ADDRESS', 0.8, sender.fromIsNoAddress, 'What stands in From is no address'],
    ['FROM_LOCAL_IS_RANDOM', 0.5, sender.localIsRandom, 'The address of the sender looks made by a machine'],
    ['FROM_CHEAP_DOMAIN', 0.5, sender.fromCheapDomain, 'The sender has a domain where names cost next to nothing'],
    ['FROM_FREE_HOSTING', 0.6, sender.fromFreeHosting, 'The sender writes from a free web hosting service'],
    ['FROM_ROLE_AT_FREE_MAIL', 0.8, sender.roleAtFreeMail, 'An office or a company writes from a free mail provider'],
    ['FROM_IS_RECIPIENT', 0.6, sender.fromIsRecipient, 'The sender has the address of the recipient'],
    ['REPLY_TO_FREE_MAIL', 1, sender.replyToFreeMail, 'Answers go to a free mail provider, and the sender is elsewhere'],
    ['REPLY_TO_OTHER_PERSON', 1, sender.replyToOtherPerson, 'Answers go to somebody else at the same free mail provider'],
    ['REPLY_TO_LOOKS_LIKE_FROM', 1.2, sender.replyToLooksLikeFrom, 'Answers go to a domain with the name of the sender’s under a cheap ending'],
    ['SUBJECT_IN_DISGUISE', 1.5, subject.subjectInDisguise, 'The subject has letters that only look like what they are read as'],
    ['SUBJECT_SPLIT_INVISIBLY', 1.5, subject.subjectSplit, 'Words of the subject are split by characters that nobody sees'],
    ['SUBJECT_REPLY_TO_NOTHING', 0.4, subject.replyWithoutReference, 'The subject is that of an answer, and nothing is answered'],
    ['SUBJECT_IN_CAPITALS', 0.8, subject.subjectInCapitals, 'The subject is written in capitals'],
    ['SUBJECT_SHOUTS', 0.6, subject.subjectShouts, 'The subject has rows of exclamation marks, stars or signs of money'],
    ['SUBJECT_HAS_GAP', 0.8, subject.subjectWithGap, 'The subject goes on behind a wide gap'],
    ['SUBJECT_NAMES_RECIPIENT', 0.8, subject.subjectNamesRecipient, 'The subject has the address of the recipient in place of a name'],
    ['SUBJECT_EMPTY', 0.5, subject.subjectEmpty, 'The subject is empty'],
    ['TEMPLATE_UNFILLED', 1.2, subject.templateUnfilled, 'A template of a mailing was not filled in'],
    ['ANSWERS_IN_THREAD', -0.7, subject.answersInThread, 'The message answers another one and names it'],
    ['DATE_MISSING', 0.3, fields.dateMissing, 'The message has no date'],
    ['DATE_BROKEN', 0.8, fields.dateBroken, 'The date is none that mail programs write'],
    ['DATE_ZONE_IMPOSSIBLE', 1.3, fields.dateZoneImpossible, 'The date has a time zone that does not exist'],
    ['DATE_IN_FUTURE', 0.8, fields.dateInFuture, 'The date is more than a day in the future'],
    ['DATE_LONG_AGO', 0.6, fields.dateLongAgo, 'The date is more than a week ago'],
    ['MESSAGE_ID_MISSING', 0.3, fields.identifierMissing, 'The message has no Message-ID'],
    ['MESSAGE_ID_BROKEN', 0.8, fields.identifierBroken, 'The Message-ID is none that mail programs write'],
    ['MAILER_IS_FOR_MASSES', 1.5, fields.mailerIsForMasses, 'The message was written by a program for mass mailings'],
    ['MAILER_IS_PRETENDED', 0.8, fields.outlookPretended, 'The message claims a mail program that would have written more fields'],
    ['SENT_BY_SCRIPT', 0.6, fields.sentByScript, 'The message was sent by a script on a web server'],
    ['PRIORITY_HIGH', 0.4, fields.priorityHigh, 'The sender calls the message urgent'],
    ['BULK_WITHOUT_WAY_OUT', 0.5, fields.bulkWithoutWayOut, 'The message is marked as bulk mail, and says not how to leave'],
    ['RECIPIENTS_UNDISCLOSED', 0.5, fields.recipientsUndisclosed, 'The message does not say to whom it is sent'],
  ]),
  ...layer('form', [
    ['FILE_IS_PROGRAM', 2, form.fileIsProgram, 'A file is a program or a script'],
    ['FILE_IS_DISC', 1.5, form.fileIsDisc, 'A file is the image of a disc, in which programs are hidden from scanners'],
    ['FILE_HAS_TWO_ENDINGS', 1.5, form.fileHasTwoEndings, 'A file has the ending of a document before that of something else'],
    ['FILE_HAS_MACROS', 0.8, form.fileHasMacros, 'A document can have macros'],
    ['FILE_IS_PAGE', 0.8, form.fileIsPage, 'A web page is attached'],
    ['FILE_RUNS_SCRIPT', 1.2, form.pageRunsScript, 'An attached web page runs a script'],
    ['FILE_NAME_TURNED', 2, form.fileNameTurned, 'The name of a file has characters that turn its end round'],
    ['HTML_FORM', 0.4, form.htmlForm, 'The text has a form to fill in'],
    ['HTML_ASKS_PASSWORD', 1.5, form.htmlAsksPassword, 'The text has a field for a password'],
    ['IMAGE_ONLY', 0.7, form.imageOnly, 'The message is an image with hardly any text'],
    ['LINK_ONLY', 0.2, form.linkOnly, 'The message is a link with hardly any text'],
    ['TEXT_EMPTY', 0.5, form.textEmpty, 'The message has no text'],
    ['TEXT_HIDDEN', 0.2, form.muchHidden, 'More text is hidden than shown'],
    ['HTML_ALONE', 0.2, form.htmlAlone, 'The text is HTML, without plain text beside it'],
    ['MIME_NEVER_HONEST', 1, form.formNeverHonest, 'The form of the message is one that no mail program writes'],
    ['MIME_CARELESS', 0.4, form.formCareless, 'The form of the message breaks rules that mail programs keep'],
    ['IS_REPORT', -0.7, form.isReport, 'The message is a report about another message'],
    ['PASSES_ON_MESSAGE', -0.7, form.passesOn, 'The message passes another one on, with words of its own and no link'],
  ]),
  ...layer('link', [
    ['LINK_LOOKS_LIKE_BRAND', 2, link.hostLooksLikeBrand, 'A link leads to a domain that is written to be taken for that of a well-known brand'],
    ['LINK_NAMES_BRAND', 1.2, link.hostNamesBrand, 'A link has the name of a well-known brand in its host, and does not lead there'],
    ['LINK_MIXED_SCRIPTS', 2, link.hostOfMixedScripts, 'The host of a link has letters that only look like what they are read as'],
    ['LINK_PUNYCODE', 0.5, link.hostInPunycode, 'The host of a link is written in letters beyond ASCII'],
    ['LINK_IS_ADDRESS', 1.5, link.hostIsAddress, 'A link leads to an address in numbers'],
    ['LINK_ODD_PORT', 0.8, link.portIsOdd, 'A link leads to an unusual port'],
    ['LINK_HAS_USER', 1.2, link.userInLink, 'A link has a name before its host that readers take for the host'],
    ['LINK_WRITTEN_ODDLY', 1, link.writtenOddly, 'A link is written so that people and programs read it differently'],
    ['LINK_SHOWS_OTHER_HOST', 0.2, link.showsOtherHost, 'A link shows the address of another host than it leads to'],
    ['LINK_SHORTENER', 0.4, link.throughShortener, 'A link hides where it leads behind a shortener'],
    ['LINK_REDIRECTOR', 0.6, link.throughRedirector, 'A link leads through the redirector of a well-known site'],
    ['LINK_FREE_HOSTING', 0.5, link.onFreeHosting, 'A link leads to a free web hosting service'],
    ['LINK_CHEAP_DOMAIN', 0.6, link.hostInCheapDomain, 'A link leads to a domain where names cost next to nothing'],
    ['LINK_RANDOM_HOST', 0.6, link.hostIsRandom, 'A link leads to a domain whose name looks made by a machine'],
    ['LINK_CARRIES_RECIPIENT', 1, link.carriesRecipient, 'A link brings an address along to fill in a form'],
    ['LINK_TO_PROGRAM', 1.2, link.leadsToProgram, 'A link leads to a program'],
  ]),
  ...layer('text', [
    ['TEXT_IN_DISGUISE', 1.5, text.wordsInDisguise, 'Words of the text have letters that only look like what they are read as'],
    ['TEXT_IN_COSTUME', 0.8, text.lettersInCostume, 'Words of the text are written in letters of mathematics'],
    ['TEXT_SPLIT_INVISIBLY', 1.2, text.wordsSplitInvisibly, 'Words of the text are split by characters that nobody sees'],
  ]),
]
