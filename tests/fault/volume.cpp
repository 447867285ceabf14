#include "fault/volume.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

namespace ringbook::test {
namespace {

constexpr std::uintmax_t volume_bytes = 64 * 1024 * 1024;

// From the kernel's fs/ext4/ext4.h, which no header for programs has.
constexpr unsigned long ext4_shutdown = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t without_flushing_the_log = 2;

bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace

std::filesystem::path Volume::path() const {
  return folder_.path() / "mounted";
}
std::filesystem::path Volume::image() const {
  return folder_.path() / "image";
}

std::unique_ptr<Volume> Volume::make() {
  if (::geteuid() != 0) {
    return nullptr;
  }
  std::unique_ptr<Volume> volume(new Volume);
  std::ofstream(volume->image()).close();
  std::filesystem::resize_file(volume->image(), volume_bytes);
  std::filesystem::create_directory(volume->path());
  if (!run("mkfs.ext4 -q -F " + volume->image().string()) ||
      !run("mount -o loop " + volume->image().string() + " " + volume->path().string())) {
    return nullptr;
  }
  return volume;
}

Volume::~Volume() {
  run("umount " + path().string());
}

bool Volume::cut_power() {
  const int folder = ::open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  std::uint32_t how = without_flushing_the_log;
  const bool is_cut = ::ioctl(folder, ext4_shutdown, &how) == 0;
  ::close(folder);
  return is_cut;
}

bool Volume::restart() {
  return run("umount " + path().string()) &&
         run("mount -o loop " + image().string() + " " + path().string());
}

}  // namespace ringbook::test
