#include "mime/lines.h"

#include <immintrin.h>

#include <algorithm>

namespace sluice {

namespace {

constexpr std::uint64_t longest = 998;  // RFC 5322 §2.1.1
constexpr std::size_t block = 64;
/// Less is examined octet by octet.
constexpr std::size_t half = block / 2;

}  // namespace

Lines::Lines(Tables& tables, bool fast) : tables_(tables), fast_(fast && __builtin_cpu_supports("avx2") != 0) {}

void Lines::reset() {
  after_cr_ = false;
  line_start_ = 0;
}

/// `at` is the place of the LF.
inline void Lines::line_end(std::uint64_t at, bool after_cr, std::uint32_t part) {
  if (at - line_start_ > longest + (after_cr ? 1 : 0)) tables_.raise(part, Flag::LongLine, line_start_);
  line_start_ = at + 1;
}

void Lines::finish(std::uint64_t offset, std::uint32_t part) {
  if (after_cr_) tables_.raise(part, Flag::BareCr, offset - 1);
  if (offset - line_start_ > longest) tables_.raise(part, Flag::LongLine, line_start_);
}

std::size_t Lines::examine(std::string_view piece, std::uint64_t offset, std::uint32_t part, Wanted wanted) {
  if (fast_ && piece.size() >= half) return examine_avx2(piece, offset, part, wanted);
  return examine_octets(piece, 0, piece.size(), offset, part, wanted);
}

std::size_t Lines::examine_octets(std::string_view piece, std::size_t from, std::size_t to, std::uint64_t offset,
                                  std::uint32_t part, Wanted wanted) {
  const char* const data = piece.data();
  const char* const end = data + piece.size();
  for (std::size_t i = from; i < to; ++i) {
    const auto c = static_cast<unsigned char>(data[i]);
    if (c > '\r') {
      if (after_cr_) tables_.raise(part, Flag::BareCr, offset + i - 1);
      after_cr_ = false;
      if (c > 127 && wanted.eight_bit) tables_.raise(part, Flag::Encoding8Bit, offset + i);
      continue;
    }
    if (c == '\n') {
      if (!after_cr_) tables_.raise(part, Flag::BareLf, offset + i);
      line_end(offset + i, after_cr_, part);
      after_cr_ = false;
      if (wanted.dashes && begins_dashes(data + i + 1, end)) return i + 1;
      continue;
    }
    if (after_cr_) tables_.raise(part, Flag::BareCr, offset + i - 1);
    after_cr_ = c == '\r';
    if (c == 0) tables_.raise(part, Flag::Nul, offset + i);
  }
  return to;
}

struct Lines::Block {
  std::uint64_t cr, lf;
  /// A NUL, or an octet of those that `unwanted` has.
  bool is_odd;

  /// Two halves, of which the second begins `distance` octets behind the first.
  __attribute__((target("avx2"))) static Block load(const char* at, __m256i unwanted, std::size_t distance = half) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + distance));
    const __m256i cr = _mm256_set1_epi8('\r');
    const __m256i lf = _mm256_set1_epi8('\n');
    // The least octet of both is zero where one of them is.
    const __m256i nul = _mm256_cmpeq_epi8(_mm256_min_epu8(a, b), _mm256_setzero_si256());
    const __m256i high = _mm256_and_si256(_mm256_or_si256(a, b), unwanted);
    return {mask(_mm256_cmpeq_epi8(a, cr), _mm256_cmpeq_epi8(b, cr), distance),
            mask(_mm256_cmpeq_epi8(a, lf), _mm256_cmpeq_epi8(b, lf), distance),
            _mm256_movemask_epi8(_mm256_or_si256(nul, high)) != 0};
  }

  /// The last `length` octets before `end`; there are 64 or more.
  __attribute__((target("avx2"))) static Block load_last(const char* end, std::size_t length, __m256i unwanted) {
    const Block b = load(end - block, unwanted);
    return {b.cr >> (block - length), b.lf >> (block - length), b.is_odd};
  }

  /// `length` octets, fewer than a block and no fewer than half of it: the halves overlap.
  __attribute__((target("avx2"))) static Block load_short(const char* at, std::size_t length, __m256i unwanted) {
    return load(at, unwanted, length - half);
  }

  __attribute__((target("avx2"))) static std::uint64_t mask(__m256i low, __m256i high, std::size_t distance) {
    const auto first = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
    const auto second = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
    return first | static_cast<std::uint64_t>(second) << distance;
  }
};

/// Blocks in which every line break is CRLF and nothing is odd need a few comparisons; any other is read octet by octet.
/// `piece` is half a block or longer.
__attribute__((target("avx2"))) std::size_t Lines::examine_avx2(std::string_view piece, std::uint64_t offset,
                                                                std::uint32_t part, Wanted wanted) {
  const char* const data = piece.data();
  const char* const end = data + piece.size();
  const __m256i unwanted = _mm256_set1_epi8(wanted.eight_bit ? '\x80' : 0);
  std::uint64_t after_cr = after_cr_ ? 1 : 0;
  for (std::size_t i = 0; i < piece.size(); i += block) {
    const std::size_t length = std::min(block, piece.size() - i);
    const Block b = length == block         ? Block::load(data + i, unwanted)
                    : piece.size() >= block ? Block::load_last(end, length, unwanted)
                                            : Block::load_short(data, length, unwanted);
    const std::uint64_t behind_cr = (b.cr << 1 | after_cr) & (~std::uint64_t{0} >> (block - length));
    if (b.lf != behind_cr || b.is_odd) {
      after_cr_ = after_cr != 0;
      const std::size_t stop = examine_octets(piece, i, i + length, offset, part, wanted);
      if (stop != i + length || (wanted.dashes && data[stop - 1] == '\n' && begins_dashes(data + stop, end))) return stop;
      after_cr = after_cr_ ? 1 : 0;
      continue;
    }
    after_cr = b.cr >> (length - 1);
    if (b.lf == 0) continue;
    line_end(offset + i + static_cast<unsigned>(__builtin_ctzll(b.lf)), true, part);
    for (std::uint64_t rest = b.lf; wanted.dashes && rest != 0; rest &= rest - 1) {
      const std::size_t next = i + static_cast<unsigned>(__builtin_ctzll(rest)) + 1;
      if (!begins_dashes(data + next, end)) continue;
      after_cr_ = false;
      line_start_ = offset + next;
      return next;
    }
    line_start_ = offset + i + (block - static_cast<unsigned>(__builtin_clzll(b.lf)));
  }
  after_cr_ = after_cr != 0;
  return piece.size();
}

}  // namespace sluice
