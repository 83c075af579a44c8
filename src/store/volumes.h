// Named folders that outlive the containers they are mounted in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
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

    Result<Volume> find(const std::string& name) const;  // Kind::not_found
    Result<Volume> find_or_create(const Volume& volume) const;
    Result<> remove(const std::string& name, const os::IdMap& ids) const;  // absent is fine

    // Of the content, whether it is there or not.
    static std::string path_of(const Store& store, const std::string& name);

private:
    Volumes(const Store& store, os::Fd directory)
        : store_(&store), directory_(std::move(directory)) {}

    const Store* store_;
    os::Fd directory_;
};

}  // namespace sbx::store
