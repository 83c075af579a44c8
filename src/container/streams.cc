#include "container/streams.h"

#include <fcntl.h>
#include <unistd.h>

#include "os/pipe.h"

namespace sbx::container {

Result<Streams> Streams::of_terminal(os::Fd master) {
    TRY(os::do_not_wait(master));
    Streams streams{.terminal = true};
    streams.input = TRY(os::duplicate(master));
    streams.output = std::move(master);
    return streams;
}

static Result<os::Fd> open_null() {
    os::Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) return Error::from_errno(errno, "open '/dev/null'");
    return null;
}

// A pipe whose write end is the program's descriptor `number`; the other end.
static Result<os::Fd> place_output(int number) {
    os::Pipe pipe = TRY(os::open_pipe());
    TRY(os::do_not_wait(pipe.read_end));
    TRY(os::place_at(pipe.write_end, number));
    return std::move(pipe.read_end);
}

static Result<os::Fd> place_input() {
    os::Pipe pipe = TRY(os::open_pipe());
    TRY(os::do_not_wait(pipe.write_end));
    TRY(os::place_at(pipe.read_end, 0));
    return std::move(pipe.write_end);
}

Result<Streams> Streams::of_caller(HasInput input) {
    if (input == HasInput::yes) return Streams();
    const os::Fd null = TRY(open_null());
    TRY(os::place_at(null, 0));
    return Streams();
}

Result<Streams> Streams::of_pipes(HasInput input) {
    const os::Fd null = TRY(open_null());
    TRY(os::place_at(null, 0));
    Streams streams;
    if (input == HasInput::yes) streams.input = TRY(place_input());
    streams.output = TRY(place_output(1));
    streams.errors = TRY(place_output(2));
    return streams;
}

Result<> forget_program_ends() {
    const os::Fd null = TRY(open_null());
    for (int fd = 0; fd <= 2; ++fd)
        TRY(os::place_at(null, fd));
    return {};
}

}  // namespace sbx::container
