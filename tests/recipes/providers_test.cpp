// The identity providers of docs/operations.md: a token with the claims that each puts into it
// makes an administrator by the lines there, and one without the right does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <ctime>

#include "auth/test_keys.h"
#include "cli/cli_world.h"
#include "cli/document.h"
#include "recipes/recipe.h"

namespace ringbook::test {
namespace {

struct Provider {
  const char* name;  // As the document has it, in bold.
  const char* issuer;
  const char* claims;     // Of an administrator, beside the issuer and times.
  const char* powerless;  // Of somebody else.
};

constexpr std::array providers{
    Provider{
        "Keycloak", "https://KEYCLOAK.EXAMPLE.COM/realms/REALM",
        R"("aud":["ringbook","account"],"sub":"ada","realm_access":{"roles":["ringbook-admin"]})",
        R"("aud":["ringbook","account"],"sub":"ada","realm_access":{"roles":["other"]})"},
    Provider{
        "Microsoft Entra ID", "https://login.microsoftonline.com/TENANT-ID/v2.0",
        R"("aud":"APPLICATION-ID","oid":"ada","sub":"x","roles":["ringbook.admin"],"ver":"2.0")",
        R"("aud":"APPLICATION-ID","oid":"ada","sub":"x","scp":"ringbook.admin")"},
    Provider{"Okta", "https://ORGANISATION.okta.com/oauth2/default",
             R"("aud":"api://default","uid":"ada","sub":"a@b","groups":["ringbook-admins"])",
             R"("aud":"api://default","uid":"ada","sub":"a@b","groups":["Everyone"])"},
    Provider{
        "Auth0", "https://TENANT.eu.auth0.com/",
        R"("aud":["https://RINGBOOK.EXAMPLE.COM","https://TENANT.eu.auth0.com/userinfo"],)"
        R"("sub":"auth0|1","https://RINGBOOK.EXAMPLE.COM/roles":["ringbook-admin"])",
        R"("aud":["https://RINGBOOK.EXAMPLE.COM"],"sub":"auth0|1","roles":["ringbook-admin"])"},
    Provider{
        "Google", "https://accounts.google.com",
        R"("aud":"CLIENT-ID.apps.googleusercontent.com","sub":"1","email":"ADMIN@EXAMPLE.COM",)"
        R"("email_verified":true,"hd":"EXAMPLE.COM")",
        R"("aud":"CLIENT-ID.apps.googleusercontent.com","sub":"1","email":"OTHER@EXAMPLE.COM")"},
    Provider{"Amazon Cognito", "https://cognito-idp.REGION.amazonaws.com/POOL-ID",
             R"("client_id":"APP-CLIENT-ID","sub":"1","token_use":"access",)"
             R"("cognito:groups":["ringbook-admins"])",
             R"("client_id":"APP-CLIENT-ID","sub":"1","token_use":"access")"},
    Provider{"Firebase", "https://securetoken.google.com/PROJECT-ID",
             R"("aud":"PROJECT-ID","sub":"1","user_id":"1","ringbookAdmin":true)",
             R"("aud":"PROJECT-ID","sub":"1","user_id":"1","ringbookAdmin":false)"},
    Provider{"Authentik", "https://AUTHENTIK.EXAMPLE.COM/application/o/APPLICATION/",
             R"("aud":"CLIENT-ID","sub":"hash","groups":["ringbook-admins"])",
             R"("aud":"CLIENT-ID","sub":"hash","groups":["authentik Admins"])"},
};

// The lines under the provider's name.
std::string lines_for(const std::string& provider) {
  const std::string document = content_of(std::string(RINGBOOK_SOURCE_DIR) + "/docs/operations.md");
  const auto begin = document.find("**" + provider + ".**");
  const auto block = document.find("```ini\n", begin);
  if (begin == std::string::npos || block == std::string::npos) {
    ADD_FAILURE() << "no lines for " << provider;
    return "";
  }
  const auto first = block + std::string_view("```ini\n").size();
  return document.substr(first, document.find("```", first) - first);
}

class IdentityProvider : public testing::TestWithParam<Provider> {};
INSTANTIATE_TEST_SUITE_P(Recipes, IdentityProvider, testing::ValuesIn(providers),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::erase(name, ' ');
                           return name;
                         });

// The provider itself is far away, so its keys come from a file. [JWT-2]
TEST_P(IdentityProvider, MakesAnAdministratorByTheClaimsOfItsTokens) {
  const Provider& provider = GetParam();
  const CliWorld world;
  world.add_people();
  const std::string keys = world.write("keys.json", jwk_set({rsa_key().jwk(R"("kid":"1")")}));
  const std::string settings =
      world.write("ringbook.conf", with(lines_for(provider.name), "oidc-issuer = ", "issuer = ") +
                                       "jwks-file = " + keys + "\n");
  Serving server(world, {"--config", settings});
  const auto answer = [&](const char* claims) {
    const std::string token =
        rsa_key().token(Algorithm::rs256, R"({"alg":"RS256","typ":"JWT","kid":"1"})",
                        R"({"iss":")" + std::string(provider.issuer) + R"(",)" + claims +
                            R"(,"iat":)" + std::to_string(std::time(nullptr)) + R"(,"exp":)" +
                            std::to_string(std::time(nullptr) + 300) + "}");
    return curl({server.url() + "/v1/users/" + std::string(ada)}, token);
  };
  EXPECT_THAT(answer(provider.claims), testing::EndsWith("\n200"));
  EXPECT_THAT(answer(provider.powerless), testing::EndsWith("\n401"));
  EXPECT_EQ(server.stop(), 0);
}

// Every provider that has lines is tried.
TEST(IdentityProviders, AreAllTried) {
  const std::string document = content_of(std::string(RINGBOOK_SOURCE_DIR) + "/docs/operations.md");
  std::size_t blocks = 0;
  for (auto at = document.find("oidc-issuer = https"); at != std::string::npos;
       at = document.find("oidc-issuer = https", at + 1)) {
    ++blocks;
  }
  EXPECT_EQ(blocks, providers.size());
}

}  // namespace
}  // namespace ringbook::test
