// A server in this process that speaks TLS.
#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <utility>

#include "http/http_world.h"
#include "http/tls_client.h"
#include "support/certificate.h"

namespace ringbook::test {

class HttpsWorld : public HttpWorld {
 public:
  explicit HttpsWorld(HttpSettings settings = {}) : HttpWorld(std::move(settings)) {
    // As in the program: OpenSSL writes to sockets that may be reset.
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_TRUE(use(certificate));
  }

  Result<void> use(
      const Certificate& with,
      const Server::PublishPin& publish = [](const std::string&) { return Result<void>(); }) {
    Result<void> used;
    on_loop([&] {
      used = server().use_tls({.certificates = with.certificate, .key = with.key}, publish);
    });
    return used;
  }

  // See HttpWorld::settle.
  void settle() {
    TlsClient client(port());
    ASSERT_TRUE(client.shake_hands());
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(client.ask(get("/healthz")).status, 200);
    }
  }

  const Certificate certificate = make_certificate();
};

}  // namespace ringbook::test
