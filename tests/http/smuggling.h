// Messages that two programs could read in two ways, on real sockets: each whole and byte by byte,
// and always with a request behind it that must be answered exactly when the first one was complete
// and its connection stays.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/http_world.h"

namespace ringbook::test {

struct Attack {
  std::string bytes;
  std::vector<int> statuses;  // Of `bytes`; the last one may end the connection.
};

inline constexpr std::string_view canary = "GET /canary HTTP/1.1\r\nHost: a\r\n\r\n";
inline constexpr int canary_status = 404;

class Smuggling : public ::testing::Test {
 protected:
  // The last answer says whether the connection stays; what follows has to bear it out.
  void expect(const Attack& attack) {
    for (const bool drips : {false, true}) {
      SCOPED_TRACE((drips ? "byte by byte: " : "whole: ") + attack.bytes.substr(0, 2000));
      Client client = world_.connect();
      send(client, attack.bytes + std::string(canary), drips);
      bool is_open = true;
      for (const int status : attack.statuses) {
        const auto answer = client.read();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, status);
        is_open = !answer->closes();
      }
      if (is_open) {
        const auto answer = client.read();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, canary_status);
      } else {
        EXPECT_TRUE(client.is_closed());
      }
    }
  }

  void expect_all(const std::vector<Attack>& attacks) {
    for (const Attack& attack : attacks) {
      expect(attack);
    }
  }

  ~Smuggling() override {
    EXPECT_TRUE(world_.metrics().contains("ringbook_http_framing_disagreements_total 0\n"));
    EXPECT_FALSE(world_.metrics().contains("status=\"500\""));
  }

 private:
  void send(Client& client, std::string_view bytes, bool drips) {
    if (!drips) {
      client.send(bytes);
      return;
    }
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      client.send(bytes.substr(at, 1));
      world_.on_loop([] {});  // So that hardly any two bytes are read together.
    }
  }

  HttpWorld world_;
};

inline std::string with_body(std::string_view fields, std::string_view body) {
  return put_head(fields) + std::string(body);
}

}  // namespace ringbook::test
