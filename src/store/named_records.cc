#include "store/named_records.h"

#include "os/file.h"

namespace sbx::store {

Result<std::vector<std::string>> record_names(os::FdView folder) {
    std::vector<std::string> names = TRY(os::names_in(folder));
    std::erase_if(names, [](const std::string& name) { return name.starts_with('.'); });
    return names;
}

}  // namespace sbx::store
