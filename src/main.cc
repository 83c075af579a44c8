// sbx: containers without a daemon, as an ordinary user.
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "cli/dispatch.h"
#include "cli/oci.h"
#include "network/switch_process.h"
#include "sandbox/init.h"

// A file opened later must not become standard input, output or errors by accident. What stands for
// standard output cannot be written to: what is printed there has no reader, and that is a failure.
static void open_missing_stdio() {
    for (int fd = 0; fd <= 2; ++fd)
        if (::fcntl(fd, F_GETFD) < 0 &&
            ::open("/dev/null", fd == 1 ? O_RDONLY : O_RDWR) < 0)  // NOLINT(android-cloexec-open)
            ::_exit(125);
}

// A parent that ignores its children's ends has its own children ignore theirs: waitpid(2).
static void notice_children() { ::signal(SIGCHLD, SIG_DFL); }

// Under other names sbx stands in the place of runc, and is a generator of systemd.
static std::string_view name_of(std::string_view program) {
    return program.substr(program.rfind('/') + 1);
}

int main(int argc, char** argv) {
    open_missing_stdio();
    notice_children();
    const std::vector<std::string> words(argv, argv + argc);
    if (words.empty()) return 125;
    if (words.front() == sbx::sandbox::kInitName) return sbx::sandbox::init_main(words);
    if (words.front() == sbx::network::kSwitchName) return sbx::network::switch_main(words);
    ::signal(SIGXFSZ, SIG_IGN);  // a file at its limit (`ulimit -f`) is an error like others
    std::vector<std::string> rest(words.begin() + 1, words.end());
    const std::string_view name = name_of(words.front());
    if (name == "sbx-oci") return sbx::cli::dispatch_oci(rest, "sbx-oci");
    if (name == "sbx-quadlet-generator") rest.insert(rest.begin(), "quadlet");
    return sbx::cli::dispatch(rest);
}
