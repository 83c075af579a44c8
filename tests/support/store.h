// A store of its own for a test, in a folder that goes with its value.
#pragma once

#include <string>

#include "store/store.h"
#include "support/canary.h"

namespace sbx::test {

class TestStore {
public:
    TestStore()
        : store_(store::Store::open(
                     {.data = folder_.tree() + "/data", .runtime = folder_.tree() + "/run"})
                     .value()) {}

    const store::Store& store() const { return store_; }
    operator const store::Store&() const { return store_; }  // NOLINT(google-explicit-*)
    std::string data() const { return store_.places().data; }
    std::string runtime() const { return store_.places().runtime; }

private:
    Scratch folder_;
    store::Store store_;
};

}  // namespace sbx::test
