// What a container was refused: a line for each, and what all come to.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "network/address.h"
#include "network/port.h"
#include "os/fd.h"

namespace sbx::network {

struct Refused {
    std::string_view name = {};  // that is known of it
    Address address = {};
    ContainerPort port = {};     // 0 of what has none
    std::string_view rule = {};  // which one, or why

    std::string what() const;  // "example.org:443", "[::1]:53/udp", "example.org" of a question
    bool is_question = false;
};

class EgressLog {
public:
    // `lines` may be empty: then refusals are only counted.
    explicit EgressLog(os::Fd lines) : lines_(std::move(lines)) {}

    // Of the same more than once a second only the first is written, and a hundred of all.
    void note(const Refused& refused, Instant now);

    // "3 refused: example.org:443 (2), 192.0.2.1:53/udp"; empty where there is nothing.
    std::string summary() const;

private:
    bool is_to_be_written(const std::string& what, Instant now);

    os::Fd lines_;
    std::map<std::string, Instant> written_ = {};  // within this second
    std::map<std::string, std::size_t> refused_ = {};
    std::size_t count_ = 0;
};

}  // namespace sbx::network
