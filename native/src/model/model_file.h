// The file of a model: what stands in front of its table, and whether all of it is whole.
//
// Little-endian. src/scanner/features/model-file.ts writes it.
//   0  magic "SLUICEM\n"            40 f64 bias                      104 f32 × 4 step of the weights (int8)
//   8  u32 version of the format    48 f64 slope of the calibration  120 f32 × 4 step of the scales (int8)
//  12  u32 version of the features  56 f64 offset of it              136 u64 octets of the table
//  16  u32 octets of this header    64 32 octets: hash of training   144 u32 CRC-32 of the table
//  20  u32 number format            96 u32 ham, 100 u32 spam         148 u32 reserved: 0
//  24  u8 × 4 bits of the groups                                     152 the name, UTF-8
//  28  u32 window                                                    at the end of the header: CRC-32 of what
//  is before
//  32  u32 switches: 1 carried, 2 the table has scales
//  36  u32 octets of the name
// The table: the groups in their order, a slot after the other: its weight, then its scale if there are any.
// Numbers are float32, float16, or int8: the weight as signed, the scale as unsigned multiples of the step of
// the group.
//
// Promises: nothing is read from a file that is not as long as it says; nothing is believed before the CRC.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "model/model.h"
#include "model/table_memory.h"

namespace sluice {

inline constexpr std::uint32_t model_format = 1;

enum class NumberFormat : std::uint32_t { Float32, Float16, Int8 };

struct ModelHeader {
  ModelFacts facts;
  NumberFormat numbers = NumberFormat::Float32;
  bool scales = false;
  std::array<double, feature_group_count> weight_step{};
  std::array<double, feature_group_count> scale_step{};
  /// Where each group begins, and its end, in octets of the table.
  std::array<std::size_t, feature_group_count + 1> starts{};
};

struct ModelContent {
  ModelHeader header;
  TableMemory table;
};

/// Or why not, as a sentence.
std::variant<ModelContent, std::string> read_model_file(const std::string& path);

}  // namespace sluice
