#include "fuzz.h"

#include "oci/manifest.h"

namespace sbx::fuzz {

static void check(const oci::Index& index) {
    (void)index.choose(oci::Platform::native());  // any answer will do
}

static void check(const oci::Manifest& manifest) {
    const std::string written = oci::to_json(manifest).dump();
    const auto again = oci::parse_manifest(written, manifest.media_type);
    must(again && oci::to_json(std::get<oci::Manifest>(*again)).dump() == written);
}

void one(std::string_view text) {
    for (const std::string_view type : {std::string_view(), oci::media::kIndex}) {
        const auto document = oci::parse_manifest(text, type);
        if (document) std::visit([](const auto& one) { check(one); }, *document);
    }
}

}  // namespace sbx::fuzz
