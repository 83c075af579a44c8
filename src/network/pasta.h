// A container's network as pasta(1) makes and serves it, a program of the host, for who asks for
// it.
//
//      supervisor                    keeper                       pasta
//        | ------- clone3 ----------> |                             |
//        | ------ namespaces -------> | ------- posix_spawn ------> |  makes its device, hides
//        | <--------- up ------------ | <--- its number, or why --- |
//        | ------- (closed) --------> | -- SIGKILL, after 200 ms -> |
//
// The keeper is nobody's child. It is what sees pasta to its end however the container's supervisor
// ends: a parent's death is no help, for pasta enters a user namespace and by that forgets whose
// child it is (PR_SET_PDEATHSIG). Neither holds anything of sbx.
#pragma once

#include <string>

#include <sys/types.h>

#include "base/error.h"
#include "network/pasta_options.h"
#include "os/fd.h"

namespace sbx::network {

// With the value, or with the process that has it, comes its end.
class Pasta {
public:
    Pasta(Pasta&&) noexcept = default;
    Pasta& operator=(Pasta&&) = delete;
    ~Pasta() = default;

    // What this process has in its memory by now the keeper has, too: no secret may be among it.
    // Kind::not_found where the program is not installed.
    static Result<Pasta> start(const PastaOptions& options);

    // Connects `network`, which belongs to `user`.
    Result<> serve(const os::Fd& user, const os::Fd& network);

    // Until the network is there, or pasta says why it cannot be.
    Result<> await();

    pid_t keeper() const { return keeper_; }

private:
    Pasta(pid_t keeper, os::Fd line) : keeper_(keeper), line_(std::move(line)) {}

    pid_t keeper_;
    os::Fd line_;
};

// Where in what pasta wrote it has said that it is up; else, once it has ended, its reason in one
// line.
bool says_up(std::string_view said);
std::string reason_in(std::string_view said);

}  // namespace sbx::network
