#include "cli/ps_order.h"

#include <gtest/gtest.h>

namespace sbx::cli {
namespace {

using container::State;
using std::chrono::seconds;

Instant at(int second) { return Instant(seconds(second)); }

std::vector<PsEntry> entries() {
    return {{.listed = {.record = {.id = "c", .name = "new", .image_name = "b", .created = at(30)},
                        .status = {.state = State::exited}},
             .sizes = container::FileSizes{.own = 5}},
            {.listed = {.record = {.id = "a",
                                   .name = "mid",
                                   .image_name = "c",
                                   .command = {"x"},
                                   .created = at(20)},
                        .status = {.state = State::running, .live = {{.started = at(40)}}}},
             .sizes = container::FileSizes{.own = 7}},
            {.listed = {.record = {.id = "b",
                                   .name = "old",
                                   .image_name = "a",
                                   .command = {"w", "z"},
                                   .created = at(10)},
                        .status = {.state = State::running, .live = {{.started = at(35)}}}},
             .sizes = container::FileSizes{.own = 6}}};
}

std::string sorted(std::string_view order) {
    std::vector<PsEntry> all = entries();
    sort_entries(all, order);
    std::string names;
    for (const PsEntry& entry : all)
        names += (names.empty() ? "" : " ") + entry.listed.record.name;
    return names;
}

TEST(PsOrder, GoesByEachOfItsWords) {
    EXPECT_EQ(sorted("command"), "new old mid");
    EXPECT_EQ(sorted("created"), "old mid new");
    EXPECT_EQ(sorted("id"), "mid old new");
    EXPECT_EQ(sorted("image"), "old new mid");
    EXPECT_EQ(sorted("names"), "mid new old");
    EXPECT_EQ(sorted("runningfor"), "old mid new");
    EXPECT_EQ(sorted("size"), "new old mid");
    EXPECT_EQ(sorted("status"), "new mid old");
}

TEST(PsOrder, StaysWhereNothingIsKnown) {
    EXPECT_EQ(sorted(""), "new mid old");
    std::vector<PsEntry> all = entries();
    for (PsEntry& entry : all)
        entry.sizes.reset();
    sort_entries(all, "size");
    EXPECT_EQ(all.front().listed.record.name, "new");
}

}  // namespace
}  // namespace sbx::cli
