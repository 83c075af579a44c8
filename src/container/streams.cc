#include "container/streams.h"

#include <fcntl.h>
#include <unistd.h>

namespace sbx::container {

static Result<> do_not_wait(const os::Fd& fd) {
    const int flags = ::fcntl(fd.get(), F_GETFL);
    if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0)
        return Error::from_errno(errno, "prepare the container's streams");
    return {};
}

Result<Streams> Streams::of_terminal(os::Fd master) {
    TRY(do_not_wait(master));
    Streams streams{.terminal = true};
    streams.input = TRY(os::duplicate(master));
    streams.output = std::move(master);
    return streams;
}

namespace {

struct Pipe {
    os::Fd read_end;
    os::Fd write_end;
};

}  // namespace

static Result<Pipe> open_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return Error::from_errno(errno, "open a pipe");
    return Pipe{.read_end = os::Fd(ends[0]), .write_end = os::Fd(ends[1])};
}

static Result<os::Fd> open_null() {
    os::Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) return Error::from_errno(errno, "open '/dev/null'");
    return null;
}

// A pipe whose write end is the program's descriptor `number`; the other end.
static Result<os::Fd> place_output(int number) {
    Pipe pipe = TRY(open_pipe());
    TRY(do_not_wait(pipe.read_end));
    TRY(os::place_at(pipe.write_end, number));
    return std::move(pipe.read_end);
}

static Result<os::Fd> place_input() {
    Pipe pipe = TRY(open_pipe());
    TRY(do_not_wait(pipe.write_end));
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
