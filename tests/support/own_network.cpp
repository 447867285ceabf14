#include "support/own_network.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include "cli/process.h"
#include "support/root.h"

namespace ringbook::test {
namespace {

Finished ip(Words words) {
  words.insert(words.begin(), "ip");
  return run({.words = std::move(words)});
}

void expect_ip(Words words) {
  const Finished done = ip(std::move(words));
  EXPECT_EQ(done.exit_code, 0) << done.err;
}

// Of the addresses that are for measurements (RFC 2544), four for each.
std::string address_in(int place, int last) {
  return "198.18." + std::to_string(getpid() % 250) + "." + std::to_string(4 * place + last);
}

}  // namespace

std::optional<std::string> OwnNetwork::why_absent() {
  if (!is_root()) {
    return std::string(not_root);
  }
  const std::string name = "rb" + std::to_string(getpid());
  const Finished made = ip({"netns", "add", name});
  if (made.exit_code == 0) {
    expect_ip({"netns", "delete", name});
    return std::nullopt;
  }
  const std::string why = "NOT TESTED: no networks of one's own: " + made.err;
  EXPECT_FALSE(is_required("root")) << why;
  return why;
}

OwnNetwork::OwnNetwork(int place)
    : name_("rb" + std::to_string(getpid()) + "n" + std::to_string(place)),
      outside_(address_in(place, 1)) {
  const std::string inside = name_ + "i";
  expect_ip({"netns", "add", name_});
  expect_ip({"link", "add", name_, "type", "veth", "peer", "name", inside, "netns", name_});
  expect_ip({"address", "add", outside_ + "/30", "dev", name_});
  expect_ip({"link", "set", name_, "up"});
  expect_ip({"-n", name_, "address", "add", address_in(place, 2) + "/30", "dev", inside});
  expect_ip({"-n", name_, "link", "set", inside, "up"});
  expect_ip({"-n", name_, "link", "set", "lo", "up"});
}

OwnNetwork::~OwnNetwork() {
  // The cable first: the network stays for as long as somebody is inside.
  expect_ip({"link", "delete", name_});
  expect_ip({"netns", "delete", name_});
}

void OwnNetwork::cut() {
  expect_ip({"link", "set", name_, "down"});
}

void OwnNetwork::mend() {
  expect_ip({"link", "set", name_, "up"});
}

OwnNetwork::Visit::Visit(const OwnNetwork& network)
    : home_(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
  const int there = open(("/run/netns/" + network.name_).c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(setns(there, CLONE_NEWNET), 0);
  close(there);
}

OwnNetwork::Visit::~Visit() {
  EXPECT_EQ(setns(home_, CLONE_NEWNET), 0);
  close(home_);
}

}  // namespace ringbook::test
