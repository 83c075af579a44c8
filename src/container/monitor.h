// The process that stays with a container that has a terminal, so that the person may leave it and
// come back.
//
//      sbx (client)                         monitor
//        | ------------- fork ------------> |
//        |                                  |  starts the container, in a session of its own
//        | <------ running (terminal) ----- |
//        |  joins the terminals             |  waits for the program
//        | ----------- signal N ----------> |  passes it on
//        | <----------- ended N ----------- |  recorded or removed by then
//        |  (closes)                        |  the person left: output is read and dropped
//        |                                  |  another client may connect to the socket `attach`
//        | <----------- failed ------------ |  it could not be started
//
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "container/life.h"
#include "os/fd.h"
#include "os/socket.h"

namespace sbx::container {

enum class Word : char { running = 'r', signal = 's', ended = 'x', failed = 'f' };

Result<> send_word(os::FdView socket, Word word, int number = 0,
                   const std::vector<os::FdView>& fds = {});

struct HeardWord {
    Word word;
    int number;
    std::vector<os::Fd> fds;
};
Result<std::optional<HeardWord>> hear_word(os::FdView socket);  // nothing: the other side closed

// Starts the container under a monitor. Returns the client's end of their conversation.
Result<os::Fd> start_monitored(Life& life, const sandbox::Plan& plan,
                               const std::function<Result<>()>& meanwhile);

// The same end for a container that runs under one already. Kind::busy where somebody has it.
Result<os::Fd> connect_to_monitor(os::FdView runtime_folder);

}  // namespace sbx::container
