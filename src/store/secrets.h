// Passwords and keys that containers are lent while they run.
//
// A secret is one file that only its user can read: a line of JSON that tells about it, and behind
// that its bytes as they are. Nothing but value_of() reads those.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "store/store.h"

namespace sbx::store {

struct Secret {
    std::string id;  // 25 hex digits, as podman's
    std::string name;
    Instant created = {};
    Instant updated = {};
    std::map<std::string, std::string> labels = {};
};

class Secrets {
public:
    static constexpr std::size_t kLargest = 512'000;  // podman's limit

    static Result<Secrets> open(const Store& store);

    // Kind::exists where the name is taken, unless it is to be replaced: the name keeps its time of
    // creation then. Kind::usage for no bytes and too many.
    enum class Existing : std::uint8_t { refused, replaced };
    Result<Secret> create(const Secret& secret, std::string_view value, Existing existing) const;

    Result<Secret> find(const std::string& text) const;  // by name, id, or the beginning of an id
    Result<std::string> value_of(const std::string& name) const;  // Kind::not_found
    Result<std::vector<Secret>> all() const;                      // by name
    Result<std::vector<std::string>> all_names() const;
    bool has(const std::string& name) const;         // be it damaged or not
    Result<> remove(const std::string& name) const;  // absent is fine

private:
    struct Parts {
        Secret secret;
        std::string value;
    };
    Result<Parts> read(const std::string& name) const;
    Result<os::Lock> lock() const;

    Secrets(const Store& store, os::Fd directory)
        : store_(&store), directory_(std::move(directory)) {}

    const Store* store_;
    os::Fd directory_;
};

}  // namespace sbx::store
