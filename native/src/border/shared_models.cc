#include "border/shared_models.h"

#include <sys/stat.h>

#include <map>
#include <memory>
#include <mutex>
#include <tuple>

namespace sluice {
namespace {

// By these a file that was replaced or written again is told from what it was.
using Identity = std::tuple<dev_t, ino_t, off_t, time_t, long>;

bool identify(const std::string& path, Identity& identity) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return false;
  identity = {found.st_dev, found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
  return true;
}

struct Models {
  std::mutex mutex;
  std::map<Identity, std::weak_ptr<const Model>> held;
};

Models& models() {
  static Models all;
  return all;
}

}  // namespace

ModelOpening share_model(const std::string& path) {
  Models& all = models();
  // Who comes while another thread reads waits for it: reading twice would take as long, and twice the memory.
  const std::lock_guard lock(all.mutex);
  std::erase_if(all.held, [](const auto& entry) { return entry.second.expired(); });
  Identity before;
  const bool known = identify(path, before);
  if (known) {
    const auto found = all.held.find(before);
    if (found != all.held.end())
      if (auto model = found->second.lock()) return {std::move(model), {}};
  }
  ModelOpening opening = open_model(path);
  Identity after;
  // A file that changed while it was read is nobody's but the reader's.
  if (opening.model && known && identify(path, after) && before == after) all.held[after] = opening.model;
  return opening;
}

}  // namespace sluice
