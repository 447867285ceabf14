#include "cli/cli_world.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "support/pattern.h"

namespace ringbook::test {
namespace {

Command command_of(Words words, Words environment) {
  words.insert(words.begin(), RINGBOOK_BINARY);
  return {.words = std::move(words), .environment = std::move(environment)};
}

Command serve_command(const CliWorld& world, const Words& more) {
  Words words{"serve", "--listen", "127.0.0.1:0"};
  words.insert(words.end(), more.begin(), more.end());
  return world.command(std::move(words));
}

}  // namespace

std::string id_number(unsigned number) {
  const std::string digits = std::to_string(number);
  return "64b7f1a2e4b0a5d3" + std::string(8 - digits.size(), '0') + digits;
}

std::string many_people(unsigned count) {
  std::string out = "userId,name,email,rcExtension\n";
  for (unsigned i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    out += id_number(i) + ",Person " + number + ",p" + number + "@example.com," +
           std::to_string(1'000'000 + i) + "\n";
  }
  return out;
}

std::string without_times(const std::string& text) {
  return replaced(text, R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)", "T");
}

CliWorld::CliWorld() {
  // Writing to a program that reads no further is an error to handle, not the end.
  std::signal(SIGPIPE, SIG_IGN);
}

std::string CliWorld::write(std::string_view name, std::string_view content) const {
  const std::string at = path(name);
  std::ofstream(at, std::ios::binary) << content;
  chmod(at.c_str(), S_IRUSR | S_IWUSR);
  return at;
}

Command CliWorld::command(Words words) const {
  words.insert(words.end(), {"--data", data()});
  return command_of(std::move(words), {});
}

Finished CliWorld::ringbook(Words words, std::string input, Words environment) const {
  Command command = this->command(std::move(words));
  command.input = std::move(input);
  command.environment = std::move(environment);
  return run(std::move(command));
}

void CliWorld::add_people() const {
  const std::string people = "userId,name,email,department,rcExtension\n" + std::string(ada) +
                             ",Ada Lovelace,ada@example.com,Support,\n" + std::string(grace) +
                             ",Grace Hopper,grace@example.com,Engineering,1300\n";
  ASSERT_EQ(ringbook({"import", "-"}, people).exit_code, 0);
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

Finished bare(Words words, Words environment) {
  return run(command_of(std::move(words), std::move(environment)));
}

Serving::Serving(const CliWorld& world, Words more) : process_(serve_command(world, more)) {
  EXPECT_TRUE(process_.wait_for_err(R"("event":"listening")")) << process_.err();
  // The line is written at once, but may be read in parts; nothing else says "port".
  EXPECT_TRUE(process_.wait_for_err(R"("port":)"));
  EXPECT_TRUE(process_.wait_for_err("}\n"));
  if (const Match said = match_in(process_.err(), R"("port":(\d+)\})"); !said.empty()) {
    port_ = said[1];
  }
}

int Serving::stop() {
  process_.signal(SIGTERM);
  return process_.wait();
}

std::string token_of(const CliWorld& world) {
  const Finished token = world.ringbook({"token"});
  EXPECT_EQ(token.exit_code, 0) << token.err;
  return token.out.substr(0, token.out.find('\n'));
}

std::string curl(Words words, const std::string& token) {
  words.insert(words.begin(),
               {"curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "60",
                "--write-out", "\n%{http_code}", "--header", "Authorization: Bearer " + token});
  const Finished answer = run({.words = std::move(words)});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  return answer.out;
}

}  // namespace ringbook::test
