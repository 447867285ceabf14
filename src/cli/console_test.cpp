#include "cli/console.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace ringbook {
namespace {

using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::string content_of(std::FILE* file) {
  std::rewind(file);
  std::array<char, 4096> buffer{};
  return {buffer.data(), std::fread(buffer.data(), 1, buffer.size(), file)};
}

TEST(Console, SeparatesResultsFromMessages) {
  const Stream out(std::tmpfile(), std::fclose);
  const Stream err(std::tmpfile(), std::fclose);
  Console console(out.get(), err.get(), false);
  console.print("result\n");
  console.complain("went\x1bwrong");
  console.rewrite_line("not on a terminal");
  EXPECT_TRUE(console.finish().has_value());
  EXPECT_EQ(content_of(out.get()), "result\n");
  EXPECT_EQ(content_of(err.get()), "ringbook: went\xEF\xBF\xBDwrong\n");
}

TEST(Console, PrintsNothingThatCouldSteerATerminal) {
  int terminal = -1;
  int program = -1;
  termios modes{};
  cfmakeraw(&modes);
  ASSERT_EQ(openpty(&terminal, &program, nullptr, &modes, nullptr), 0);
  {
    const Stream out(fdopen(program, "w"), std::fclose);
    Console console(out.get(), stderr, false);
    console.print("a\x1b]0;title\x07\nb\u202E\r\n");
    console.print_heading("NAME\x1b[2J");
    EXPECT_TRUE(console.finish().has_value());
  }
  // It comes in pieces, and ends with an error once the other side is closed.
  std::string shown;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = read(terminal, buffer.data(), buffer.size())) > 0;) {
    shown.append(buffer.data(), static_cast<std::size_t>(count));
  }
  EXPECT_EQ(shown, "a\uFFFD]0;title\uFFFD\nb\uFFFD\uFFFD\n\x1b[1mNAME\uFFFD[2J\x1b[0m\n");
  close(terminal);
}

TEST(Console, TellsThatStandardOutputTookNotEverything) {
  const Stream full(std::fopen("/dev/full", "w"), std::fclose);
  ASSERT_TRUE(full);
  Console console(full.get(), stderr, false);
  console.print("lost");
  EXPECT_EQ(console.finish().error().code, Errc::unavailable);
}

TEST(Table, AlignsByCodePointsAndPrintsHeadingsOnce) {
  const Stream out(std::tmpfile(), std::fclose);
  Console console(out.get(), stderr, false);
  Table table({"NAME", "E-MAIL"});
  table.add({"Ærø", "a"});
  table.add({"Ada Lovelace", ""});
  table.flush(console);
  table.add({"Eve", "e\n"});
  table.flush(console);
  std::fflush(out.get());
  EXPECT_EQ(content_of(out.get()),
            "NAME          E-MAIL\n"
            "Ærø           a\n"
            "Ada Lovelace\n"
            "Eve           e\xEF\xBF\xBD\n");
}

}  // namespace
}  // namespace ringbook
