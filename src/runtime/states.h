// The containers of an OCI runtime on disk: a folder each, in one that a reboot empties.
//
//     ROOT/ID/state.json     the record, replaced as a whole; see State
//     ROOT/ID/state.copy.json  a copy that is written once, with what there is to end
//     ROOT/ID/config.json    the bundle's, as it was when the container was made
//     ROOT/ID/lock           held by whoever makes, starts or removes it
//     ROOT/ID/gate           a socket, as long as the container waits for `start`
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "os/lock.h"
#include "runtime/state.h"

namespace sbx::runtime {

// One container's folder. Its record is there from the moment that somebody else may find it.
class StateFolder {
public:
    const std::string& id() const { return id_; }
    os::FdView fd() const { return folder_; }

    Result<State> read() const;  // Kind::not_found where there is none
    Result<> write(const State& state) const;

    // For whoever ends a container whose record is damaged.
    Result<State> read_copy() const;
    Result<> write_copy(const State& state) const;

    Result<std::string> config() const;  // the text of config.json
    Result<> write_config(std::string_view text) const;

    // Whether somebody else is about to make, start or remove it.
    bool is_locked() const;
    // From here on that is this process. Kind::not_found where it was removed meanwhile.
    Result<> lock();
    void unlock() { lock_.reset(); }

    // The folder and all in it; the lock has to be held.
    Result<> remove() &&;

private:
    friend class States;
    StateFolder(os::Fd root, std::string id, os::Fd folder)
        : root_(std::move(root)), id_(std::move(id)), folder_(std::move(folder)) {}

    bool is_there() const;

    os::Fd root_;
    std::string id_;
    os::Fd folder_;
    std::optional<os::Lock> lock_ = {};
};

class States {
public:
    // Makes the folder where it is missing. One that belongs to somebody else, or that others may
    // write to, is refused.
    static Result<States> open(const std::string& path);
    static States in(os::Fd directory) { return States(std::move(directory)); }

    // A new one, locked. Kind::exists where there is one by this id; what somebody left who died
    // at it is cleared away.
    Result<StateFolder> make(const std::string& id) const;

    Result<StateFolder> find(const std::string& id) const;  // Kind::not_found

    Result<std::vector<std::string>> ids() const;  // in the order of bytes

private:
    explicit States(os::Fd directory) : directory_(std::move(directory)) {}

    Result<bool> clear_left_over(const std::string& id) const;

    os::Fd directory_;
};

}  // namespace sbx::runtime
