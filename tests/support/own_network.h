// Networks of their own, each at the other end of a cable that can be cut: what is sent is lost
// then, and nobody is told. Only root can make them.
//
//   if (const auto absent = OwnNetwork::why_absent()) {
//     GTEST_SKIP() << *absent;
//   }
#pragma once

#include <optional>
#include <string>

namespace ringbook::test {

class OwnNetwork {
 public:
  // Why there can be none, as a sentence that begins with NOT TESTED; a failure as well where
  // RINGBOOK_REQUIRE names `root`.
  static std::optional<std::string> why_absent();

  // Needs that there can be one. `place` tells the networks of a process apart: 0 to 63.
  explicit OwnNetwork(int place);
  ~OwnNetwork();
  OwnNetwork(const OwnNetwork&) = delete;

  // By which this machine is reached from inside.
  const std::string& outside() const { return outside_; }
  void cut();
  void mend();

  // As long as it lives, the sockets that this thread makes are inside, and so are the programs
  // that it starts.
  class Visit {
   public:
    explicit Visit(const OwnNetwork& network);
    ~Visit();
    Visit(const Visit&) = delete;

   private:
    int home_ = -1;
  };

 private:
  const std::string name_;
  const std::string outside_;
};

}  // namespace ringbook::test
