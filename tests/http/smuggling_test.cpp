// Where a message ends: lengths, codings, chunks, and bodies that look like requests.
#include <fmt/format.h>

#include "http/smuggling.h"

namespace ringbook::test {
namespace {

// --- where the body ends -------------------------------------------------------------------------

TEST_F(Smuggling, TwoLengthsAreRefused) {  // [HTTP-4] [HTTP-6]
  const std::string body = put_body("1234");
  const std::string length = fmt::format("Content-Length: {}\r\n", body.size());
  const std::string zero = "Content-Length: 0\r\n";
  std::vector<Attack> attacks;
  for (const std::string& fields : {length + length,
                                    length + zero,
                                    zero + length,
                                    length + "content-length: 0\r\n",
                                    fmt::format("Content-Length: {0}, {0}\r\n", body.size()),
                                    fmt::format("Content-Length: {0},\r\n", body.size()),
                                    fmt::format("Content-Length: ,{0}\r\n", body.size()),
                                    fmt::format("Content-Length: {0};\r\n", body.size()),
                                    fmt::format("Content-Length: {0} 0\r\n", body.size()),
                                    fmt::format("Content-Length: \"{0}\"\r\n", body.size()),
                                    fmt::format("Content-Length: +{0}\r\n", body.size()),
                                    fmt::format("Content-Length: 0x{0:x}\r\n", body.size()),
                                    fmt::format("Content-Length: {0}_0\r\n", body.size()),
                                    fmt::format("Content-Length: {0}e0\r\n", body.size()),
                                    fmt::format("Content-Length: {0}.0\r\n", body.size()),
                                    fmt::format("Content-Length: -{0}\r\n", body.size()),
                                    fmt::format("Content-Length: {0}\v\r\n", body.size()),
                                    fmt::format("Content-Length: {0}\xC2\xA0\r\n", body.size()),
                                    fmt::format("Content-Length: {0}\xEF\xBC\x90\r\n", body.size()),
                                    std::string("Content-Length:\r\n"),
                                    std::string("Content-Length: \t\r\n"),
                                    std::string("Content-Length: 18446744073709551616\r\n"),
                                    std::string("Content-Length: 99999999999999999999\r\n")}) {
    attacks.push_back({with_body(fields, body), {400}});
  }
  expect_all(attacks);
}

TEST_F(Smuggling, ALengthBesideACodingIsRefused) {  // [HTTP-4]
  const std::string chunks = chunked(put_body("1234"), 100);
  std::vector<Attack> attacks;
  for (const std::string coding : {"Transfer-Encoding: chunked\r\n",
                                   "transfer-encoding: Chunked\r\n", "Transfer-Encoding: gzip\r\n",
                                   "Transfer-Encoding:\r\n", "Transfer-Encoding: identity\r\n"}) {
    for (const std::string& length :
         {fmt::format("Content-Length: {}\r\n", chunks.size()),
          std::string("Content-Length: 4\r\n"), std::string("Content-Length: 0\r\n")}) {
      attacks.push_back({with_body(coding + length, chunks), {400}});
      attacks.push_back({with_body(length + coding, chunks), {400}});
    }
  }
  expect_all(attacks);
}

TEST_F(Smuggling, OnlyPlainChunkedIsACoding) {  // [HTTP-4]
  const std::string chunks = chunked(put_body("1234"), 100);
  std::vector<Attack> attacks;
  for (const auto& [value, status] :
       std::vector<std::pair<std::string, int>>{{"chunked", 200},
                                                {"CHUNKED", 200},
                                                {"\tchunked\t ", 200},
                                                {"", 400},
                                                {" ", 400},
                                                {",chunked", 400},
                                                {"chunked,", 400},
                                                {", chunked ,", 400},
                                                {"chunked, chunked", 400},
                                                {"chunked,identity", 400},
                                                {"chunked, gzip", 400},
                                                {"chunked;q=1", 400},
                                                {"chunked ;", 400},
                                                {"chunked\tx", 400},
                                                {"\"chunked\"", 400},
                                                {"'chunked'", 501},  // A token, if an odd one.
                                                {"chunked\v", 400},
                                                {"\fchunked", 400},
                                                {"chunked\x7F", 400},
                                                {"chunked\xC2\xA0", 400},
                                                {"\xC5\xBF"
                                                 "chunked",
                                                 400},
                                                {"ch\xE2\x84\xAAunked", 400},
                                                {std::string("chunked\0", 8), 400},
                                                {std::string("\0chunked", 8), 400},
                                                {"xchunked", 501},
                                                {"chunkedx", 501},
                                                {"chunke", 501},
                                                {"x-chunked", 501},
                                                {"identity", 501},
                                                {"identity, chunked", 501},
                                                {"gzip, chunked", 501},
                                                {"gzip;q=0.5, chunked", 501},
                                                {"cow", 501},
                                                {"cow, chunked", 501}}) {
    attacks.push_back({with_body("Transfer-Encoding: " + value + "\r\n", chunks), {status}});
  }
  expect_all(attacks);
}

TEST_F(Smuggling, ACodingCannotBeHidden) {  // [HTTP-2] [HTTP-4] [HTTP-6]
  const std::string body = put_body("1234");
  const std::string chunks = chunked(body, 100);
  const std::string length = fmt::format("Content-Length: {}\r\n", body.size());
  std::vector<Attack> attacks;
  // Names and lines that some take for a Transfer-Encoding.
  for (const std::string& hidden : {std::string("Transfer-Encoding : chunked\r\n"),
                                    std::string("Transfer-Encoding\t: chunked\r\n"),
                                    std::string(" Transfer-Encoding: chunked\r\n"),
                                    std::string("\tTransfer-Encoding: chunked\r\n"),
                                    std::string("X: y\r\n Transfer-Encoding: chunked\r\n"),
                                    std::string("X: y\nTransfer-Encoding: chunked\r\n"),
                                    std::string("X: y\rTransfer-Encoding: chunked\r\n"),
                                    std::string("X: y\r\r\nTransfer-Encoding: chunked\r\n"),
                                    std::string("X: y\n\r\nTransfer-Encoding: chunked\r\n"),
                                    std::string("Transfer-Encoding:\r\n chunked\r\n"),
                                    std::string("Transfer-Encoding:\n chunked\r\n"),
                                    std::string("Transfer-Encoding\r\n: chunked\r\n"),
                                    std::string("Transfer Encoding: chunked\r\n"),
                                    std::string("Transfer-Encoding\v: chunked\r\n"),
                                    std::string("Transfer-Encoding\xC2\xA0: chunked\r\n"),
                                    std::string("\xEF\xBB\xBFTransfer-Encoding: chunked\r\n"),
                                    std::string("Transfer-Encoding\0: chunked\r\n", 29),
                                    std::string("X\0: y\r\n", 7),
                                    std::string("X: y\0\r\n", 7),
                                    std::string("Transfer-Encoding\r\n"),
                                    std::string("Transfer-Encoding;chunked\r\n"),
                                    std::string(": chunked\r\n"),
                                    std::string("Content-Length : 0\r\n"),
                                    std::string("Content-Length\r\n")}) {
    attacks.push_back({with_body(hidden + length, body), {400}});
    attacks.push_back({with_body(length + hidden, body), {400}});
  }
  // Names that are others, whatever a gateway makes of them.
  for (const std::string other :
       {"Transfer_Encoding: chunked\r\n", "TransferEncoding: chunked\r\n",
        "X-Transfer-Encoding: chunked\r\n", "Transfer-Encoding-: chunked\r\n", "TE: chunked\r\n",
        "Trailer: Content-Length\r\n", "Content_Length: 0\r\n", "X-Content-Length: 0\r\n",
        "Content-Length-: 0\r\n", "Connection: Content-Length\r\n",
        "Connection: Transfer-Encoding, Host\r\n"}) {
    attacks.push_back({with_body(other + length, body), {200}});
    attacks.push_back({with_body(length + other, body), {200}});
  }
  attacks.push_back(
      {with_body("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", chunks), {400}});
  attacks.push_back(
      {with_body("Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n", chunks), {400}});
  attacks.push_back(
      {with_body("Transfer-Encoding: chunked\r\ntransfer-ENCODING:\r\n", chunks), {400}});
  expect_all(attacks);
}

TEST_F(Smuggling, OldVersionsHaveNoCoding) {  // [HTTP-1] [HTTP-4]
  const std::string chunks = chunked(put_body("1234"), 100);
  const auto with_version = [](std::string head, std::string_view version) {
    return head.replace(head.find("HTTP/1.1"), 8, version);
  };
  const std::string coded = with_body("Transfer-Encoding: chunked\r\n", chunks);
  const std::string kept =
      with_body("Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n", chunks);
  expect_all({{with_version(coded, "HTTP/1.0"), {400}},
              {with_version(kept, "HTTP/1.0"), {400}},
              {with_version(coded, "HTTP/1.2"), {505}},
              {with_version(coded, "HTTP/0.9"), {505}},
              {with_version(coded, "HTTP/2.0"), {505}},
              {with_version(coded, "HTTP/1.01"), {400}},
              {with_version(coded, "HTTP/1."), {400}},
              {with_version(coded, "HTTP/.1"), {400}},
              {with_version(coded, "HTTP/1,1"), {400}},
              {with_version(coded, "hTTP/1.1"), {400}},
              {with_version(coded, "HTTP/1.1 HTTP/1.0"), {400}},
              {"GET /healthz\r\n", {400}},
              {"GET /healthz\r\n\r\n", {400}},
              {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {501}}});
}

TEST_F(Smuggling, ABodyIsNeverARequest) {  // [HTTP-7] [HTTP-8] [HTTP-17]
  const std::string inner = "DELETE /v1/users HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string length = fmt::format("Content-Length: {}\r\n", inner.size());
  const std::string chunks = chunked(inner, 7);
  const std::string coded = "Transfer-Encoding: chunked\r\n";
  const std::string stranger = "PUT /user/update-rcextension HTTP/1.1\r\nHost: a\r\n";
  const auto to = [](std::string_view method, std::string_view path, const std::string& fields,
                     const std::string& body) {
    return fmt::format("{} {} HTTP/1.1\r\nHost: a\r\n{}\r\n{}", method, path, fields, body);
  };
  expect_all({{with_body(length, inner), {400}},
              {with_body(coded, chunks), {400}},
              {stranger + length + "\r\n" + inner, {401}},
              {stranger + coded + "\r\n" + chunks, {401}},
              {to("GET", "/healthz", length, inner), {200}},
              {to("GET", "/healthz", coded, chunks), {200}},
              {to("GET", "/nowhere", length, inner), {404}},
              {to("DELETE", "/user/update-rcextension", coded, chunks), {405}},
              {to("POST", "/user/update-rcextension", length, inner), {405}},
              {to("OPTIONS", "*", length, inner), {204}},
              {to("OPTIONS", "*", coded, chunks), {204}}});
}

// --- chunks --------------------------------------------------------------------------------------

TEST_F(Smuggling, ChunksHaveOneReading) {  // [HTTP-5]
  const std::string body = put_body("1234");
  const std::string size = fmt::format("{:x}", body.size());
  const auto framed = [&](std::string_view line, std::string_view end = "\r\n0\r\n\r\n") {
    return with_body("Transfer-Encoding: chunked\r\n", fmt::format("{}{}{}", line, body, end));
  };
  std::vector<Attack> attacks;
  for (const std::string& line :
       {size + "\r\n", fmt::format("{:X}\r\n", body.size()), "000" + size + "\r\n", size + ";a\r\n",
        size + ";a=b;c=\"d;e\\\"\"\r\n", size + " ; a = b\r\n"}) {
    attacks.push_back({framed(line), {200}});
  }
  for (const std::string& line : {"0x" + size + "\r\n",
                                  "+" + size + "\r\n",
                                  "-" + size + "\r\n",
                                  " " + size + "\r\n",
                                  "\t" + size + "\r\n",
                                  size + " \r\n",
                                  size + "h\r\n",
                                  size + "_0\r\n",
                                  size + ",\r\n",
                                  size + "\n",
                                  size + "\r",
                                  size + "\r\r\n",
                                  "\r\n" + size + "\r\n",
                                  size + ";\r\n",
                                  size + ";a=\r\n",
                                  size + ";=b\r\n",
                                  size + ";a=\"b\r\n",
                                  size + ";a\n\r\n",
                                  size + ";a\nX\r\n",
                                  size + ";a=\"\n\"\r\n",
                                  size + ";a=\"\r\n\"\r\n",
                                  size + ";a\rb\r\n",
                                  size + ";a b\r\n",
                                  size + ";a=b c\r\n",
                                  size + ";\xC3\xA9\r\n",
                                  size + " a\r\n",
                                  size + "\v\r\n",
                                  std::string("\xEF\xBC\x91\r\n"),
                                  ";" + size + "\r\n",
                                  std::string("\r\n"),
                                  "0" + std::string(16, '0') + "\r\n",
                                  std::string("\0", 1) + size + "\r\n"}) {
    attacks.push_back({framed(line), {400}});
  }
  for (const auto& [end, status] : std::vector<std::pair<std::string, int>>{
           {"\r\n00\r\n\r\n", 200},
           {"\r\n0;a=b\r\n\r\n", 200},
           {"\r\n0\r\nX: y\r\n\r\n", 200},
           {"\r\n0\r\nX:\r\n\r\n", 200},
           {"\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\nHost: b\r\n\r\n", 200},
           {"0\r\n\r\n", 400},
           {"\n0\r\n\r\n", 400},
           {"\r0\r\n\r\n", 400},
           {"X\r\n0\r\n\r\n", 400},
           {"\r\n\r\n0\r\n\r\n", 400},
           {"\r\n0\n\r\n", 400},
           {"\r\n0\r\n\n", 400},
           {"\r\n0\r\n\rX", 400},
           {"\r\n0\r\nX y\r\n\r\n", 400},
           {"\r\n0\r\nX : y\r\n\r\n", 400},
           {"\r\n0\r\n: y\r\n\r\n", 400},
           {"\r\n0\r\nX: y\n\r\n", 400},
           {"\r\n0\r\nX: y\rZ: z\r\n\r\n", 400},
           {"\r\n0\r\n X: y\r\n\r\n", 400},
           {"\r\n0\r\nX: y\r\n z\r\n\r\n", 400},
           {"\r\n0\r\nX: a\x01\r\n\r\n", 400}}) {
    attacks.push_back({framed(size + "\r\n", end), {status}});
  }
  expect_all(attacks);
}

TEST_F(Smuggling, AWrongSizeIsSeenAtOnce) {  // [HTTP-5]
  const std::string body = put_body("1234");
  const auto sized = [&body](std::size_t announced) {
    return with_body("Transfer-Encoding: chunked\r\n",
                     fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", announced, body));
  };
  expect_all({{sized(body.size() - 1), {400}},
              {sized(body.size()), {200}},
              {sized(body.size() + 1), {400}},
              {sized(body.size() + 2), {400}},
              {sized(body.size() + 0x10000), {413}}});
}

}  // namespace
}  // namespace ringbook::test
