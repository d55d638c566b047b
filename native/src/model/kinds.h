// What a feature is about. The numbers seed the hashes: they belong to the model file (feature_version) and
// never change.
//
// The same list, with what is said of each in an explanation: src/scanner/features/kinds.ts.
#pragma once
#include <cstdint>

namespace sluice {

enum class Kind : std::uint32_t {
  // body
  Word = 1,
  Pair,  // two words; further apart than neighbours: Pair + distance - 1
  // header
  Field = 16,  // a field is there
  FieldOrder,  // two fields that follow each other
  FieldAbsent,
  FieldWord,       // field, word of its value
  FieldPair,       // two words of a subject or a display name that follow each other
  FieldValue,      // field, its value as a whole
  FieldShape,      // field, shape of its value
  NameAbsent,      // field: an address without a display name
  NameAddress,     // field: a display name that has an address in it
  LocalShape,      // field, shape of the local part
  Domain,          // field, a domain or a suffix of it
  DomainSame,      // field: the domain of From, or one that ends the same
  DomainOther,     // field: another domain
  DateZone,        // zone of the date
  Type,            // type of the message in its header
  ParameterName,   // type, parameter
  ParameterOrder,  // two parameters that follow each other
  ParameterValue,  // parameter, value
  ParameterShape,  // parameter, shape of its value
  SubjectForm,     // what is striking in the subject
  // url
  Scheme = 64,
  Host,        // a host or a suffix of it
  HostForm,    // what is striking in the host
  HostLabels,  // how many labels
  HostSize,
  PathShape,
  PathWord,
  PathSuffix,  // what stands behind the last dot
  PathSize,
  Query,  // name of a query parameter
  AddressDomain,
  // structure
  Size = 96,     // what, how large
  Count,         // what, how many
  Ratio,         // what, in relation to what
  PartForm,      // kind, encoding and disposition of a part
  PartType,      // media type
  PartEncoding,  // media type, encoding
  PartCharset,
  PartNesting,  // media type, that of the part around it
  PartSize,     // kind of the part, how large
  FileSuffix,
  FileShape,
  FlagRaised,
  Script,  // script, share of the words
  Form,    // what is striking in the message as a whole
};

}  // namespace sluice
