#include "support/temp_store.h"

#include <cstdlib>

#include "os/file.h"

namespace sbx::test {

static store::Store open_store(const store::Places& places) {
    Result<store::Store> store = store::Store::open(places);
    if (!store) std::abort();
    return *std::move(store);
}

TempStore::TempStore() : store_(open_store(places())) {}

std::vector<std::string> names_in_folder(const std::string& path) {
    const Result<os::Fd> folder = os::open_directory(os::FdView::cwd(), path);
    if (!folder) return {};
    return os::names_in(*folder).value_or(std::vector<std::string>{});
}

std::vector<std::string> TempStore::names_at(const std::string& name) const {
    return names_in_folder(at(name));
}

}  // namespace sbx::test
