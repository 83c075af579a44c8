#include "registry/answer.h"

namespace sbx::registry {

static constexpr std::size_t kKeptOfRefusal = std::size_t{64} * 1024;

// A status line begins anew: after "100 Continue", or behind a proxy's answer. What was sent before
// it still counts against the limit.
Result<> Answer::add_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > Headers::kMost)
        return Error(Error::Kind::failed, "'{}' sends more than {} bytes of headers",
                     request_.url.origin().authority(), Headers::kMost);
    if (line.starts_with("HTTP/")) response_.headers.clear();
    response_.headers.add_line(line);
    return {};
}

Result<> Answer::add_body(int status, std::string_view bytes) {
    response_.status = status;
    if (is_streamed(status)) return (*request_.stream)(response_, bytes);
    const bool success = status >= 200 && status < 300;
    const std::size_t limit = success ? request_.limit : kKeptOfRefusal;
    if (response_.body.size() + bytes.size() <= limit) {
        response_.body += bytes;
        return {};
    }
    cut_short_ = !success;
    return Error(Error::Kind::failed, "'{}' sends more than {} bytes",
                 request_.url.origin().authority(), limit);
}

}  // namespace sbx::registry
