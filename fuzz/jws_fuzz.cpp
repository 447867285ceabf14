// Tokens in compact form: what passes has one spelling and a header that allows it, and nothing is
// genuine that was not signed. The input is a token, the header of one, and bytes for base64url.
#include "auth/jws.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json.hpp>
#include <string>

#include "auth/base64url.h"
#include "auth/hmac_key.h"
#include "base/check.h"
#include "base/limits.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

namespace json = boost::json;

constexpr std::string_view secret =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

HmacKey make_key() {
  auto key = HmacKey::make(Secret(std::vector<char>(secret.begin(), secret.end())), mac_algorithms);
  check(key.has_value(), "the secret is long enough");
  return *std::move(key);
}

HmacKey& key() {
  static HmacKey made = make_key();
  return made;
}

std::string encoded(std::string_view bytes) {
  std::string text;
  append_base64url(text, bytes);
  return text;
}

// The MAC in one call of OpenSSL's, beside the product's prepared contexts.
std::string mac_of(Algorithm algorithm, std::string_view input) {
  const EVP_MD* hash = algorithm == Algorithm::hs256   ? EVP_sha256()
                       : algorithm == Algorithm::hs384 ? EVP_sha384()
                                                       : EVP_sha512();
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(hash, secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(input.data()), input.size(), mac.data(), &size);
  return {reinterpret_cast<const char*>(mac.data()), size};
}

void check_base64url(std::string_view bytes) {
  std::string decoded;
  check(decode_base64url(encoded(bytes), decoded) && decoded == bytes, "bytes come back");
  if (decode_base64url(bytes, decoded)) {
    check(encoded(decoded) == bytes, "a spelling is the only one");
  }
}

void check_header(const Jws& jws, std::string_view token) {
  std::string header;
  check(decode_base64url(token.substr(0, token.find('.')), header), "a header is base64url");
  json::error_code error;
  const auto parsed = json::parse({header.data(), header.size()}, error);
  check(!error && parsed.is_object(), "a header is an object");
  const auto& members = parsed.get_object();
  const auto* alg = members.if_contains("alg");
  check(alg != nullptr && alg->is_string() &&
            std::string_view(alg->get_string()) == name_of(jws.algorithm),
        "the algorithm is the header's");
  check(!members.contains("crit") && !members.contains("b64"), "no extension passes");
  const auto* kid = members.if_contains("kid");
  check(kid ? jws.kid == std::string_view(kid->as_string()) : !jws.kid, "the kid is the header's");
}

// What holds for each token that is well-formed, whoever made it.
void check_well_formed(const Jws& jws, std::string_view token) {
  check(token.size() <= limits::token_bytes, "a token keeps to its bound");
  check(std::string(jws.signing_input) + "." + encoded(jws.signature) == token,
        "a signature has one spelling");
  check(jws.signing_input.ends_with("." + encoded(jws.payload)), "a payload has one spelling");
  check_header(jws, token);
  const bool is_mac = mac_algorithms.contains(jws.algorithm);
  const bool is_genuine = key().verifies(jws.algorithm, jws.signing_input, jws.signature);
  check(is_genuine == (is_mac && mac_of(jws.algorithm, jws.signing_input) == jws.signature),
        "genuine is what was signed");
}

// The same header and payload, signed and then spoiled.
void check_signed(const Jws& jws) {
  if (!mac_algorithms.contains(jws.algorithm)) {
    return;
  }
  const std::string input(jws.signing_input);
  std::string mac(key().sign(jws.algorithm, input));
  check(key().verifies(jws.algorithm, input, mac), "what is signed is genuine");
  for (const Algorithm other : all_algorithms) {
    check(other == jws.algorithm || !key().verifies(other, input, mac),
          "a signature is for one algorithm");
  }
  check(!key().verifies(jws.algorithm, input, std::string_view(mac).substr(1)) &&
            !key().verifies(jws.algorithm, input, ""),
        "a part of a signature is none");
  mac[input.size() % mac.size()] ^= 1;
  check(!key().verifies(jws.algorithm, input, mac), "a changed signature is none");
}

void check_token(std::string_view token) {
  JwsReader reader(every_algorithm());
  const auto jws = reader.read(token);
  if (jws) {
    check_well_formed(*jws, token);
    check_signed(*jws);
  }
  JwsReader narrow(AlgorithmSet{Algorithm::hs384});
  const auto narrowed = narrow.read(token);
  check(narrowed.has_value() == (jws && jws->algorithm == Algorithm::hs384),
        "only what is allowed passes");
}

void run(std::string_view bytes) {
  check_base64url(bytes);
  check_token(bytes);
  check_token(encoded(bytes) + ".e30.AA");
}

const Target target("jws", run);

}  // namespace
}  // namespace ringbook::fuzz
