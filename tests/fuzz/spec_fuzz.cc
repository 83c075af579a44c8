#include "fuzz.h"

#include "oci/spec.h"

// What is read is written so that it is read the same, and paths that have to be absolute are.
void sbx::fuzz::one(std::string_view text) {
    const Result<Json> json = Json::parse(text);
    if (!json) return;
    const Result<oci::Spec> spec = oci::Spec::from_json(*json);
    if (!spec) return;
    must(spec->process.cwd.starts_with('/'));
    const Result<Json> written = Json::parse(spec->to_json().dump());
    must(written.has_value());
    const Result<oci::Spec> again = oci::Spec::from_json(*written);
    must(again && *again == *spec);
}
