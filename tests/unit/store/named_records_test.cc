#include "store/named_records.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"

namespace sbx::store {
namespace {

using test::fails_saying;

struct Record {
    std::string id;
};

TEST(NamedRecords, AreWhatIsNotHidden) {
    const test::TempFolder folder;
    for (const char* name : {"b", "a", ".a.17"})
        test::make_file(folder.at(name));
    EXPECT_EQ(record_names(folder.fd()).value(), (std::vector<std::string>{"a", "b"}));
}

TEST(NamedRecords, PassOverWhatIsDamaged) {
    const test::TempFolder folder;
    for (const char* name : {"a", "b", "c"})
        test::make_file(folder.at(name));
    const auto all =
        all_records<Record>(folder.fd(), [](const std::string& name) -> Result<Record> {
            if (name == "b") return Error(Error::Kind::failed, "damaged");
            return Record{.id = name};
        });
    ASSERT_TRUE(test::succeeds(all));
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ(all->back().id, "c");
}

TEST(NamedRecords, AreFoundByTheBeginningOfAnId) {
    const std::vector<Record> all = {{.id = "ab1"}, {.id = "ab2"}, {.id = "c"}};
    const auto found = [&](std::string_view text) { return record_with_id(all, "thing", text); };
    EXPECT_EQ(found("c").value().id, "c");
    EXPECT_EQ(found("ab2").value().id, "ab2");
    EXPECT_TRUE(fails_saying(found("ab"), "more than one thing's id begins with 'ab'"));
    EXPECT_TRUE(fails_saying(found("d"), "there is no thing 'd'"));
    EXPECT_TRUE(fails_saying(found(""), "there is no thing ''"));
}

}  // namespace
}  // namespace sbx::store
