#include <algorithm>
#include <iterator>

#include "model/groups.h"
#include "model/mailbox.h"
#include "model/shapes.h"

namespace sluice {

namespace {

constexpr FeatureGroup group = FeatureGroup::Header;

/// How much of a field is a feature.
enum class Use : std::uint8_t { Presence, Value, Words, Subject, Mailbox, Identifier, Date, Parameters };

struct Known {
  std::string_view name;
  Use use;
};

/// In the order of the alphabet.
constexpr Known known_fields[] = {
    {"accept-language", Use::Value},
    {"auto-submitted", Use::Value},
    {"content-class", Use::Value},
    {"content-description", Use::Words},
    {"content-disposition", Use::Parameters},
    {"content-language", Use::Value},
    {"content-transfer-encoding", Use::Value},
    {"content-type", Use::Parameters},
    {"date", Use::Date},
    {"disposition-notification-to", Use::Presence},
    {"errors-to", Use::Presence},
    {"feedback-id", Use::Presence},
    {"from", Use::Mailbox},
    {"importance", Use::Value},
    {"in-reply-to", Use::Presence},
    {"message-id", Use::Identifier},
    {"mime-version", Use::Value},
    {"organization", Use::Words},
    {"precedence", Use::Value},
    {"priority", Use::Value},
    {"references", Use::Presence},
    {"reply-to", Use::Mailbox},
    {"return-receipt-to", Use::Presence},
    {"sender", Use::Mailbox},
    {"subject", Use::Subject},
    {"thread-index", Use::Presence},
    {"thread-topic", Use::Presence},
    {"user-agent", Use::Words},
    {"x-accept-language", Use::Value},
    {"x-antiabuse", Use::Presence},
    {"x-authenticated-sender", Use::Presence},
    {"x-authentication-warning", Use::Presence},
    {"x-get-message-sender-via", Use::Presence},
    {"x-mailer", Use::Words},
    {"x-mimeole", Use::Words},
    {"x-msmail-priority", Use::Value},
    {"x-originating-ip", Use::Presence},
    {"x-php-originating-script", Use::Presence},
    {"x-php-script", Use::Presence},
    {"x-priority", Use::Value},
    {"x-sender", Use::Presence},
    {"x-source", Use::Presence},
};

constexpr std::string_view expected_fields[] = {"from", "date", "message-id", "subject", "mime-version"};

/// Parameters whose value is one of few.
constexpr std::string_view telling_parameters[] = {"charset",     "format", "delsp",    "type",
                                                   "report-type", "method", "protocol", "micalg"};
constexpr std::size_t most_parameters = 16;

enum SubjectForm : std::uint32_t {
  empty,
  capitals,
  reply_without_reference,
  currency,
  exclamation,
  digits,
  disguise
};

const Known* find_known(std::string_view name) {
  const auto* found =
      std::lower_bound(std::begin(known_fields), std::end(known_fields), name,
                       [](const Known& known, std::string_view wanted) { return known.name < wanted; });
  return found != std::end(known_fields) && found->name == name ? found : nullptr;
}

class FieldWords final : public WordSink {
 public:
  FieldWords(std::uint32_t field, bool pairs, Collector& collector)
      : field_(field), pairs_(pairs), collector_(collector) {}
  void word(std::uint32_t hash, bool joins) override {
    collector_.add(group, Kind::FieldWord, field_, hash);
    if (joins && pairs_) collector_.add(group, Kind::FieldPair, field_ + last_, hash);
    last_ = hash;
  }

 private:
  std::uint32_t field_;
  bool pairs_;
  Collector& collector_;
  std::uint32_t last_ = 0;
};

class HeaderFeatures {
 public:
  HeaderFeatures(const MessageView& view, Collector& collector)
      : view_(view), collector_(collector), sender_(sender_domain(view)) {}

  void add() {
    const auto& fields = view_.output().fields;
    for (const FieldRow& field : fields)
      if (field.part == 0)
        is_reply_ = is_reply_ || is_reference(view_.string(field.name_start, field.name_end));
    std::uint32_t previous = 0;
    for (const FieldRow& field : fields) {
      if (!view_.own(field.part)) continue;
      const Known* known = find_known(view_.string(field.name_start, field.name_end));
      if (known == nullptr) continue;
      const std::uint32_t name = hash_of(known->name);
      if (field.part == 0) {
        add_presence(*known, name, previous);
        previous = name;
      }
      // Of other parts only what says how they are made.
      if (field.part == 0 || known->use == Use::Parameters)
        add_value(known->use, name, field_text(view_, field));
    }
    for (std::size_t index = 0; index < std::size(expected_fields); ++index)
      if ((seen_ >> index & 1) == 0) add_feature(Kind::FieldAbsent, hash_of(expected_fields[index]));
  }

 private:
  static bool is_reference(std::string_view name) { return name == "references" || name == "in-reply-to"; }

  void add_feature(Kind kind, std::uint32_t first, std::uint32_t second = 0) {
    collector_.add(group, kind, first, second);
  }

  void add_presence(const Known& known, std::uint32_t name, std::uint32_t previous) {
    add_feature(Kind::Field, name);
    add_feature(Kind::FieldOrder, previous, name);
    for (std::size_t index = 0; index < std::size(expected_fields); ++index)
      if (known.name == expected_fields[index]) seen_ |= 1U << index;
  }

  void add_value(Use use, std::uint32_t name, std::string_view text) {
    switch (use) {
      case Use::Presence:
        return;
      case Use::Value:
        return add_feature(Kind::FieldValue, name, hash_of(Lowered(trimmed(text)).text()));
      case Use::Words:
        add_words(name, text, false);
        return;
      case Use::Subject:
        return add_subject(name, text);
      case Use::Mailbox:
        return add_mailbox(name, text);
      case Use::Identifier:
        return add_identifier(name, text);
      case Use::Date:
        return add_date(name, text);
      case Use::Parameters:
        return add_parameters(name, text);
    }
  }

  TextTally add_words(std::uint32_t name, std::string_view text, bool pairs) {
    FieldWords words(name, pairs, collector_);
    WordReader reader(words);
    reader.read(text);
    return reader.tally();
  }

  void add_subject(std::uint32_t name, std::string_view text) {
    const TextTally tally = add_words(name, text, true);
    if (tally.words == 0) add_feature(Kind::SubjectForm, empty);
    if (tally.words > 0 && tally.capitals * 2 >= tally.words) add_feature(Kind::SubjectForm, capitals);
    if (!is_reply_ && Lowered(text.substr(0, 3)).text() == "re:")
      add_feature(Kind::SubjectForm, reply_without_reference);
    if (tally.currencies > 0) add_feature(Kind::SubjectForm, currency);
    if (tally.exclamations > 0) add_feature(Kind::SubjectForm, exclamation, bin_of(tally.exclamations));
    if (tally.numbers > 0) add_feature(Kind::SubjectForm, digits, bin_of(tally.numbers));
    if (tally.disguised + tally.mixed > 0) add_feature(Kind::SubjectForm, disguise);
  }

  void add_mailbox(std::uint32_t name, std::string_view text) {
    const Mailbox mailbox = read_mailbox(text);
    if (mailbox.name.empty()) add_feature(Kind::NameAbsent, name);
    if (mailbox.name.find('@') != mailbox.name.npos) add_feature(Kind::NameAddress, name);
    add_words(name, mailbox.name, true);
    add_feature(Kind::LocalShape, name, Shape(mailbox.local).hash());
    add_domain(name, mailbox.domain);
  }

  void add_domain(std::uint32_t name, std::string_view domain) {
    const Lowered lowered(domain);
    each_suffix(lowered.text(),
                [&](std::string_view suffix) { add_feature(Kind::Domain, name, hash_of(suffix)); });
    add_feature(is_related(lowered.text(), sender_.text()) ? Kind::DomainSame : Kind::DomainOther, name);
  }

  void add_identifier(std::uint32_t name, std::string_view text) {
    const Mailbox identifier = read_mailbox(text);
    add_feature(Kind::LocalShape, name, Shape(identifier.local).hash());
    add_feature(Kind::FieldShape, name, Shape(identifier.domain).hash());
    add_domain(name, identifier.domain);
  }

  void add_date(std::uint32_t name, std::string_view text) {
    add_feature(Kind::FieldShape, name, Shape(text).hash());
    const std::size_t sign = text.find_last_of("+-");
    if (sign != text.npos) add_feature(Kind::DateZone, hash_of(text.substr(sign, 5)));
  }

  void add_parameters(std::uint32_t name, std::string_view text) {
    std::size_t end = std::min(text.find(';'), text.size());
    add_feature(Kind::Type, name, hash_of(Lowered(trimmed(text.substr(0, end))).text()));
    std::uint32_t previous = name;
    for (std::size_t count = 0; end < text.size() && count < most_parameters; ++count) {
      const std::size_t start = end + 1;
      end = std::min(text.find(';', start), text.size());
      previous = add_parameter(name, previous, text.substr(start, end - start));
    }
  }

  std::uint32_t add_parameter(std::uint32_t field, std::uint32_t previous, std::string_view text) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const Lowered lowered(trimmed(text.substr(0, equals)));
    const std::uint32_t name = hash_of(lowered.text());
    add_feature(Kind::ParameterName, field, name);
    add_feature(Kind::ParameterOrder, previous, name);
    const std::string_view value = trimmed(text.substr(std::min(equals + 1, text.size())));
    // The quotes, too, tell who wrote it.
    if (lowered.text() == "boundary") add_feature(Kind::ParameterShape, name, Shape(value).hash());
    if (std::find(std::begin(telling_parameters), std::end(telling_parameters), lowered.text()) !=
        std::end(telling_parameters))
      add_feature(Kind::ParameterValue, name, hash_of(Lowered(value).text()));
    return name;
  }

  const MessageView& view_;
  Collector& collector_;
  Lowered sender_;
  bool is_reply_ = false;
  std::uint32_t seen_ = 0;
};

}  // namespace

void add_header(const MessageView& view, Collector& collector) { HeaderFeatures(view, collector).add(); }

}  // namespace sluice
