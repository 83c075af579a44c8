#include "runtime/annotations.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace sbx::runtime {

static constexpr std::string_view kPrefix = "run.oci.";
static constexpr std::string_view kUnknownCalls = "run.oci.seccomp_fail_unknown_syscall";

static constexpr std::array<std::string_view, 4> kDone = {
    kUnknownCalls, "run.oci.keep_original_groups", "run.oci.systemd.subgroup", "run.oci.handler"};

namespace {

struct Refused {
    std::string_view name;
    std::string_view why;
};

}  // namespace

static constexpr std::array<Refused, 2> kRefused = {{
    {"run.oci.seccomp_bpf_data", "filters are made of linux.seccomp alone"},
    {"run.oci.seccomp.plugins", "no plugin answers for system calls"},
}};

static bool is_this_runtime(std::string_view handler) {
    return handler.empty() || handler == "crun" || handler == "runc";
}

Result<> check_annotations(const Annotations& annotations) {
    for (const auto& [name, why] : kRefused)
        if (annotations.contains(std::string(name)))
            return Error(Error::Kind::unsupported, "the annotation {} cannot be had: {}", name,
                         why);
    const auto handler = annotations.find("run.oci.handler");
    if (handler == annotations.end() || is_this_runtime(handler->second)) return {};
    return Error(Error::Kind::unsupported, "the annotation run.oci.handler cannot be had: '{}'",
                 excerpt(handler->second));
}

std::vector<std::string> passed_over(const Annotations& annotations) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : annotations)
        if (name.starts_with(kPrefix) && std::ranges::find(kDone, name) == kDone.end())
            lines.push_back(
                fmt::format("nothing is done about the annotation '{}'", excerpt(name)));
    return lines;
}

bool refuses_unknown_calls(const Annotations& annotations) {
    const auto asked = annotations.find(std::string(kUnknownCalls));
    return asked != annotations.end() && asked->second != "0";
}

}  // namespace sbx::runtime
