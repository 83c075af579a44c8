#include "container/initialize.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "container/status.h"
#include "support/container_test.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class InitializeTest : public test::ContainerTest {
protected:
    std::string create(const Options& options) {
        Life life = this->life(options);
        life.await_start();
        EXPECT_TRUE(succeeds(life.create()));
        return life.id();
    }
    Result<> ready(const std::string& id) { return initialize(store_, *host_, id); }
};

TEST_F(InitializeTest, HoldsUntilTheNextLife) {
    const std::string id = create(options("true"));
    EXPECT_EQ(name_of(*status()), "created");
    ASSERT_TRUE(succeeds(ready(id)));
    EXPECT_EQ(name_of(*status()), "initialized");
    EXPECT_TRUE(fails_saying(ready(id), "it is initialized already"));
    const store::Containers containers = store::Containers::open(store_).value();
    store::ContainerRecord record = containers.read(id).value();
    record.exit_code = 0;
    record.finished = now();
    ASSERT_TRUE(succeeds(containers.write(record, os::Durability::until_reboot)));
    EXPECT_EQ(name_of(*status()), "exited");
    ASSERT_TRUE(succeeds(ready(id)));
    EXPECT_EQ(name_of(*status()), "initialized");
}

TEST_F(InitializeTest, FindsWhatIsMissing) {
    test::make_folder(root_.path() + "/src");
    Options options = this->options("true");
    options.volumes = {root_.path() + "/src:/x"};
    const std::string id = create(options);
    ASSERT_EQ(::rmdir((root_.path() + "/src").c_str()), 0);
    EXPECT_TRUE(fails_saying(ready(id), root_.path() + "/src"));
    EXPECT_EQ(name_of(*status()), "created");
    EXPECT_TRUE(ready(std::string(64, '0')).failed_as(Error::Kind::not_found));
}

}  // namespace
}  // namespace sbx::container
