#include "fuzz.h"

#include "base/toml.h"

void sbx::fuzz::one(std::string_view text) {
    const Result<TomlDocument> document = parse_toml(text, "fuzz.toml");
    if (!document) return must(document.error().text().starts_with("fuzz.toml:"));
    must(document->root.as_object() != nullptr);
    must(!document->root.dump().empty());
}
