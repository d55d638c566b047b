#include "text/link_finder.h"

#include <immintrin.h>

#include <algorithm>
#include <cstdint>

#include "text/ascii.h"
#include "text/link_syntax.h"

namespace sluice::text {

namespace {

constexpr std::array<bool, 256> make_delimiters(std::string_view others) {
  std::array<bool, 256> set{};
  for (std::size_t c = 0; c <= 0x20; c++) set[c] = true;
  for (const char c : others) set[octet(c)] = true;
  return set;
}
constexpr auto prose_delimiters = make_delimiters("<>\"");
constexpr auto code_delimiters = make_delimiters("<>\"'`(){}[]|\\^");

/// False when no link can have its trigger at `at`. What stands before `begin` or behind `end` is not known.
bool may_trigger(const char* begin, const char* at, const char* end) {
  switch (*at) {
    case '@': return true;
    case ':': return at + 1 == end || at[1] == '/' || at[1] == '\\';
    case '.': return at == begin || lower(at[-1]) == 'w';
    case '/': return at == begin || is_letter(at[-1]) || is_digit(at[-1]);
    default: return false;
  }
}

/// The first of `hits`, a bit for each octet from `at` on, that may be a trigger; null when there is none.
const char* first_trigger(std::uint32_t hits, const char* begin, const char* at, const char* end) {
  for (; hits != 0; hits &= hits - 1) {
    const char* const hit = at + __builtin_ctz(hits);
    if (may_trigger(begin, hit, end)) return hit;
  }
  return nullptr;
}

const char* find_trigger_from(const char* begin, const char* at, const char* end) {
  for (; end - at >= 16; at += 16) {
    const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // The slash is the dot with its last bit set.
    const __m128i dots = _mm_cmpeq_epi8(_mm_or_si128(octets, _mm_set1_epi8(1)), _mm_set1_epi8('/'));
    const __m128i others =
        _mm_or_si128(_mm_cmpeq_epi8(octets, _mm_set1_epi8(':')), _mm_cmpeq_epi8(octets, _mm_set1_epi8('@')));
    const auto hits = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(dots, others)));
    if (const char* const hit = first_trigger(hits, begin, at, end)) return hit;
  }
  for (; at < end; at++)
    if (is_trigger(*at) && may_trigger(begin, at, end)) return at;
  return end;
}

__attribute__((target("avx2"))) const char* find_trigger_avx2(const char* begin, const char* end) {
  const char* at = begin;
  for (; end - at >= 32; at += 32) {
    const __m256i octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i dots = _mm256_cmpeq_epi8(_mm256_or_si256(octets, _mm256_set1_epi8(1)), _mm256_set1_epi8('/'));
    const __m256i others =
        _mm256_or_si256(_mm256_cmpeq_epi8(octets, _mm256_set1_epi8(':')), _mm256_cmpeq_epi8(octets, _mm256_set1_epi8('@')));
    const auto hits = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(dots, others)));
    if (const char* const hit = first_trigger(hits, begin, at, end)) return hit;
  }
  return find_trigger_from(begin, at, end);
}

const char* find_trigger(const char* begin, const char* end) {
  return __builtin_cpu_supports("avx2") ? find_trigger_avx2(begin, end) : find_trigger_from(begin, begin, end);
}

}  // namespace

LinkFinder::LinkFinder(Links& links, Kind kind)
    : links_(links),
      origin_(kind == Kind::Prose ? LinkOrigin::Text : LinkOrigin::Markup),
      delimiters_(kind == Kind::Prose ? prose_delimiters : code_delimiters),
      window_(std::size_t{2} * links.limit() + 4 * link_reach) {}

const char* LinkFinder::find_delimiter(const char* at, const char* end) const {
  while (at < end && !ends(*at)) at++;
  return at;
}

/// Reports the links of a run, or of its beginning as far as they are beyond doubt: octets from `keep` on are needed again.
void LinkFinder::analyse(std::string_view text, bool complete, std::size_t& keep) {
  const std::size_t safe = complete ? text.size() : text.size() - link_reach;
  std::size_t floor = 0;
  for (std::size_t at = done_; at < safe; at++) {
    if (!is_trigger(text[at])) continue;
    const auto link = recognise_link(text, floor, at);
    if (!link) continue;
    if (link->open && !complete) {
      if (text.size() - link->start <= links_.limit()) {
        done_ = at - link->start;
        keep = link->start;
        return;
      }
      skipping_ = true;
    }
    links_.report(link->zone, origin_, text.substr(link->start, link->end - link->start));
    if (skipping_) return;
    floor = link->end;
    at = link->end - 1;
  }
  keep = std::max(floor, safe - std::min(safe, link_reach));
  done_ = std::max(floor, safe) - keep;
}

void LinkFinder::hold(const char* at, const char* end) {
  while (at < end && !skipping_) {
    const std::size_t taken = std::min(window_ - held_.size(), static_cast<std::size_t>(end - at));
    held_.append(at, taken);
    at += taken;
    if (held_.size() < window_) continue;
    std::size_t keep = held_.size();
    analyse(held_, false, keep);
    held_.erase(0, keep);
  }
}

void LinkFinder::end_record() {
  std::size_t keep = 0;
  if (!skipping_ && !held_.empty()) analyse(held_, true, keep);
  held_.clear();
  done_ = 0;
  skipping_ = false;
}

const char* LinkFinder::resume(const char* at, const char* end) {
  const char* const stop = find_delimiter(at, end);
  hold(at, stop);
  if (stop == end) return end;
  end_record();
  return stop + 1;
}

void LinkFinder::write(std::string_view piece) {
  const char* at = piece.data();
  const char* const end = at + piece.size();
  if (skipping_ || !held_.empty()) at = resume(at, end);
  while (at < end) {
    const char* const trigger = find_trigger(at, end);
    const char* start = trigger;
    while (start > at && !ends(start[-1])) start--;
    const char* const stop = find_delimiter(trigger, end);
    if (stop == end || static_cast<std::size_t>(stop - start) >= window_) {
      hold(start, stop);
      if (stop == end) return;
    } else {
      std::size_t keep = 0;
      analyse({start, static_cast<std::size_t>(stop - start)}, true, keep);
    }
    end_record();
    at = stop + 1;
  }
}

}  // namespace sluice::text
