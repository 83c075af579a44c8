// Named folders that outlive the containers they are mounted in.
//
// A container is written down under the volumes' lock, shared; volumes are removed under it,
// exclusive: so none goes that a container is just getting. It comes after the store's lock and
// before that of a container which is being made.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/containers.h"
#include "store/store.h"

namespace sbx::store {

struct Volume {
    std::string name;
    Instant created = {};
    bool anonymous = false;  // made for one container, removed with it where --rm says so
    std::map<std::string, std::string> labels = {};
    std::string path = {};  // of its content, on the host
};

class Volumes {
public:
    static Result<Volumes> open(const Store& store);

    Result<os::Lock> lock(os::Share share) const;

    Result<Volume> find(const std::string& name) const;  // Kind::not_found
    Result<Volume> find_or_create(const Volume& volume) const;
    Result<Volume> create(const Volume& volume) const;   // Kind::exists
    Result<std::vector<Volume>> all() const;             // by name, those that can be read
    Result<std::vector<std::string>> all_names() const;  // without reading a record
    bool exists(const std::string& name) const;          // be its record damaged or not
    Result<std::uint64_t> bytes_of(const std::string& name, const os::IdMap& ids) const;

    // Both want the lock, exclusive.
    Result<> remove(const std::string& name, const os::IdMap& ids) const;  // absent is fine
    // What may be in use stays.
    Result<> remove_unused(const std::vector<std::string>& names, const os::IdMap& ids) const;

    // The containers that have it, in the order of their making. Fails where one cannot be read.
    Result<std::vector<ContainerRecord>> users_of(const std::string& name) const;

    // Of the content, whether it is there or not.
    static std::string path_of(const Store& store, const std::string& name);
    // The volume whose content is there; empty where it is of none.
    static std::string name_at(const Store& store, const std::string& path);

private:
    Result<> make(const Volume& volume) const;

    Volumes(const Store& store, os::Fd directory)
        : store_(&store), directory_(std::move(directory)) {}

    const Store* store_;
    os::Fd directory_;
};

}  // namespace sbx::store
