// The conversation between sbx and a container's first process, from clone to execve.
//
//      parent                               child
//        | ------------- clone3 ------------> |
//        |  newuidmap, newgidmap              |  makes the rest of its namespaces
//        | <-------------- apart ------------ |  only where it made some
//        | <------ network (devices) -------- |  only where it is to be connected to the world
//        | -------------- go ---------------> |
//        |                                    |  mounts the root file system
//        | <-------- serve (/dev/fuse) ------ |  only where a program has to serve it
//        | ------------ serving ------------> |
//        |                                    |  mounts all else
//        | <------------- hooks ------------- |  only where there are hooks
//        |  runs those of the runtime         |
//        | --------- hooked (its pid) ------> |
//        |                                    |  runs those of the container, enters it
//        | <------ ready (its terminal) ----- |
//        |                                    |  with a gate: closes the line, waits there (gate.h)
//        |                                    |  drops privileges
//        | <----- listening (listener) ------ |  only where its filter holds calls up
//        | -------------- go ---------------> |
//        |                                    |  execve
//        | <----------- (closed) ------------ |  success: execve closed the child's end
//        | <------------- failed ------------ |  or, at any moment, an Error; the child then exits
//
// Closed before `ready` without `failed`, the child was killed. After it, closed by a kill and
// closed by execve look alike and may: either way the exit status tells the rest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "os/socket.h"

namespace sbx::sandbox {

enum class Verb : char {
    apart = 'a',
    network = 'n',
    go = 'g',
    serve = 'v',
    serving = 'V',
    hooks = 'h',
    hooked = 'H',
    ready = 'r',
    start = 's',
    starting = 'S',
    listening = 'l',
    failed = 'f',
};

struct Ends;

// One end of the conversation.
constexpr std::string_view kWithMounts = "mounts";  // of `ready`: its mount namespace comes last

class Line {
public:
    explicit Line(os::Fd socket) : socket_(std::move(socket)) {}
    static Result<Ends> open();

    Result<> say(Verb verb, const std::vector<os::FdView>& fds = {}, std::string_view words = {});
    Result<std::vector<os::Fd>> expect(Verb verb);  // a `failed` comes back as its Error
    Result<std::string> expect_words(Verb verb);    // likewise, what came with it

    struct Heard {
        Verb verb;
        std::vector<os::Fd> fds;
        std::string words = {};
    };
    Result<Heard> hear();                        // any verb; `failed` as above
    Result<std::optional<Heard>> hear_or_end();  // nothing where the other side has closed

    Result<> expect_closed();
    void report(const Error& error);  // best effort: nobody is left to tell if this fails
    void close() { socket_.reset(); }
    os::FdView socket() const { return socket_; }

private:
    Result<Heard> hear_this(Verb verb);

    os::Fd socket_;
};

struct Ends {
    Line parent;
    Line child;
};

}  // namespace sbx::sandbox
