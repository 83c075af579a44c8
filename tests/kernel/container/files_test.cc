#include "container/files.h"

#include <gtest/gtest.h>

#include "support/container_test.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::ContainerTest;
using test::Output;
using test::succeeds;

class Files : public ContainerTest {
protected:
    std::string content(const FilesWish& wish, const std::string& path) {
        const sandbox::Errand errand{.work = [path](const os::Root& root) {
            return root.read_file(os::InnerPath::clean(path), 4096);
        }};
        Result<FilesVisit> begun = visit_files(store_, *host_, wish, errand);
        if (!begun) return begun.error().text();
        const Result<std::string> said = std::move(begun->visit).finish();
        return said ? *said : said.error().text();
    }
};

TEST_F(Files, AreSeenWhileItRunsAndAfterwards) {
    Output output;
    {
        const os::Process sbx = run(options("echo x >/made; echo up; sleep 1000"), output);
        ASSERT_TRUE(comes_up(output));
        EXPECT_EQ(content({.id = record()->id}, "/made"), "x\n");
        EXPECT_TRUE(succeeds(remove(store_, record()->id, ids(), Force::kill)));
    }
    EXPECT_EQ(code_of(options("echo y >/later")), 0);
    EXPECT_EQ(content({.id = record()->id}, "/later"), "y\n");
    EXPECT_TRUE(content({.id = record()->id}, "/none").contains("No such file"));
}

TEST_F(Files, AreExported) {
    ASSERT_EQ(code_of(options("echo y >/later")), 0);
    test::Output output;
    const test::Scratch scratch;
    const std::string path = scratch.path() + "/tar";
    const os::Fd out(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_TRUE(succeeds(export_files(store_, *host_, record()->id, out)));
    EXPECT_GT(::lseek(out.get(), 0, SEEK_END), 10240);
}

}  // namespace
}  // namespace sbx::container
