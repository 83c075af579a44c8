// A store for tests, in a folder that goes with its value.
#pragma once

#include <string>

#include "os/ids.h"
#include "store/store.h"
#include "support/canary.h"

namespace sbx::test {

class TempStore {
public:
    TempStore();

    const store::Store& operator*() const { return store_; }
    const store::Store* operator->() const { return &store_; }
    store::Places places() const { return {.data = path("data"), .runtime = path("runtime")}; }

    std::string at(const std::string& name) const { return path("data/" + name); }
    std::vector<std::string> names_at(const std::string& name) const;  // in such a folder

private:
    std::string path(const std::string& name) const { return scratch_.path() + "/" + name; }

    Scratch scratch_;
    store::Store store_;
};

std::vector<std::string> names_in_folder(const std::string& path);  // none where it is not there

}  // namespace sbx::test
