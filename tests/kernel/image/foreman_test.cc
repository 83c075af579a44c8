#include "image/foreman.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/socket.h"
#include "support/canary.h"

namespace sbx::image {
namespace {

// A foreman in a process of its own, to be spoken to by hand; unpacker_test.cc has the rest.
class ForemanTest : public testing::Test {
protected:
    void SetUp() override {
        os::SocketPair line = *os::open_socket_pair();
        staging_ = *os::open_directory(os::FdView::cwd(), scratch_.tree());
        process_.emplace(*os::spawn(0, [&] {
            line.one.reset();
            const Result<> end = Foreman(line.other, staging_, Ownership::all_mine).run();
            ::_exit(end ? 0 : 1);
        }));
        line_ = std::move(line.one);
    }

    test::Scratch scratch_;
    os::Fd staging_;
    os::Fd line_;
    std::optional<os::Process> process_;
};

TEST_F(ForemanTest, EndsWithItsCaller) {
    line_.reset();
    EXPECT_EQ(process_->wait()->code, 0);
}

TEST_F(ForemanTest, DoesNotGoOnWithWhatItCannotRead) {
    ASSERT_TRUE(os::send_message(line_, "nonsense"));
    EXPECT_EQ(process_->wait()->code, 1);
}

TEST_F(ForemanTest, WantsTheDescriptorsOfAJob) {
    ASSERT_TRUE(os::send_message(line_, pack({.number = 1, .name = "x"})));
    EXPECT_EQ(process_->wait()->code, 1);
}

TEST_F(ForemanTest, HasNothingAgainstAbandoningWhatIsDone) {
    ASSERT_TRUE(os::send_message(line_, pack({.verb = UnpackRequest::Verb::abandon, .number = 7})));
    line_.reset();
    EXPECT_EQ(process_->wait()->code, 0);
}

}  // namespace
}  // namespace sbx::image
