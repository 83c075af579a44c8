#include "container/kept_log.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/container_test.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::succeeds;

class KeptLogTest : public test::ContainerTest {
protected:
    Life made(const std::string& driver) {
        Options options = this->options("exit 0");
        options.log_driver = driver;
        Life life = this->life(options);
        EXPECT_TRUE(succeeds(life.create()));
        return life;
    }

    std::string file() {
        const store::Containers containers = store::Containers::open(store_).value();
        const os::Fd folder = containers.folder(record()->id).value();
        return os::read_file(folder, kLogName, std::size_t{1} << 20).value_or("<none>");
    }
};

TEST_F(KeptLogTest, IsAFileWhereThatIsWanted) {
    Result<KeptLog> log = KeptLog::open(made("k8s-file"));
    ASSERT_TRUE(succeeds(log));
    log->write(Stream::output, "hello\n");
    log->finish();
    EXPECT_TRUE(file().ends_with(" stdout F hello\n"));
}

TEST_F(KeptLogTest, IsNowhereElse) {
    for (const char* driver : {"none", "journald"}) {
        Result<KeptLog> log = KeptLog::open(made(driver));
        ASSERT_TRUE(succeeds(log)) << "also where no journal runs just now";
        log->write(Stream::output, "hello\n");
        log->finish();
        EXPECT_EQ(file(), "<none>") << driver;
        ASSERT_TRUE(succeeds(remove(store_, record()->id, ids(), Force::no)));
    }
}

}  // namespace
}  // namespace sbx::container
