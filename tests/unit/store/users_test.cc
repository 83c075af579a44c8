#include "store/users.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::fails_saying;
using test::succeeds;

class UsersTest : public testing::Test {
protected:
    void make(char digit, const std::string& name, const std::string& created,
              std::vector<std::string> volumes) {
        const ContainerRecord record{.id = std::string(64, digit),
                                     .name = name,
                                     .created = *parse_rfc3339(created),
                                     .volumes = std::move(volumes)};
        ASSERT_TRUE(
            succeeds(containers_.create(record, Json::object(), os::Durability::until_reboot)));
    }
    Result<std::vector<ContainerRecord>> users() const {
        return users_of(*store_, "data", &ContainerRecord::volumes);
    }

    test::TempStore store_;
    Containers containers_ = *Containers::open(*store_);
};

TEST_F(UsersTest, AreInTheOrderOfTheirMaking) {
    make('1', "late", "2024-05-06T07:08:10Z", {"other", "data"});
    make('2', "early", "2024-05-06T07:08:09Z", {"data"});
    make('3', "none", "2024-05-06T07:08:08Z", {"datum"});
    const auto found = users();
    ASSERT_TRUE(succeeds(found));
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ(found->front().name, "early");
    EXPECT_EQ(found->back().name, "late");
}

TEST_F(UsersTest, MayBeWhatCannotBeRead) {
    make('1', "box", "2024-05-06T07:08:09Z", {});
    EXPECT_TRUE(users()->empty());
    test::make_file(store_.places().data + "/containers/" + std::string(64, '1') + "/record.json",
                    "{");
    EXPECT_TRUE(fails_saying(users(), "container '111111111111' may have it"));
}

}  // namespace
}  // namespace sbx::store
