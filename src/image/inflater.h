// The inflating half of a large layer's unpacking, in a process of its own beside the half that
// makes files: each has a core's work to do.
#pragma once

#include <optional>
#include <string>

#include "archive/stream.h"
#include "os/fd.h"
#include "os/process.h"

namespace sbx::image {

struct Inflation {
    os::FdView blob;
    os::FdView arrivals;
    std::uint64_t size = 0;  // of the blob
    std::uint64_t most = 0;  // of what comes out of it
};

// Reads what the other process inflates and hashes.
class Inflater final : public archive::Reader {
public:
    static Result<Inflater> start(const Inflation& inflation);

    Result<std::size_t> read(std::span<char> into) override;
    Result<std::string> hex() &&;  // the SHA-256 of all of it, behind its end

private:
    Inflater(os::Process process, os::Fd stream, os::Fd verdict)
        : process_(std::move(process)), stream_(std::move(stream)), verdict_(std::move(verdict)) {}

    Result<> hear_verdict();

    os::Process process_;
    os::Fd stream_;
    os::Fd verdict_;  // the hash, or why there is none
    std::optional<std::string> hex_;
};

}  // namespace sbx::image
