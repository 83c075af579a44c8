#include "image/receive_confined.h"

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/confinement.h"
#include "image/transfer.h"
#include "os/process.h"
#include "os/root.h"
#include "os/socket.h"

namespace sbx::image {

static constexpr char kDone = 'd';
static constexpr char kFailed = 'f';

// The archive comes through the line, as the confinement leaves nothing else open.
static Result<std::string> receive_in(os::FdView folder, os::FdView line) {
    TRY(os::die_with_parent());
    TRY(confine(line, folder));
    const std::optional<os::Message> message = TRY(os::receive_message(line));
    if (!message || message->fds.size() != 1)
        return Error(Error::Kind::failed, "there is no archive to be read");
    TRY(allow_files_alone());
    ::umask(0);  // modes are those of the archive
    const os::Root root = os::Root::of(TRY(os::duplicate(folder)));
    return receive(root, {.path = "/", .foreign = true, .how = {.keep = true}},
                   message->fds.front());
}

[[noreturn]] static void receiver_main(os::FdView folder, os::FdView line) {
    const Result<std::string> done = receive_in(folder, line);
    (void)os::send_message(line, done ? kDone + *done : kFailed + done.error().pack());
    ::_exit(done ? 0 : 1);
}

Result<std::vector<std::string>> receive_confined(const os::IdMap& ids, os::FdView folder,
                                                  os::FdView archive) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process child = TRY(os::spawn_mapped(ids, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC,
                                             [&] { receiver_main(folder, ends.other); }));
    TRY(os::send_message(ends.one, "read", {archive}));
    ends.other.reset();  // the child's is the last one, for its death to be heard
    const std::optional<os::Message> message = TRY(os::receive_message(ends.one));
    TRY(child.wait());
    if (!message || message->bytes.empty())
        return Error(Error::Kind::failed, "the process that unpacks it was killed");
    const std::string words = message->bytes.substr(1);
    if (message->bytes.front() == kFailed) return Error::unpack(words);
    return notes_in(words);
}

}  // namespace sbx::image
