#include "cli/listing.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"

namespace sbx::cli {
namespace {

using test::fails_saying;
using test::succeeds;

Listing two_fruits() {
    return {.columns = {{"ID", "ID"}, {"FRUIT", "Name"}, {"COUNT", "Count"}},
            .id_field = "ID",
            .rows = {Json::object().set("ID", "1").set("Name", "apple").set("Count", 2),
                     Json::object().set("ID", "22").set("Name", "fig").set("Count", Json())},
            .documents = Json::array().push(Json::object().set("id", "1"))};
}

// What standard output gets.
Result<std::string> shown(const Listing& listing, const ListingOptions& options) {
    const test::TempFolder folder;
    App app{Config()};
    TRY(show(listing, options, app));
    const os::Fd out(::open(folder.at("out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const os::Fd before = TRY(os::duplicate(os::FdView::number(1)));
    TRY(os::place_at(out, 1));
    Result<> flushed = app.flush();
    TRY(os::place_at(before, 1));
    TRY(std::move(flushed));
    return test::bytes_of(folder.at("out"));
}

std::string text_of(const Listing& listing, const ListingOptions& options) {
    const Result<std::string> text = shown(listing, options);
    return text ? *text : text.error().text();
}

TEST(Listing, IsATableWhoseColumnsAlign) {
    EXPECT_EQ(text_of(two_fruits(), {}),
              "ID  FRUIT  COUNT\n"
              "1   apple  2\n"
              "22  fig\n");
    EXPECT_EQ(text_of(two_fruits(), {.no_heading = true}), "1   apple  2\n22  fig\n");
    EXPECT_EQ(text_of(two_fruits(), {.format = "table"}), text_of(two_fruits(), {}));
}

TEST(Listing, HeadsFieldsThatAreNoColumns) {
    Listing listing = two_fruits();
    for (Json& row : listing.rows)
        row.set("NumberOfSeeds", 3);
    EXPECT_EQ(text_of(listing, {.format = "table {{.Name}}\t{{.NumberOfSeeds}}\t{{len .ID}}"}),
              "FRUIT  NUMBER OF SEEDS  ID\n"
              "apple  3                1\n"
              "fig    3                2\n");
}

TEST(Listing, AlignsByWidthAndNotByBytes) {
    Listing listing = two_fruits();
    listing.rows[0].set("Name", "яблоко");
    EXPECT_EQ(text_of(listing, {}),
              "ID  FRUIT   COUNT\n"
              "1   яблоко  2\n"
              "22  fig\n");
}

TEST(Listing, ShowsIdsAloneQuietly) {
    EXPECT_EQ(text_of(two_fruits(), {.quiet = true}), "1\n22\n");
}

TEST(Listing, FollowsATemplate) {
    EXPECT_EQ(text_of(two_fruits(), {.format = "{{.Name}}={{.Count}}"}),
              "apple=2\nfig=<no value>\n");
    EXPECT_EQ(text_of(two_fruits(), {.format = "{{.ID}}\\t{{.Name}}"}), "1\tapple\n22\tfig\n");
}

TEST(Listing, PutsHeadingsOverATemplatesColumns) {
    EXPECT_EQ(text_of(two_fruits(), {.format = "table {{.Name}}\\t{{.ID}}"}),
              "FRUIT  ID\n"
              "apple  1\n"
              "fig    22\n");
    EXPECT_EQ(text_of(two_fruits(), {.format = "table {{.Name}}\\t{{.ID}}", .no_heading = true}),
              "apple  1\nfig    22\n");
}

TEST(Listing, IsJsonAlsoWhereNothingIsListed) {
    EXPECT_EQ(text_of({.columns = {}, .id_field = "ID"}, {.format = "json"}), "[]\n");
    EXPECT_TRUE(text_of(two_fruits(), {.format = "json"}).contains("\"id\": \"1\""));
}

TEST(Listing, NamesAFieldThatRowsDoNotHave) {
    EXPECT_TRUE(
        fails_saying(shown(two_fruits(), {.format = "{{.Nmae}}"}), "there is no field 'Nmae'"));
}

TEST(Listing, LetsNothingThroughThatATerminalObeys) {
    Listing listing = two_fruits();
    listing.rows[0].set("Name", "a\x1b[31m\nb");
    for (const char* format : {"", "{{.Name}}", "table {{.Name}}"})
        EXPECT_FALSE(text_of(listing, {.format = format}).contains('\x1b')) << format;
    EXPECT_FALSE(text_of(listing, {}).contains("\nb"));
}

}  // namespace
}  // namespace sbx::cli
