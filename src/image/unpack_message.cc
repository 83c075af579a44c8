#include "image/unpack_message.h"

#include "base/json.h"
#include "base/text.h"

namespace sbx::image {

static constexpr char kFailed = 'e';
static constexpr char kUnpacked = 'u';

std::string pack(const UnpackRequest& request) {
    return Json::object()
        .set("abandon", request.verb == UnpackRequest::Verb::abandon)
        .set("number", request.number)
        .set("name", request.name)
        .set("size", request.size)
        .set("bytes", request.limits.bytes)
        .set("entries", request.limits.entries)
        .dump();
}

Result<UnpackRequest> parse_request(std::string_view bytes) {
    const Json json = TRY(Json::parse(bytes));
    UnpackRequest request;
    if (TRY(json.get<bool>("abandon"))) request.verb = UnpackRequest::Verb::abandon;
    request.number = static_cast<std::uint32_t>(TRY(json.get<std::uint64_t>("number")));
    request.name = TRY(json.get<std::string>("name"));
    request.size = TRY(json.get<std::uint64_t>("size"));
    request.limits.bytes = TRY(json.get<std::uint64_t>("bytes"));
    request.limits.entries = TRY(json.get<std::uint64_t>("entries"));
    return request;
}

std::string pack(const Result<Unpacked>& answer) {
    if (!answer) return kFailed + answer.error().pack();
    return kUnpacked + Json::object()
                           .set("diff_id", answer->diff_id.text())
                           .set("bytes", answer->bytes)
                           .set("hides_below", answer->hides_below)
                           .dump();
}

static Result<Unpacked> parse_unpacked(std::string_view bytes) {
    const Json json = TRY(Json::parse(bytes));
    const std::string digest = TRY(json.get<std::string>("diff_id"));
    Unpacked unpacked{.diff_id = TRY(oci::Digest::parse(digest))};
    unpacked.bytes = TRY(json.get<std::uint64_t>("bytes"));
    unpacked.hides_below = TRY(json.get<bool>("hides_below"));
    return unpacked;
}

Result<Unpacked> parse_answer(std::string_view bytes) {
    if (bytes.starts_with(kUnpacked)) return parse_unpacked(bytes.substr(1));
    if (!bytes.starts_with(kFailed))
        return Error(Error::Kind::failed, "the process that unpacks it sent no answer");
    const Error error = Error::unpack(bytes.substr(1));
    return Error(error.kind(), "{}", printable(error.text())).hint(printable(error.hint()));
}

}  // namespace sbx::image
