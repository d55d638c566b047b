#include "mime/lines.h"

#include <immintrin.h>

namespace sluice {

namespace {

constexpr std::uint64_t longest = 998;  // RFC 5322 §2.1.1
constexpr std::size_t block = 64;

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
  if (fast_ && piece.size() >= block) return examine_avx2(piece, offset, part, wanted);
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
  std::uint64_t cr, lf, nul, high;

  __attribute__((target("avx2"))) static Block load(const char* at) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32));
    const __m256i cr = _mm256_set1_epi8('\r');
    const __m256i lf = _mm256_set1_epi8('\n');
    const __m256i zero = _mm256_setzero_si256();
    return {mask(_mm256_cmpeq_epi8(a, cr), _mm256_cmpeq_epi8(b, cr)),
            mask(_mm256_cmpeq_epi8(a, lf), _mm256_cmpeq_epi8(b, lf)),
            mask(_mm256_cmpeq_epi8(a, zero), _mm256_cmpeq_epi8(b, zero)), mask(a, b)};
  }

  __attribute__((target("avx2"))) static std::uint64_t mask(__m256i low, __m256i high) {
    const auto first = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
    const auto second = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
    return first | static_cast<std::uint64_t>(second) << 32;
  }
};

/// Blocks in which every line break is CRLF and nothing is odd need a few comparisons; any other is read octet by octet.
__attribute__((target("avx2"))) std::size_t Lines::examine_avx2(std::string_view piece, std::uint64_t offset,
                                                                std::uint32_t part, Wanted wanted) {
  const char* const data = piece.data();
  const char* const end = data + piece.size();
  const std::uint64_t high = wanted.eight_bit ? ~std::uint64_t{0} : 0;
  std::uint64_t after_cr = after_cr_ ? 1 : 0;
  std::size_t i = 0;
  for (; i + block <= piece.size(); i += block) {
    const Block b = Block::load(data + i);
    if (((b.lf ^ (b.cr << 1 | after_cr)) | b.nul | (b.high & high)) != 0) {
      after_cr_ = after_cr != 0;
      const std::size_t stop = examine_octets(piece, i, i + block, offset, part, wanted);
      if (stop != i + block || (wanted.dashes && data[stop - 1] == '\n' && begins_dashes(data + stop, end))) return stop;
      after_cr = after_cr_ ? 1 : 0;
      continue;
    }
    after_cr = b.cr >> 63;
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
  return examine_octets(piece, i, piece.size(), offset, part, wanted);
}

}  // namespace sluice
