#include "container/event_filter.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "oci/reference.h"

namespace sbx::container {

static bool begins_id(const store::Event& event, std::string_view text) {
    constexpr std::string_view kAlgorithm = "sha256:";
    std::string_view id = event.id;
    if (id.starts_with(text)) return true;
    if (!id.starts_with(kAlgorithm)) return false;
    id.remove_prefix(kAlgorithm.size());
    return id.starts_with(text);
}

static bool is_same_image(const std::string& name, const std::string& asked) {
    const Result<oci::Reference> one = oci::Reference::parse(name);
    const Result<oci::Reference> other = oci::Reference::parse(asked);
    return one && other && *one == *other;
}

// Also what has happened to containers of that image.
static bool is_of_image(const store::Event& event, const std::string& image) {
    if (event.type == "container") return is_same_image(event.attribute("image"), image);
    return event.type == "image" &&
           (begins_id(event, image) || is_same_image(event.attribute("name"), image));
}

static bool has_label(const store::Event& event, std::string_view label) {
    const auto pair = halves(label, '=');
    const auto found = event.attributes.find(std::string(pair ? pair->before : label));
    return found != event.attributes.end() && (!pair || found->second == pair->after);
}

// podman's words, and the first one of an action that says more.
static bool means(std::string_view asked, std::string_view action) {
    action = action.substr(0, action.find(':'));
    constexpr std::pair<std::string_view, std::string_view> kSame[] = {
        {"died", "die"},        {"remove", "destroy"},     {"remove", "delete"},
        {"exec", "exec_start"}, {"exec_died", "exec_die"},
    };
    return asked == action || std::ranges::find(kSame, std::pair(asked, action)) != std::end(kSame);
}

static Result<std::function<bool(const store::Event&)>> condition_for(std::string_view key,
                                                                      std::string_view value) {
    using Condition = std::function<bool(const store::Event&)>;
    const std::string text(value);
    if (key == "container")
        return Condition([text](const store::Event& event) {
            return event.type == "container" &&
                   (begins_id(event, text) || event.attribute("name") == text);
        });
    if (key == "image")
        return Condition([text](const store::Event& event) { return is_of_image(event, text); });
    if (key == "volume")
        return Condition([text](const store::Event& event) {
            return event.type == "volume" && event.id == text;
        });
    if (key == "type")
        return Condition([text](const store::Event& event) { return event.type == text; });
    if (key == "event")
        return Condition([text](const store::Event& event) { return means(text, event.action); });
    if (key == "label")
        return Condition([text](const store::Event& event) { return has_label(event, text); });
    return Error(Error::Kind::usage, "--filter {}={}: unknown key", excerpt(key), excerpt(value))
        .hint("keys are container, image, volume, type, event and label");
}

Result<> EventFilter::add(std::string_view text) {
    const auto pair = halves(text, '=');
    if (!pair || pair->before.empty() || pair->after.empty())
        return Error(Error::Kind::usage, "--filter {}: KEY=VALUE belongs there", excerpt(text));
    const std::string_view key = pair->before;
    Condition condition = TRY(condition_for(key, pair->after));
    auto group = std::ranges::find(groups_, key, &Group::key);
    if (group == groups_.end() || key == "label") {
        groups_.push_back({.key = std::string(key)});
        group = groups_.end() - 1;
    }
    group->any.push_back(std::move(condition));
    return {};
}

Result<EventFilter> EventFilter::parse(const std::vector<std::string>& texts) {
    EventFilter filter;
    for (const std::string& text : texts)
        TRY(filter.add(text));
    return filter;
}

bool EventFilter::admits(const store::Event& event) const {
    return std::ranges::all_of(groups_, [&](const Group& group) {
        return std::ranges::any_of(group.any,
                                   [&](const Condition& condition) { return condition(event); });
    });
}

}  // namespace sbx::container
