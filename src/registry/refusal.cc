#include "registry/refusal.h"

#include "base/json.h"
#include "base/text.h"
#include "registry/retry.h"

namespace sbx::registry {

static std::string type_of(const Response& response) {
    const std::string type = media_type(response.headers.find("content-type"));
    return type.empty() ? "no type" : excerpt(type);
}

static std::string shown(std::string_view words) {
    return excerpt(printable(trim(words)), kMostWords);
}

// {"errors": [{"code": "...", "message": "..."}, ...]}; some say "details" on their own instead.
static std::string words_in(const Json& document) {
    std::string words;
    for (const Json& error : document["errors"].items()) {
        const std::string* message = error["message"].as_string();
        if (!message || message->empty()) message = error["code"].as_string();
        if (!message || message->empty()) continue;
        if (!words.empty()) words += "; ";
        words += *message;
    }
    for (const char* key : {"details", "message"})
        if (const std::string* text = document[key].as_string(); text && words.empty())
            words = *text;
    return words;
}

static std::string words_in(const Response& response) {
    if (const Result<Json> document = Json::parse(response.body))
        if (const std::string words = words_in(*document); !words.empty()) return words;
    return type_of(response) == "text/plain" ? response.body : "";
}

static Error::Kind kind_of(int status) {
    if (status == 401 || status == 403) return Error::Kind::denied;
    if (status == 404) return Error::Kind::not_found;
    return is_worth_another_try(status) ? Error::Kind::busy : Error::Kind::failed;
}

bool is_web_page(const Response& response) {
    const std::string type = media_type(response.headers.find("content-type"));
    return type == "text/html" || type == "application/xhtml+xml";
}

Error not_a_registry(const Response& response) {
    return Error(kind_of(response.status), "'{}' answered {}: not a registry's reply ({})",
                 response.url.origin().authority(), response.status, type_of(response));
}

Error refusal(const Response& response) {
    const std::string host = response.url.origin().authority();
    const std::string words = is_web_page(response) ? "" : words_in(response);
    Error error = words.empty() ? not_a_registry(response)
                                : Error(kind_of(response.status), "the registry '{}' says: {} ({})",
                                        host, shown(words), response.status);
    if (error.kind() != Error::Kind::denied) return error;
    return std::move(error).hint(
        fmt::format("`podman login {}`, or the option --creds, if the image is private", host));
}

}  // namespace sbx::registry
