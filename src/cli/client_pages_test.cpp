// Lists that are followed page by page, and what is made of them.
#include <gtest/gtest.h>

#include "cli/client.h"
#include "cli/test_console.h"
#include "cli/test_transport.h"

namespace ringbook {
namespace {

// The ids of all pages; what ended them early otherwise.
std::string all_of(Pages pages) {
  std::string out;
  while (true) {
    const auto page = pages.next();
    if (!page) {
      EXPECT_TRUE(page.error().code == Errc::unavailable || page.error().code == Errc::invalid);
      return page.error().detail;
    }
    if (!*page) {
      return out;
    }
    for (auto row = (*page)->first(); row; row = row->next()) {
      out += (out.empty() ? "" : " ") + optional_text(*row, "userId").value_or("?");
    }
  }
}

TEST(Pages, FollowAListToItsEnd) {
  TestTransport transport;
  transport.answers.emplace_back(Answer{.status = 200,
                                        .body = page_json({user_json(first_id)}, R"("a b&")"),
                                        .ringbook_version = "7"});
  transport.answers.emplace_back(
      Answer{.status = 200, .body = page_json({user_json(second_id)}), .ringbook_version = "8"});
  Pages pages = user_pages(transport, "limit=1");
  EXPECT_TRUE(*pages.next());
  EXPECT_EQ(pages.version(), "7");
  EXPECT_TRUE(*pages.next());
  EXPECT_EQ(pages.version(), "8");
  EXPECT_FALSE(*pages.next());
  EXPECT_FALSE(*pages.next()) << "nor later";
  ASSERT_EQ(transport.asked.size(), 2U);
  EXPECT_EQ(transport.asked[0].query, "limit=1");
  EXPECT_EQ(transport.asked[1].query, "limit=1&cursor=a%20b%26");
}

TEST(Pages, EndWithAnEmptyList) {
  TestTransport transport;
  transport.will_answer(page_json({}));
  EXPECT_EQ(all_of(user_pages(transport, "")), "");
}

TEST(Pages, PassOnRefusalsAndFailures) {
  TestTransport transport;
  transport.will_answer(R"({"error":{"code":"VALIDATION_ERROR","message":"No"}})", 400);
  EXPECT_EQ(all_of(user_pages(transport, "")), "No");
  transport.will_answer(page_json({user_json(first_id)}, R"("2")"));
  transport.answers.emplace_back(fail(Errc::unavailable, "no route"));
  EXPECT_EQ(all_of(user_pages(transport, "")), "no route");
}

TEST(Pages, BelieveOnlyLists) {
  for (const char* body : {"", "<html>", "{}", R"({"data":{}})", R"({"data":[{}],"next":null})"}) {
    TestTransport transport;
    transport.will_answer(body);
    EXPECT_EQ(all_of(user_pages(transport, "")), foreign) << body;
  }
}

TEST(Pages, FollowNoListThatMightNeverEnd) {
  const auto told = [](const std::vector<std::string>& bodies) {
    TestTransport transport;
    for (const std::string& body : bodies) {
      transport.will_answer(body);
    }
    return all_of(user_pages(transport, ""));
  };
  const std::string first = user_json(first_id);
  const std::string second = user_json(second_id);
  EXPECT_EQ(told({page_json({}, R"("2")")}), endless) << "a page without rows leads on";
  EXPECT_EQ(told({page_json({first}, R"("2")"), page_json({second}, R"("2")")}), endless)
      << "a page leads to itself";
  EXPECT_EQ(told({page_json({first}, R"("2")"), page_json({first}, R"("3")")}), endless)
      << "somebody comes again";
  EXPECT_EQ(told({page_json({second, first})}), endless) << "ids descend";
  EXPECT_EQ(told({page_json({first}, R"("2")"), page_json({second}, "7")}),
            std::string(first_id) + " " + second_id)
      << "a cursor is a text";
}

class PrintedPages : public testing::Test, protected TestConsole {
 protected:
  PrintedPages() { transport.will_answer(page_json({user_json(first_id)}, R"("2")")); }

  TestTransport transport;
};

TEST_F(PrintedPages, AreOneListForPrograms) {
  transport.will_answer(page_json({user_json(second_id)}));
  Pages pages = user_pages(transport, "");
  EXPECT_TRUE(print_joined(console(), pages));
  EXPECT_EQ(printed(), "{\"data\":[\n" + user_json(first_id) + ",\n" + user_json(second_id) +
                           "\n],\"next\":null}\n");
}

TEST_F(PrintedPages, AreOneTableForPeople) {
  transport.will_answer(page_json({user_json(second_id)}));
  Pages pages = user_pages(transport, "");
  const auto add = [](Table& table, const JsonDocument::Value& row) {
    table.add({read_user(row)->id});
  };
  EXPECT_TRUE(print_table(console(), pages, Table({"ID"}), add));
  EXPECT_EQ(printed(), "ID\n" + std::string(first_id) + "\n" + second_id + "\n");
}

TEST_F(PrintedPages, AreNoWholeWhenOneIsMissing) {
  transport.answers.emplace_back(fail(Errc::unavailable, "no route"));
  Pages pages = user_pages(transport, "");
  const auto joined = print_joined(console(), pages);
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().detail, "no route");
  EXPECT_EQ(printed().find("]"), std::string::npos) << "no program takes it for all";
  transport.answers.emplace_back(fail(Errc::unavailable, "no route"));
  Pages others = user_pages(transport, "");
  EXPECT_FALSE(print_table(console(), others, Table({"ID"}), nullptr));
}

// --- small things --------------------------------------------------------------------------------

std::string again(std::string_view json) {
  JsonDocument document;
  EXPECT_TRUE(document.parse(json));
  std::string out;
  append_json(out, document.root());
  return out;
}

TEST(AppendJson, GivesWhatWasRead) {
  for (const char* json :
       {"null", "true", "false", "0", "-7", "1234567890123", "1.5", R"("a\"b")", "[]", "{}",
        R"([1,[2],{"a":null,"b":[true]}])", R"({"a":{"b":"c"},"d":""})"}) {
    EXPECT_EQ(again(json), json);
  }
  EXPECT_EQ(again(" { \"a\" : [ 1 , 2 ] } "), R"({"a":[1,2]})");
  EXPECT_EQ(again("1e300"), "1.0000000000000001e+300") << "no integer that is exact";
}

TEST(AppendParameter, EncodesAllButUnreservedCharacters) {
  std::string query;
  append_parameter(query, "search", "aZ09-._~");
  EXPECT_EQ(query, "search=aZ09-._~");
  append_parameter(query, "email", "a b&c=d+e%\xC3\xA6/?");
  EXPECT_EQ(query, "search=aZ09-._~&email=a%20b%26c%3Dd%2Be%25%C3%A6%2F%3F");
}

TEST(TagOf, IsTheEntityTagOfAVersion) {
  EXPECT_EQ(tag_of(7), "\"7\"");
  EXPECT_EQ(tag_of(std::nullopt), "");
  EXPECT_EQ(user_path(first_id), "/v1/users/64b7f1a2e4b0a5d3f9c12345");
}

TEST(ActorOf, NamesTheIssuerWhereThereIsOne) {
  JsonDocument document;
  ASSERT_TRUE(document.parse(R"({"issuer":"https://id.example.com","subject":"ann"})"));
  EXPECT_EQ(actor_of(document.root()), "ann of https://id.example.com");
  ASSERT_TRUE(document.parse(R"({"subject":"ann"})"));
  EXPECT_EQ(actor_of(document.root()), "ann");
}

}  // namespace
}  // namespace ringbook
