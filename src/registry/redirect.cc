#include "registry/redirect.h"

namespace sbx::registry {

Result<Url> redirect_target(const Url& from, std::string_view location) {
    if (location.empty())
        return Error(Error::Kind::failed, "'{}' redirects, but not to anywhere",
                     from.origin().authority());
    Url target = TRY(from.resolve(location), "'{}' redirects", from.origin().authority());
    if (from.origin().secure() && !target.origin().secure())
        return Error(Error::Kind::denied, "'{}' redirects from https to plain http, at '{}'",
                     from.origin().authority(), target.origin().authority());
    return target;
}

}  // namespace sbx::registry
