// What a provider says of itself: keys are asked for only where a second reading finds them named,
// by a document of the configured issuer, over https or from that issuer's own loopback place.
#include "auth/discovery.h"

#include <boost/json.hpp>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

namespace json = boost::json;

// Two that the seeds name, and one with which a document never agrees by chance.
constexpr std::string_view issuers[] = {"https://id.example.com/realms/one",
                                        "http://127.0.0.1:8080", "https://other.example.com"};

bool starts_like_loopback(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host.find(':') != host.npos;
}

// Read without the parser's ideas: what stands between the scheme and the path, in lower case.
std::string authority_of(const Url& url) {
  const std::string_view text = url.text;
  const std::size_t begin = text.find("://") + 3;
  std::string out(text.substr(begin, text.find_first_of("/?", begin) - begin));
  for (char& c : out) {
    c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return out;
}

void check_url(const Url& url) {
  check(url.text.size() <= limits::key_url_chars, "a URL keeps to its bound");
  check(url.text.starts_with(url.is_https ? "https://" : "http://"), "the scheme is the text's");
  check(url.is_https || starts_like_loopback(url.host), "plain http stays on this machine");
  check(url.text.find_first_of(" \t\r\n\\#\"<>") == std::string::npos, "a URL is one word");
  const std::string authority = authority_of(url);
  check(authority.find('@') == authority.npos, "a URL names no user");
  const bool is_address6 = url.host.find(':') != std::string::npos;
  const std::string host = is_address6 ? "[" + url.host + "]" : url.host;
  const bool has_port = authority.size() > host.size();
  check(!url.host.empty() && authority.starts_with(host) &&
            (!has_port || authority[host.size()] == ':'),
        "the host is the text's");
  const std::uint16_t own = url.is_https ? 443 : 80;
  check(
      url.port != 0 && (has_port ? std::stoul(authority.substr(host.size() + 1)) : own) == url.port,
      "the port is the text's");
  check(url.shown().find('?') == std::string::npos, "what is shown has no query");
  const auto again = parse_web_url(url.text);
  check(again && again->host == url.host && again->port == url.port, "a URL is read one way");
}

std::string_view text_in(const json::value& document, std::string_view name) {
  const json::value* member =
      document.is_object() ? document.get_object().if_contains(name) : nullptr;
  return member && member->is_string() ? std::string_view(member->get_string())
                                       : std::string_view();
}

void check_place(const Url& keys, const Url& issuer, std::string_view text) {
  json::error_code error;
  const auto document = json::parse({text.data(), text.size()}, error);
  check(!error, "a document is JSON");
  check(text_in(document, "issuer") == issuer.text, "the document is of the configured issuer");
  check(text_in(document, "jwks_uri") == keys.text, "the place is the document's");
  check_url(keys);
  check(keys.is_https || (!issuer.is_https && keys.host == issuer.host && keys.port == issuer.port),
        "keys come by https or from the issuer's own loopback place");
}

void check_discovery(std::string_view text, const Url& issuer) {
  check_url(discovery_document_of(issuer));
  const auto keys = read_discovery(text, issuer);
  if (keys) {
    check_place(*keys, issuer, text);
  } else {
    check(keys.error().code == Errc::invalid, "a document is good or invalid");
  }
}

void run(std::string_view text) {
  for (const std::string_view issuer : issuers) {
    check_discovery(text, *parse_issuer(issuer));
  }
  // The document may choose its issuer, as a provider does that was configured so.
  json::error_code error;
  const auto document = json::parse({text.data(), text.size()}, error);
  if (const auto own = error ? std::nullopt : parse_issuer(text_in(document, "issuer"))) {
    check_discovery(text, *own);
  }
  if (const auto url = parse_web_url(text)) {
    check_url(*url);
  }
  if (const auto issuer = parse_issuer(text)) {
    check(issuer->text.find('?') == std::string::npos, "an issuer has no query");
  }
}

const Target target("discovery", run);

}  // namespace
}  // namespace ringbook::fuzz
