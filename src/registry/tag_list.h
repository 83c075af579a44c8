// The tags of a repository, page by page: distribution-spec, "Listing Tags".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "registry/session.h"

namespace sbx::registry {

// In the order of bytes. An error is one of the poll; that there is no list is the error inside.
struct TagList {
    Result<std::vector<std::string>> tags;
};
Result<TagList> list_tags(Session& session, const Endpoint& endpoint, int retries);

// The tags on a page. What cannot be a tag is left out: nobody could ask for it.
Result<std::vector<std::string>> parse_tags(std::string_view body);

}  // namespace sbx::registry
