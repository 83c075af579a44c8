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

// podman's words, and the first one of an action that says more.
static bool means(std::string_view asked, std::string_view action) {
    action = action.substr(0, action.find(':'));
    constexpr std::pair<std::string_view, std::string_view> kSame[] = {
        {"died", "die"},        {"remove", "destroy"},     {"remove", "delete"},
        {"exec", "exec_start"}, {"exec_died", "exec_die"},
    };
    return asked == action || std::ranges::find(kSame, std::pair(asked, action)) != std::end(kSame);
}

using Condition = Criteria<store::Event>::Condition;

static Result<Condition> condition_for(std::string_view key, std::string_view value) {
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
    for (const char* type : {"network", "pod"})
        if (key == type)
            return Condition([type, text](const store::Event& event) {
                return event.type == type &&
                       (begins_id(event, text) || event.attribute("name") == text);
            });
    if (key == "type" && value != "container" && value != "image" && value != "volume" &&
        value != "network" && value != "pod")
        return Error(Error::Kind::usage,
                     "--filter type={}: container, image, volume, network or pod belongs there",
                     excerpt(value));
    if (key == "type")
        return Condition([text](const store::Event& event) { return event.type == text; });
    if (key == "event")
        return Condition([text](const store::Event& event) { return means(text, event.action); });
    if (key == "label")
        return Condition(
            [text](const store::Event& event) { return has_label(event.attributes, text); });
    return unknown_filter(key, value)
        .hint("keys are container, image, volume, network, pod, type, event and label");
}

Result<> EventFilter::add(std::string_view text) {
    const auto [key, value] = TRY(parse_filter_pair(text));
    criteria_.add(key, TRY(condition_for(key, value)));
    return {};
}

Result<EventFilter> EventFilter::parse(const std::vector<std::string>& texts) {
    EventFilter filter;
    for (const std::string& text : texts)
        TRY(filter.add(text));
    return filter;
}

bool EventFilter::admits(const store::Event& event) const { return criteria_.admit(event); }

}  // namespace sbx::container
