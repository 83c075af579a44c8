#include "runtime/id.h"

#include "base/text.h"

namespace sbx::runtime {

static constexpr std::size_t kLongest = 1024;
static constexpr std::string_view kLater =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.";

Result<> check_id(std::string_view id) {
    if (id.empty()) return Error(Error::Kind::usage, "the container's id is empty");
    if (id.size() > kLongest)
        return Error(Error::Kind::usage, "the container's id '{}' is longer than {} bytes",
                     excerpt(id, 20), kLongest);
    if (id.front() == '.' || id.find_first_not_of(kLater) != id.npos)
        return Error(Error::Kind::usage, "'{}' is not the id of a container", excerpt(id))
            .hint("letters, digits and '_', '+', '-', '.', without '.' in front");
    return {};
}

}  // namespace sbx::runtime
