#include "container/network_filter.h"

#include "base/text.h"
#include "container/filter.h"

namespace sbx::container {

Result<NetworkFilter::Condition> NetworkFilter::condition_for(std::string_view key,
                                                              std::string_view value, Instant now) {
    const std::string text(value);
    if (key == "name") {
        TRY(check_name_pattern(text));
        return Condition(
            [text](const ListedNetwork& n) { return fits_name(text, n.network.name); });
    }
    if (key == "id")
        return Condition([text](const ListedNetwork& n) { return n.network.id.starts_with(text); });
    if (key == "driver")  // there is one
        return Condition([is = text == "bridge"](const ListedNetwork&) { return is; });
    if (key == "label" || key == "label!")
        return Condition([text, wanted = key == "label"](const ListedNetwork& n) {
            return has_label(n.network.labels, text) == wanted;
        });
    if (key == "dangling") {
        const bool wanted = TRY(parse_filter_truth(key, value));
        return Condition([wanted](const ListedNetwork& n) { return n.users.empty() == wanted; });
    }
    if (key == "until") {
        const Instant limit = TRY(parse_filter_time(key, value, now));
        return Condition([limit](const ListedNetwork& n) { return n.network.created < limit; });
    }
    return unknown_filter(key, value)
        .hint("keys are name, id, driver, label, label!, dangling and until");
}

Result<NetworkFilter> NetworkFilter::parse(const std::vector<std::string>& texts, Instant now) {
    NetworkFilter filter;
    for (const std::string& text : texts) {
        const auto [key, value] = TRY(parse_filter_pair(text));
        filter.criteria_.add(key, TRY(condition_for(key, value, now)));
    }
    return filter;
}

Result<std::vector<std::string>> prune_networks(const store::Store& store,
                                                const NetworkFilter& filter) {
    const store::Networks networks = TRY(store::Networks::open(store));
    const os::Lock lock = TRY(networks.lock(os::Share::exclusive));
    std::vector<std::string> pruned;
    for (const ListedNetwork& one : TRY(list_networks(store))) {
        const std::string& name = one.network.name;
        if (!filter.admits(one)) continue;
        if (!TRY(networks.users_of(name), "cannot remove '{}'", name).empty()) continue;
        TRY(networks.remove(name), "cannot remove '{}'", name);
        pruned.push_back(name);
    }
    return pruned;
}

}  // namespace sbx::container
