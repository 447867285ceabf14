#include "fuzz/vector_seeds.h"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

namespace ringbook::fuzz {
namespace {

namespace json = boost::json;
using Path = std::filesystem::path;

std::string content_of(const Path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

json::value document_in(const Path& file) {
  json::error_code error;
  return json::parse(content_of(file), error);
}

// Both alphabets of RFC 4648; what is no digit ends it.
std::string decoded(std::string_view base64) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : base64) {
    const std::size_t digit = digits.find(c == '-' ? '+' : c == '_' ? '/' : c);
    if (digit == std::string_view::npos) {
      break;
    }
    bits = bits << 6U | static_cast<unsigned>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFFU);
    }
  }
  return out;
}

// llhttp's requests as they are and with the host that HTTP/1.1 asks for.
std::vector<std::string> requests(const Path& vectors) {
  std::vector<std::string> seeds;
  const json::value all = document_in(vectors / "llhttp/llhttp_requests.json");
  for (const json::value& request : all.as_array()) {
    std::string& bytes = seeds.emplace_back(decoded(request.at("input").as_string()));
    if (const std::size_t line = bytes.find("\r\n"); line != std::string::npos) {
      std::string hosted = bytes;
      seeds.push_back(hosted.insert(line + 2, "Host: a\r\n"));
    }
  }
  return seeds;
}

std::vector<std::string> json_texts(const Path& vectors) {
  std::vector<std::string> seeds;
  for (const auto& entry :
       std::filesystem::directory_iterator(vectors / "jsontestsuite/test_parsing")) {
    seeds.push_back(content_of(entry.path()));
  }
  return seeds;
}

std::vector<std::string> tokens(const Path& vectors) {
  std::vector<std::string> seeds;
  for (const char* name : {"json_web_signature_test.json", "json_web_key_test.json"}) {
    const json::value all = document_in(vectors / "wycheproof" / name);
    for (const json::value& group : all.at("testGroups").as_array()) {
      for (const json::value& test : group.at("tests").as_array()) {
        seeds.emplace_back(test.at("jws").as_string());
      }
    }
  }
  const json::value examples = document_in(vectors / "rfc/rfc_examples.json");
  for (const json::value& example : examples.as_array()) {
    seeds.emplace_back(example.at("jws").as_string());
  }
  return seeds;
}

std::vector<std::string> payloads(const Path& vectors) {
  std::vector<std::string> seeds;
  for (const std::string& token : tokens(vectors)) {
    const std::size_t dot = token.find('.');
    if (dot != std::string::npos) {
      seeds.push_back(decoded(std::string_view(token).substr(dot + 1)));
    }
  }
  return seeds;
}

// Sets as they are, single keys as sets of one.
std::vector<std::string> key_sets(const Path& vectors) {
  std::vector<std::string> seeds;
  for (const char* name : {"json_web_signature_test.json", "json_web_key_test.json"}) {
    const json::value all = document_in(vectors / "wycheproof" / name);
    for (const json::value& group : all.at("testGroups").as_array()) {
      for (const char* part : {"public", "private"}) {
        const json::value* key = group.as_object().if_contains(part);
        if (key == nullptr) {
          continue;
        }
        const std::string text = json::serialize(*key);
        const bool is_set = key->is_object() && key->get_object().contains("keys");
        seeds.push_back(is_set ? text : R"({"keys":[)" + text + "]}");
      }
    }
  }
  return seeds;
}

}  // namespace

std::vector<std::string> vector_seeds(const Path& vectors, std::string_view target) {
  if (target == "gate" || target == "messages") {
    return requests(vectors);
  }
  if (target == "json" || target == "bodies") {
    return json_texts(vectors);
  }
  if (target == "jws") {
    return tokens(vectors);
  }
  if (target == "claims") {
    return payloads(vectors);
  }
  if (target == "jwk_set") {
    return key_sets(vectors);
  }
  return {};
}

}  // namespace ringbook::fuzz
