#include "image/pull.h"

#include "base/text.h"
#include "image/registry_source.h"
#include "store/events.h"

namespace sbx::image {

Result<PullPolicy> parse_pull_policy(std::string_view word) {
    if (word == "missing") return PullPolicy::missing;
    if (word == "always") return PullPolicy::always;
    if (word == "never") return PullPolicy::never;
    if (word == "newer") return PullPolicy::newer;
    return Error(Error::Kind::usage, "'{}' is none of missing, always, never, newer",
                 excerpt(word));
}

static Result<registry::Client> open_client(const Workshop& workshop, const PullOptions& options) {
    registry::Routes routes =
        TRY(registry::Routes::read(options.registry.environment, options.registries));
    return registry::Client::open(workshop.poll, std::move(routes), options.registry);
}

static Result<oci::Reference> resolve(const std::string& text, const PullOptions& options) {
    const registry::Routes routes =
        TRY(registry::Routes::read(options.registry.environment, options.registries));
    return routes.resolve_short_name(text);
}

static Result<store::Image> pull_one(registry::Client& client, const oci::Reference& reference,
                                     const Workshop& workshop, const PullOptions& options) {
    RegistrySource source(client, reference);
    store::Image image =
        TRY(ingest(source, workshop, {.platform = options.platform, .name = reference}));
    store::note(workshop.store, store::event_of_image("pull", image.id.text(), reference.text()));
    return image;
}

Result<store::Image> pull(const std::string& text, const Workshop& workshop,
                          const PullOptions& options) {
    const oci::Reference reference = TRY(resolve(text, options));
    registry::Client client = TRY(open_client(workshop, options));
    return TRY(pull_one(client, reference, workshop, options), "cannot pull '{}'",
               reference.text());
}

Result<std::vector<store::Image>> pull_all_tags(const std::string& text, const Workshop& workshop,
                                                const PullOptions& options) {
    const oci::Reference repository = TRY(resolve(text, options));
    registry::Client client = TRY(open_client(workshop, options));
    std::vector<store::Image> images;
    for (const std::string& tag : TRY(client.tags(repository), "cannot pull '{}'", text)) {
        const oci::Reference tagged =
            TRY(oci::Reference::parse(repository.repository() + ":" + tag));
        images.push_back(
            TRY(pull_one(client, tagged, workshop, options), "cannot pull '{}'", tagged.text()));
    }
    return images;
}

// Ids are of images that are here, and never asked for anywhere else.
static bool an_id(std::string_view text) {
    return text.starts_with("sha256:") || (text.size() == 64 && oci::is_hex(text));
}

static Result<std::optional<store::Image>> find_here(const std::string& text,
                                                     const Workshop& workshop,
                                                     const PullOptions& options) {
    const store::Images images = TRY(store::Images::open(workshop.store));
    Result<store::Image> found = images.find(text);
    // An alias, or a registry for short names, is only looked up where the plain name is not here.
    if (found.failed_as(Error::Kind::not_found) && !an_id(text))
        found = images.find(TRY(resolve(text, options)).text());
    if (found.failed_as(Error::Kind::not_found)) return std::optional<store::Image>();
    if (!found) return std::move(found).error();
    return std::optional(*std::move(found));
}

static bool serves(const store::Image& image, const PullOptions& options) {
    const bool says_nothing = image.platform.architecture.empty();
    return says_nothing || options.platform.accepts(image.platform);
}

static Error not_here(const std::string& text, const std::optional<store::Image>& other,
                      const PullOptions& options) {
    if (!other) return Error(Error::Kind::not_found, "there is no image '{}'", excerpt(text));
    return Error(Error::Kind::not_found, "the image '{}' is here for {}, not for {}", excerpt(text),
                 printable(other->platform.text()), options.platform.text());
}

Result<Obtained> obtain(const std::string& text, PullPolicy policy, const Workshop& workshop,
                        const PullOptions& options) {
    std::optional<store::Image> found = TRY(find_here(text, workshop, options));
    std::optional<store::Image> here;
    if (found && serves(*found, options)) here = std::exchange(found, std::nullopt);
    if (here && (policy == PullPolicy::missing || policy == PullPolicy::never || an_id(text)))
        return Obtained{.image = *std::move(here)};
    if (policy == PullPolicy::never || an_id(text)) return not_here(text, found, options);
    Result<store::Image> pulled = pull(text, workshop, options);
    if (pulled) return Obtained{.image = *std::move(pulled)};
    if (policy == PullPolicy::newer && here)
        return Obtained{.image = *std::move(here), .unreachable = std::move(pulled).error()};
    return std::move(pulled).error();
}

}  // namespace sbx::image
