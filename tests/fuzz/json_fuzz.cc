#include "fuzz.h"

#include "base/json.h"
#include "base/utf8.h"

void sbx::fuzz::one(std::string_view text) {
    const Result<Json> json = Json::parse(text);
    if (!json) return;
    const std::string written = json->dump();
    must(utf8::valid(written));
    must(Json::parse(written)->dump() == written);
    must(Json::parse(json->dump(Json::Layout::indented))->dump() == written);
}
