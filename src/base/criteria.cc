#include "base/criteria.h"

namespace sbx {

Result<Halves> parse_filter_pair(std::string_view text) {
    const auto pair = halves(text, '=');
    if (pair && !pair->before.empty() && !pair->after.empty()) return *pair;
    return Error(Error::Kind::usage, "--filter {}: KEY=VALUE belongs there", excerpt(text));
}

Error unknown_filter(std::string_view key, std::string_view value) {
    return {Error::Kind::usage, "--filter {}={}: unknown key", excerpt(key), excerpt(value)};
}

Result<bool> parse_filter_truth(std::string_view key, std::string_view value) {
    if (value == "true" || value == "1") return true;
    if (value == "false" || value == "0") return false;
    return Error(Error::Kind::usage, "--filter {}={}: true or false belongs there", key,
                 excerpt(value));
}

Result<Instant> parse_filter_time(std::string_view key, std::string_view value, Instant now) {
    return TRY(parse_moment(value, now), "--filter {}={}", key, excerpt(value));
}

bool has_label(const std::map<std::string, std::string>& labels, std::string_view wanted) {
    const auto pair = halves(wanted, '=');
    const auto found = labels.find(std::string(pair ? pair->before : wanted));
    return found != labels.end() && (!pair || found->second == pair->after);
}

}  // namespace sbx
