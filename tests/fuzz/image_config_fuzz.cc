#include "fuzz.h"

#include <algorithm>

#include "oci/image_config.h"

void sbx::fuzz::one(std::string_view text) {
    const Result<oci::ImageConfig> config = oci::ImageConfig::parse(text);
    if (!config) return;
    must(std::ranges::all_of(config->defaults.env, [](const std::string& entry) {
        return entry.find('=') != entry.npos && entry.front() != '=' && !entry.contains('\0');
    }));
    const std::string written = config->to_json().dump();
    const Result<oci::ImageConfig> again = oci::ImageConfig::parse(written);
    must(again && again->to_json().dump() == written);
}
