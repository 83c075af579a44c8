// Where a redirect may lead: RFC 9110, section 15.4, less what a registry has no business with.
#pragma once

#include <string_view>

#include "base/error.h"
#include "registry/url.h"

namespace sbx::registry {

constexpr int kMostRedirects = 10;

constexpr bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The URL that `location`, sent from `from`, means. From https it is never a plain one.
Result<Url> redirect_target(const Url& from, std::string_view location);

}  // namespace sbx::registry
