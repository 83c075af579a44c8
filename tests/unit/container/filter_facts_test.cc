#include "container/filter_facts.h"

#include <gtest/gtest.h>

#include "container/blueprint.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class FilterFactsTest : public testing::Test {
protected:
    store::ContainerRecord make(const std::string& name, int second, bool own_network) {
        Blueprint blueprint{.record = {.id = std::string(64, name.front()), .name = name}};
        blueprint.record.created = Instant(std::chrono::seconds(second));
        if (own_network) blueprint.request.spec.namespaces.push_back({.type = "network"});
        EXPECT_TRUE(succeeds(containers_.create(blueprint.record, to_json(blueprint),
                                                os::Durability::until_reboot)));
        return blueprint.record;
    }

    bool admits(const std::string& condition, const store::ContainerRecord& record) {
        const Result<Filter> filter = parse_filter(*store_, {condition});
        EXPECT_TRUE(succeeds(filter));
        return filter->admits({.record = record, .status = {}});
    }

    test::TempStore store_;
    store::Containers containers_ = *store::Containers::open(*store_);
};

TEST_F(FilterFactsTest, KnowOtherContainers) {
    const store::ContainerRecord first = make("a-first", 10, true);
    const store::ContainerRecord last = make("b-last", 20, true);
    EXPECT_TRUE(admits("since=a-first", last));
    EXPECT_FALSE(admits("since=a-first", first));
    EXPECT_TRUE(admits("before=bbbb", first));
    EXPECT_FALSE(admits("before=b-last", last));
    EXPECT_TRUE(fails_saying(parse_filter(*store_, {"since=nosuch"}),
                             "--filter since=nosuch: there is no container 'nosuch'"));
}

TEST_F(FilterFactsTest, KnowNetworks) {
    const store::ContainerRecord host = make("host", 1, false);
    const store::ContainerRecord own = make("own", 2, true);
    EXPECT_TRUE(admits("network=host", host));
    EXPECT_FALSE(admits("network=host", own));
    EXPECT_FALSE(admits("network=nosuch", host));
}

}  // namespace
}  // namespace sbx::container
