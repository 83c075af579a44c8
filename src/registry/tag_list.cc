#include "registry/tag_list.h"

#include <algorithm>

#include "base/json.h"
#include "oci/reference.h"
#include "registry/refusal.h"

namespace sbx::registry {

static constexpr std::size_t kLargestPage = std::size_t{8} << 20;
static constexpr std::size_t kMostTags = 1'000'000;
static constexpr int kMostPages = 1000;

Result<std::vector<std::string>> parse_tags(std::string_view body) {
    const Json page = TRY(Json::parse(body), "the list of tags");
    std::vector<std::string> tags;
    for (const Json& item : page["tags"].items())
        if (const std::string* tag = item.as_string();
            tag && oci::Reference::parse("localhost/any:" + *tag))
            tags.push_back(*tag);
    return tags;
}

// The target of the next page, empty at the end. A page elsewhere would take the password along.
static Result<std::string> next_target(const Response& response) {
    const std::optional<std::string> link = TRY(next_link(response.headers.find("link")));
    if (!link) return std::string();
    const Url next = TRY(response.url.resolve(*link), "the next page of tags");
    if (response.elsewhere || next.origin() != response.url.origin())
        return Error(Error::Kind::failed, "'{}' continues its list of tags at another host, '{}'",
                     response.url.origin().authority(), next.origin().authority());
    return next.target();
}

namespace {

struct Page {
    std::vector<std::string> tags;
    std::string next;
};

}  // namespace

static Result<Page> read_page(Result<Response> result) {
    const Response response = TRY(std::move(result));
    if (response.status != 200) return refusal(response);
    if (is_web_page(response)) return not_a_registry(response);
    Page page;
    page.tags = TRY(parse_tags(response.body));
    page.next = TRY(next_target(response));
    return page;
}

Result<TagList> list_tags(Session& session, const Endpoint& endpoint, int retries) {
    std::vector<std::string> all;
    std::string target = fmt::format("/v2/{}/tags/list?n=1000", endpoint.repository);
    for (int number = 0; !target.empty(); ++number) {
        if (number == kMostPages || all.size() > kMostTags)
            return TagList{Error(Error::Kind::failed, "'{}' has no end of tags", endpoint.host)};
        Session::Reply reply = TRY(session.wait_for(
            {.endpoint = endpoint, .target = target, .limit = kLargestPage, .retries = retries}));
        Result<Page> page = read_page(std::move(reply.response));
        if (!page) return TagList{std::move(page).error()};
        if (page->next == target)
            return TagList{Error(Error::Kind::failed,
                                 "'{}' sends a page of tags that leads to itself", endpoint.host)};
        all.insert(all.end(), page->tags.begin(), page->tags.end());
        target = std::move(page->next);
    }
    std::ranges::sort(all);
    return TagList{std::move(all)};
}

}  // namespace sbx::registry
