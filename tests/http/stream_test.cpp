// A write that the peer takes in many steps.
#include "http/stream.h"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <string>

namespace ringbook::test {
namespace {

using boost::system::error_code;

// Text in which every place is told from its neighbours.
std::string pattern(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; out.size() < size; ++i) {
    out += std::to_string(i) + ",";
  }
  return out;
}

// Appends what comes next; false when nothing more does.
bool receive(TcpSocket& peer, std::string& to) {
  std::array<char, 64 * 1024> piece;
  error_code error;
  to.append(piece.data(), peer.read_some(asio::buffer(piece), error));
  return !error;
}

TEST(Stream, WritesWhatIsLeftFromWhereItStopped) {  // [HTTP-10]
  asio::io_context io;
  TcpAcceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  TcpSocket peer(io);
  peer.connect(acceptor.local_endpoint());
  Stream stream(acceptor.accept(), nullptr);

  const std::string text = pattern(32 * 1024 * 1024);
  std::string received;
  int flushes = 0;
  error_code outcome = stream.write(text);
  for (; outcome == asio::error::would_block; ++flushes) {
    ASSERT_TRUE(receive(peer, received));
    outcome = stream.flush();
  }
  EXPECT_FALSE(outcome);
  EXPECT_GT(flushes, 1);
  EXPECT_FALSE(stream.end_sending());
  while (receive(peer, received)) {
  }
  EXPECT_TRUE(received == text);
}

}  // namespace
}  // namespace ringbook::test
