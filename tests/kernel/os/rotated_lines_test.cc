#include "os/rotated_lines.h"

#include <fcntl.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::succeeds;

class RotatedLinesTest : public testing::Test {
protected:
    void write(const std::string& bytes, const std::string& name = "log") {
        const Fd file(::openat(folder_.fd().get(), name.c_str(),
                               O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
        EXPECT_TRUE(succeeds(write_all(file, bytes)));
    }
    void rotate() {
        (void)rename_at(folder_.fd(), "log.1", "log.2");
        EXPECT_TRUE(succeeds(rename_at(folder_.fd(), "log", "log.1")));
    }
    RotatedLines lines() { return RotatedLines::open(folder_.fd(), "log").value(); }

    // What there is now, each line with '|' behind it.
    static std::string rest(RotatedLines& lines) {
        std::string all;
        for (;;) {
            const auto line = lines.next();
            EXPECT_TRUE(succeeds(line));
            if (!line || !*line) return all;
            all += std::string(**line) + "|";
        }
    }

    test::TempFolder folder_;
};

TEST_F(RotatedLinesTest, AreThoseThatAreThereAndThoseThatCome) {
    RotatedLines early = lines();
    EXPECT_EQ(rest(early), "") << "there is no file yet";
    write("one\n\ntwo\n");
    EXPECT_EQ(rest(early), "one||two|");
    write("three\n");
    EXPECT_EQ(rest(early), "three|");
}

TEST_F(RotatedLinesTest, AreNotThereBeforeTheyAreWhole) {
    write("half");
    RotatedLines lines = this->lines();
    EXPECT_EQ(rest(lines), "");
    write(" and half\n");
    EXPECT_EQ(rest(lines), "half and half|");
}

TEST_F(RotatedLinesTest, MayBeLong) {
    const std::string line(300'000, 'x');
    write(line + "\nend\n");
    RotatedLines lines = this->lines();
    EXPECT_EQ(rest(lines), line + "|end|");
}

TEST_F(RotatedLinesTest, BeginWithTheOldestFile) {
    write("one\n");
    rotate();
    write("two\n");
    rotate();
    write("three\n");
    RotatedLines lines = this->lines();
    EXPECT_EQ(rest(lines), "one|two|three|");
}

TEST_F(RotatedLinesTest, GoOnInTheNextFile) {
    write("one\n");
    RotatedLines lines = this->lines();
    EXPECT_EQ(rest(lines), "one|");
    write("two\n");
    rotate();
    write("three\n");
    rotate();
    EXPECT_EQ(rest(lines), "two|three|");
    write("four\n");
    EXPECT_EQ(rest(lines), "four|");
}

TEST_F(RotatedLinesTest, GoOnWithTheOldestWhereTheirFileIsGone) {
    write("one\n");
    RotatedLines lines = this->lines();
    EXPECT_EQ(rest(lines), "one|");
    EXPECT_TRUE(succeeds(remove_at(folder_.fd(), "log")));
    write("two\n");
    EXPECT_EQ(rest(lines), "two|");
}

TEST_F(RotatedLinesTest, GoOnAtAPlaceOfOneFile) {
    write("one\ntwo\n");
    RotatedLines lines = this->lines();
    Fd file = lines.file_of(0).value();
    ASSERT_EQ(::lseek(file.get(), 4, SEEK_SET), 4);
    lines.go_on_at(std::move(file));
    EXPECT_EQ(rest(lines), "two|");
    EXPECT_FALSE(lines.file_of(1).value()) << "there is no older one";
}

TEST_F(RotatedLinesTest, AreNotReadThroughALink) {
    write("secret\n", "elsewhere");
    ASSERT_EQ(::symlinkat("elsewhere", folder_.fd().get(), "log"), 0);
    EXPECT_FALSE(RotatedLines::open(folder_.fd(), "log"));
}

}  // namespace
}  // namespace sbx::os
