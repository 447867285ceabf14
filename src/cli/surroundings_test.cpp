#include "cli/surroundings.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

bool is_passed_over(std::string_view variable, std::string_view value,
                    const NamesAndValues& beside = {}) {
  return is_made_by_surroundings(variable, value, beside);
}

// [CONF-1]
TEST(Surroundings, OfAServiceInKubernetesArePassedOver) {
  for (const char* service : {"RINGBOOK", "RINGBOOK_API", "RINGBOOK_LISTEN", "RINGBOOK_2"}) {
    for (const auto& [rest, value] : {std::pair{"_SERVICE_HOST", "10.96.7.9"},
                                      {"_SERVICE_HOST", "fd00::7"},
                                      {"_SERVICE_PORT", "80"},
                                      {"_SERVICE_PORT_HTTP", "80"},
                                      {"_PORT", "tcp://10.96.7.9:80"},
                                      {"_PORT", "udp://[fd00::7]:80"},
                                      {"_PORT_80_TCP", "tcp://10.96.7.9:80"},
                                      {"_PORT_80_SCTP", "sctp://10.96.7.9:80"},
                                      {"_PORT_80_TCP_PROTO", "tcp"},
                                      {"_PORT_80_TCP_PORT", "80"},
                                      {"_PORT_80_UDP_ADDR", "10.96.7.9"}}) {
      EXPECT_TRUE(is_passed_over(std::string(service) + rest, value)) << service << rest;
    }
  }
}

// [CONF-1]
TEST(Surroundings, OfALinkedContainerArePassedOver) {
  EXPECT_TRUE(is_passed_over("RINGBOOK_NAME", "/web/ringbook"));
  const NamesAndValues link{{"RINGBOOK_NAME", "/web/ringbook"}};
  EXPECT_TRUE(is_passed_over("RINGBOOK_ENV_PATH", "/bin", link));
  EXPECT_FALSE(is_passed_over("RINGBOOK_ENV_PATH", "/bin"));
  EXPECT_FALSE(is_passed_over("RINGBOOK_ENV_PATH", "/bin", {{"RINGBOOK_NAME", "ringbook"}}));
}

// [CONF-1]
TEST(Surroundings, AreNothingThatSomebodyMayHaveMeantForASetting) {
  for (const auto& [variable, value] : {std::pair{"RINGBOOK_PORT", "8080"},
                                        {"RINGBOOK_PORT", "http://10.0.0.1:80"},
                                        {"RINGBOOK_PORT", "tcp://ringbook:80"},
                                        {"RINGBOOK_PORT", "tcp://10.0.0.1"},
                                        {"RINGBOOK_SERVICE_HOST", "ringbook.example.com"},
                                        {"RINGBOOK_SERVICE_PORT", "http"},
                                        {"RINGBOOK_PORT_80_TCP", "80"},
                                        {"RINGBOOK_PORT_80_TCP_ADDR", "here"},
                                        {"RINGBOOK_PORT_80_QUIC", "tcp://10.0.0.1:80"},
                                        {"RINGBOOK_PORT_X_TCP", "tcp://10.0.0.1:80"},
                                        {"RINGBOOK_80_TCP_PORT", "80"},
                                        {"RINGBOOK_NAME", "ringbook"},
                                        {"RINGBOOK_HOST", "10.0.0.1"},
                                        {"RINGBOOK_LISTEN", "10.0.0.1:80"},
                                        {"RINGBOOK_LISTE", "10.0.0.1:80"}}) {
    EXPECT_FALSE(is_passed_over(variable, value)) << variable << "=" << value;
  }
}

}  // namespace
}  // namespace ringbook
