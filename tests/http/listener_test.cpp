// What a listener does when there are no descriptors left, attempt by attempt.
#include "http/listener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "http/client.h"

namespace ringbook::test {
namespace {

// While it lives this process can open nothing more.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    // A new descriptor is the lowest one that is free.
    const int lowest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(lowest);
    const rlimit none{.rlim_cur = static_cast<rlim_t>(lowest), .rlim_max = before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
};

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() { EXPECT_TRUE(listener.listen({"127.0.0.1", 0})); }
  ~ListenerTest() override {
    listener.close();
    run();
  }

  // Runs what is ready, and of what makes itself ready again and again only so much.
  void run() {
    io.restart();
    for (int i = 0; i < 10 && io.poll_one() > 0; ++i) {
    }
  }

  struct Nowhere {
    int descriptor = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ~Nowhere() { ::close(descriptor); }
  };

  Nowhere nowhere;  // What the log tells is provoked here.
  SystemClock clock;
  Log log{clock, LogLevel::error, LogFormat::text, nowhere.descriptor};
  asio::io_context io{1};
  Counter errors;
  int accepted = 0;
  Listener listener{io,
                    log,
                    errors,
                    {.has_room = [] { return true; },
                     .accepted = [this](const TcpSocket&, const std::string&) { ++accepted; }}};
};

TEST_F(ListenerTest, WithoutDescriptorsTriesOnceAndThenOnlyWhenItIsTime) {  // [HTTP-15]
  const Client newcomer(listener.port());
  {
    const NoDescriptors none;
    listener.resume();
    for (int i = 0; i < 100; ++i) {
      run();
      listener.resume();  // As whenever a connection ends.
    }
    EXPECT_EQ(errors.value(), 1U);
    for (std::uint64_t attempts = 2; attempts < 5; ++attempts) {
      listener.retry();
      run();
      EXPECT_EQ(errors.value(), attempts);
    }
    EXPECT_EQ(accepted, 0);
  }
  listener.retry();
  run();
  EXPECT_EQ(accepted, 1) << "who waited is let in";
  EXPECT_EQ(errors.value(), 4U);
}

}  // namespace
}  // namespace ringbook::test
