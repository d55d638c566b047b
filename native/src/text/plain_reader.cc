// Plain text: what a reader sees is what is written.
#include "text/link_finder.h"
#include "text/links.h"
#include "text/readable.h"
#include "text/spacing.h"

namespace sluice {

namespace {

class PlainReader final : public Sink, private text::Folded {
 public:
  PlainReader(Readable& readable, Faults& faults, std::uint32_t link_limit)
      : readable_(readable),
        links_(readable, faults, link_limit),
        finder_(links_, text::LinkFinder::Kind::Prose),
        spacing_(*this, faults, text::LineEnds::Count) {}

  void write(std::string_view piece) override {
    spacing_.write(piece);
    spacing_.flush();
  }

  void end() override {
    spacing_.end();
    finder_.end_record();
  }

 private:
  void folded(std::string_view piece) override {
    readable_.visible(piece);
    finder_.write(piece);
  }

  Readable& readable_;
  text::Links links_;
  text::LinkFinder finder_;
  text::Spacing spacing_;
};

}  // namespace

std::unique_ptr<Sink> make_plain_reader(Readable& readable, Faults& faults, std::uint32_t link_limit) {
  return std::make_unique<PlainReader>(readable, faults, link_limit);
}

}  // namespace sluice
