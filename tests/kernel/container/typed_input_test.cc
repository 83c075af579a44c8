#include "container/typed_input.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "os/terminal.h"
#include "support/container_test.h"
#include "support/results.h"

namespace sbx::container {
namespace {

// What cat shows of what the person types, through the process that stands between.
[[noreturn]] void pass_to_cat(const test::Screen& person) {
    (void)os::make_controlling_terminal(person.slave());
    for (int fd = 0; fd <= 2; ++fd)
        (void)os::place_at(person.slave(), fd);
    std::optional<TypedInput> typed = TypedInput::take().value();
    const bool apart = typed && !os::is_terminal(os::FdView::number(0));
    os::Process cat = os::spawn(0, [] {
                          ::execlp("cat", "cat", nullptr);
                          ::_exit(1);
                      }).value();
    Keyboard keyboard = std::move(*typed).join().value();
    os::Poll poll;
    bool ended = false;
    keyboard.on_end([&] { ended = true; });
    keyboard.join(poll);
    (void)os::write_all(os::FdView::number(1), apart ? "joined" : "the terminal itself");
    while (!ended)
        (void)poll.wait();
    ::_exit(cat.wait()->code == 0 && os::is_terminal(os::FdView::number(0)) ? 7 : 1);
}

TEST(TypedInput, CarriesLinesToAProgramThatHasNoTerminal) {
    test::Screen person;
    os::Process process = os::spawn(0, [&] { pass_to_cat(person); }).value();
    ASSERT_TRUE(person.shows("joined"));
    EXPECT_FALSE(person.is_raw());
    person.type("ls\r");
    EXPECT_TRUE(person.shows("ls\r\nls\r\n")) << "as typed, and as cat has it";
    person.type("\x04");
    EXPECT_EQ(process.wait()->code, 7);
}

TEST(TypedInput, LeavesWhatIsNoTerminalAlone) {
    os::Process process = os::spawn(0, [] {
                              const os::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
                              (void)os::place_at(null, 0);
                              const auto typed = TypedInput::take();
                              ::_exit(typed && !*typed ? 7 : 1);
                          }).value();
    EXPECT_EQ(process.wait()->code, 7);
}

}  // namespace
}  // namespace sbx::container
