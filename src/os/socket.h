// Connected sockets that carry whole messages, and descriptors with them: unix(7).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

struct Message {
    std::string bytes;
    std::vector<Fd> fds;
};

constexpr std::size_t kLargestMessage = std::size_t{64} * 1024;
constexpr std::size_t kMostFds = 16;

struct SocketPair {
    Fd one;
    Fd other;
};
Result<SocketPair> open_socket_pair();  // SOCK_SEQPACKET: a message is a message

// The same by name, for processes that come later: the file `name` in `folder`, whose path may be
// of any length. What stood there before is removed.
Result<Fd> listen_at(FdView folder, const std::string& name);
Result<Fd> connect_at(FdView folder, const std::string& name);
Result<Fd> accept_from(FdView listener);  // waits for the next that connects

Result<> send_message(FdView socket, std::string_view bytes, const std::vector<FdView>& fds = {});

// Says that there is nothing more to say, and waits until the other side has closed or said
// something: a second at most. Whether it has.
bool wait_for_close(FdView socket);

// The next message; nothing where the other side has closed.
Result<std::optional<Message>> receive_message(FdView socket);

}  // namespace sbx::os
