#include "runtime/bundle.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "os/file.h"

namespace sbx::runtime {

static Result<std::string> real_path(const std::string& path) {
    const std::unique_ptr<char, decltype(&::free)> real(::realpath(path.c_str(), nullptr), ::free);
    if (!real) return Error::from_errno(errno, "open bundle '{}'", path);
    return std::string(real.get());
}

static std::string under(const std::string& folder, const std::string& path) {
    return path.starts_with('/') ? path : fmt::format("{}/{}", folder, path);
}

static bool is_bind(const oci::Mount& mount) {
    const auto binds = [](const std::string& option) {
        return option == "bind" || option == "rbind";
    };
    return mount.type == "bind" || std::ranges::any_of(mount.options, binds);
}

Result<oci::Spec> spec_of(const std::string& bundle, const std::string& config) {
    const Json json = TRY(Json::parse(config));
    oci::Spec spec = TRY(oci::Spec::from_json(json));
    if (!spec.root_path.empty()) spec.root_path = under(bundle, spec.root_path);
    for (oci::Mount& mount : spec.mounts)
        if (is_bind(mount) && !mount.source.empty()) mount.source = under(bundle, mount.source);
    return spec;
}

Result<Bundle> read_bundle(const std::string& path, const std::string& config) {
    Bundle bundle;
    bundle.path = TRY(real_path(path));
    const std::string file = under(bundle.path, config);
    const os::Fd opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!opened) return Error::from_errno(errno, "open '{}'", file);
    bundle.config = TRY(os::read_regular(opened, file, kLargestConfig));
    bundle.spec = TRY(spec_of(bundle.path, bundle.config), "'{}'", file);
    if (bundle.spec.root_path.empty())
        return Error(Error::Kind::usage, "'{}' has no root.path: there is no container without",
                     file);
    return bundle;
}

}  // namespace sbx::runtime
