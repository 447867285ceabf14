// A file system of one's own on a loop device, whose power can be cut.
#pragma once

#include <filesystem>
#include <memory>

#include "support/temporary_folder.h"

namespace ringbook::test {

inline constexpr const char* no_volume =
    "NOT TESTED: a power cut needs root, loop devices, mkfs.ext4 and mount";

class Volume {
 public:
  // Nothing where this machine does not allow it.
  static std::unique_ptr<Volume> make();
  Volume(const Volume&) = delete;
  ~Volume();

  std::filesystem::path path() const;
  // Everything that was not synced is gone, and nothing works any more until `restart`. Says
  // whether the kernel did it.
  [[nodiscard]] bool cut_power();
  // Needs every file closed. Says whether the file system came up again.
  [[nodiscard]] bool restart();

 private:
  Volume() = default;
  std::filesystem::path image() const;

  TemporaryFolder folder_;  // Holds the image, and where it is mounted.
};

}  // namespace ringbook::test
