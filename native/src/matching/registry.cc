// The databases that this process has in memory, so that many threads share one copy.
//
// Owner: the process. It holds no database alive, only the knowledge where one is: the last scanner that lets go of a
// database frees it. What stays for the life of the process is one entry a living image.
#include <condition_variable>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "matching/image.h"
#include "matching/pattern_database.h"

namespace sluice {
namespace {

class Registry {
 public:
  /// The copy of the process; null when there is none, and then the caller must load one and `put` it, or `give_up`.
  std::shared_ptr<const PatternDatabase> claim(const Digest& digest) {
    std::unique_lock lock(mutex_);
    for (;;) {
      Entry& entry = entries_[digest];
      if (auto database = entry.database.lock()) return database;
      if (!entry.is_loading) {
        entry.is_loading = true;
        return nullptr;
      }
      changed_.wait(lock);
    }
  }

  std::shared_ptr<const PatternDatabase> find(const Digest& digest) {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(digest);
    return entry == entries_.end() ? nullptr : entry->second.database.lock();
  }

  void put(const Digest& digest, const std::shared_ptr<const PatternDatabase>& database) {
    {
      const std::lock_guard lock(mutex_);
      entries_[digest] = {.database = database, .is_loading = false};
      std::erase_if(entries_, [](const auto& entry) { return !entry.second.is_loading && entry.second.database.expired(); });
    }
    changed_.notify_all();
  }

 private:
  struct Entry {
    std::weak_ptr<const PatternDatabase> database;
    bool is_loading = false;
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Digest, Entry> entries_;
};

Registry& of_process() {
  static Registry registry;
  return registry;
}

}  // namespace

LoadedPatterns load_patterns(std::string_view image) {
  const CheckedImage checked = check_image(image);
  if (!checked.refusal.empty()) return {.database = nullptr, .refusal = checked.refusal};
  if (auto database = of_process().claim(checked.digest)) return {.database = std::move(database), .refusal = {}};
  LoadedPatterns loaded{.database = nullptr, .refusal = "there is not enough memory"};
  try {
    loaded = read_image(image);
  } catch (const std::exception&) {
    // Said above. The claim must be given back in any case.
  }
  of_process().put(checked.digest, loaded.database);
  return loaded;
}

std::shared_ptr<const PatternDatabase> find_patterns(std::string_view beginning) {
  const std::optional<Digest> digest = claimed_digest(beginning);
  return digest ? of_process().find(*digest) : nullptr;
}

}  // namespace sluice
