#include "oci/platform.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/text.h"

namespace sbx::oci {

// Go's names (GOARCH), which the specification prescribes.
Platform Platform::native() {
#if defined(__x86_64__)
    return {.architecture = "amd64"};
#elif defined(__aarch64__)
    return {.architecture = "arm64", .variant = "v8"};
#elif defined(__riscv)
    return {.architecture = "riscv64"};
#else
#error "name this architecture as Go does"
#endif
}

static std::string go_name(std::string_view architecture) {
    if (architecture == "x86_64" || architecture == "x86-64") return "amd64";
    if (architecture == "aarch64") return "arm64";
    if (architecture == "i386") return "386";
    return std::string(architecture);
}

static constexpr std::string_view kArchitectures[] = {
    "386",      "amd64",  "arm",   "arm64",   "loong64", "mips",  "mips64",
    "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x", "wasm"};

static Result<> check_architecture(const Platform& platform) {
    if (std::ranges::find(kArchitectures, platform.architecture) != std::end(kArchitectures))
        return {};
    const std::vector<std::string> known(std::begin(kArchitectures), std::end(kArchitectures));
    return Error(Error::Kind::usage, "there is no architecture '{}'",
                 excerpt(platform.architecture))
        .hint("there are " + join(known, ", "));
}

static bool is_word(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.';
    });
}

Result<Platform> Platform::parse(std::string_view text) {
    const auto parts = split(text, '/');
    const bool words = std::ranges::all_of(parts, [](auto p) { return !p.empty() && is_word(p); });
    if (!words || parts.size() > 3)
        return Error(Error::Kind::usage, "'{}' is not a platform such as linux/amd64",
                     excerpt(text));
    Platform platform{.architecture = go_name(parts[parts.size() == 1 ? 0 : 1])};
    if (parts.size() > 1) platform.os = parts[0];
    if (parts.size() == 3) platform.variant = parts[2];
    TRY(check_architecture(platform));
    return platform;
}

Result<Platform> Platform::from_json(const Json& json) {
    if (!json.as_object()) return Error(Error::Kind::usage, "a platform is not an object");
    Platform platform{.os = TRY(json.get_or<std::string>("os", "")), .architecture = ""};
    platform.architecture = TRY(json.get_or<std::string>("architecture", ""));
    platform.variant = TRY(json.get_or<std::string>("variant", ""));
    return platform;
}

Json Platform::to_json() const {
    Json json = Json::object();
    json.set("architecture", architecture).set("os", os);
    if (!variant.empty()) json.set("variant", variant);
    return json;
}

std::string Platform::text() const {
    return variant.empty() ? fmt::format("{}/{}", os, architecture)
                           : fmt::format("{}/{}/{}", os, architecture, variant);
}

bool Platform::accepts(const Platform& other) const {
    const bool any_variant = variant.empty() || other.variant.empty();
    return os == other.os && architecture == other.architecture &&
           (any_variant || variant == other.variant);
}

}  // namespace sbx::oci
