// A request and what comes back for it, as far as that is not libcurl's business.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "registry/headers.h"
#include "registry/url.h"

namespace sbx::registry {

struct Response {
    int status = 0;
    Headers headers = {};
    std::string body = {};   // empty where a stream took it
    Url url = {};            // what answered, after any redirects
    bool elsewhere = false;  // a redirect led to another origin than was asked
    std::chrono::seconds retry_after{0};
    std::optional<Error> broken = {};  // why a streamed body ended before its end
};

enum class Verification : std::uint8_t { on, off };

struct Request {
    // Takes the body of a 200 or a 206 as it comes, with the status and the headers it came with.
    // An error ends the transfer. Runs inside libcurl: it may call nothing of Http.
    using Stream = std::move_only_function<Result<>(const Response& head, std::string_view bytes)>;

    Url url;
    std::vector<std::string> headers = {};         // "Accept: ..."
    std::string authorization = {};                // for the origin of `url` alone
    std::optional<std::string> form = {};          // posted; without one this is a GET
    std::size_t limit = std::size_t{1} << 20;      // of a body that no stream takes
    Stream* stream = nullptr;                      // outlives the transfer
    Verification verification = Verification::on;  // of the origin of `url`, as is
    std::string certificate_directory = {};        // this one: --cert-dir
};

// Gathers a Response from the lines and bytes of one exchange, within their limits.
class Answer {
public:
    explicit Answer(Request& request) : request_(request) { response_.url = request.url; }

    Result<> add_header(std::string_view line);
    Result<> add_body(int status, std::string_view bytes);

    Response& response() { return response_; }
    bool cut_short() const { return cut_short_; }  // add_body failed, but enough was read
    // Whether a body that comes with `status` is for the stream.
    bool is_streamed(int status) const {
        return request_.stream && (status == 200 || status == 206);
    }

private:
    Request& request_;
    Response response_;
    std::size_t header_bytes_ = 0;
    bool cut_short_ = false;
};

}  // namespace sbx::registry
