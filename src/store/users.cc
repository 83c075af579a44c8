#include "store/users.h"

#include <algorithm>

#include "base/text.h"
#include "os/file.h"

namespace sbx::store {

Result<std::vector<ContainerRecord>> users_of(const Store& store, const std::string& name,
                                              std::vector<std::string> ContainerRecord::* list) {
    const Containers containers = TRY(Containers::open(store));
    const os::Fd folder = TRY(store.folder("containers"));
    std::vector<ContainerRecord> users;
    for (const std::string& id : TRY(os::names_in(folder))) {
        Result<ContainerRecord> read = containers.read(id);
        if (read.failed_as(Error::Kind::not_found)) continue;  // half made, or half removed
        ContainerRecord record =
            TRY(std::move(read), "container '{}' may have it", excerpt(id.substr(0, 12)));
        if (std::ranges::find(record.*list, name) != (record.*list).end())
            users.push_back(std::move(record));
    }
    std::ranges::sort(users, {}, &ContainerRecord::created);
    return users;
}

}  // namespace sbx::store
