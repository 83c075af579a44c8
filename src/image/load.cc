#include "image/load.h"

#include <algorithm>

#include "base/text.h"
#include "image/archive_source.h"
#include "image/layout_source.h"
#include "store/events.h"

namespace sbx::image {

std::string registry_name(std::string_view text) {
    constexpr std::string_view kPrefix = "docker://";
    return std::string(text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text);
}

// Those of containers-transports(5) that sbx has not. A registry is not to be asked for them.
static Result<> refuse_others(std::string_view text) {
    constexpr std::string_view kOthers[] = {
        "containers-storage", "dir", "docker-daemon", "ostree", "tarball", "sif"};
    const auto parts = halves(text, ':');
    if (!parts || std::ranges::find(kOthers, parts->before) == std::end(kOthers)) return {};
    return Error(Error::Kind::unsupported, "'{}': the transport {} is not supported", excerpt(text),
                 parts->before)
        .hint("there are docker://, oci:, oci-archive: and docker-archive:");
}

Result<std::optional<Transport>> parse_transport(std::string_view text) {
    struct Known {
        std::string_view prefix;
        Transport::Kind kind;
    };
    constexpr Known kKnown[] = {{"oci:", Transport::Kind::layout},
                                {"oci-archive:", Transport::Kind::archive},
                                {"docker-archive:", Transport::Kind::archive}};
    for (const Known& known : kKnown) {
        if (!text.starts_with(known.prefix)) continue;
        const std::string_view rest = text.substr(known.prefix.size());
        const auto parts = halves(rest, ':');
        Transport transport{.kind = known.kind,
                            .prefix = known.prefix,
                            .path = std::string(parts ? parts->before : rest),
                            .tag = std::string(parts ? parts->after : "")};
        if (transport.path.empty())
            return Error(Error::Kind::usage, "'{}': it names no file", excerpt(text));
        return std::optional(std::move(transport));
    }
    TRY(refuse_others(text));
    return std::optional<Transport>();
}

Result<oci::Reference> local_name(const std::string& path, const std::string& tag) {
    if (tag.find_first_of("/:") != tag.npos) return oci::Reference::parse(tag);
    std::string file = path.substr(0, path.find_last_not_of('/') + 1);
    file = lower(file.substr(file.rfind('/') + 1));
    for (const std::string_view ending : {".tar.gz", ".tar.zst", ".tar", ".tgz"})
        if (file.ends_with(ending)) file.resize(file.size() - ending.size());
    return oci::Reference::parse(
        fmt::format("localhost/{}:{}", file, tag.empty() ? "latest" : tag));
}

static Result<store::Image> name_all(const std::vector<oci::Reference>& names, store::Image image,
                                     const Workshop& workshop) {
    const os::Lock lock = TRY(workshop.store.lock(os::Share::exclusive));
    const store::Images images = TRY(store::Images::open(workshop.store));
    for (const oci::Reference& name : names)
        TRY(images.name(name, image.id));
    TRY(images.publish_index());
    return image;
}

// A single word names no repository of a registry: it is only what somebody called it in the file.
static Result<oci::Reference> archived_name(const std::string& name) {
    const bool single_word = name.find_first_of("/:") == name.npos;
    return oci::Reference::parse(single_word ? "localhost/" + name : name);
}

static Result<Loaded> load_one(ArchivedImage& archived, const Workshop& workshop,
                               const oci::Platform& platform) {
    std::vector<oci::Reference> names;
    names.reserve(archived.names.size());
    for (const std::string& name : archived.names)
        names.push_back(TRY(archived_name(name)));
    store::Image image = TRY(ingest(archived.source, workshop, {.platform = platform}));
    image = TRY(name_all(names, std::move(image), workshop));
    const std::string name = names.empty() ? "" : names.front().text();
    store::note(workshop.store, store::event_of_image("load", image.id.text(), name));
    return Loaded{.image = std::move(image), .names = std::move(names)};
}

Result<std::vector<Loaded>> load(os::FdView archive, const std::string& what,
                                 const Workshop& workshop, const oci::Platform& platform) {
    const store::Staging staging = TRY(workshop.store.stage());
    const Members members =
        TRY(Members::extract(archive, staging.directory(), workshop), "reading '{}'", what);
    std::vector<Loaded> all;
    for (ArchivedImage& archived : TRY(images_in(members), "reading '{}'", what))
        all.push_back(TRY(load_one(archived, workshop, platform), "loading '{}'", what));
    return all;
}

static Result<store::Image> pull_layout(const Transport& transport, const Workshop& workshop,
                                        const oci::Platform& platform) {
    os::Root root = TRY(os::Root::open(transport.path));
    LayoutSource source = TRY(LayoutSource::open(std::move(root), transport.tag));
    const std::string tag = transport.tag.empty() ? source.name() : transport.tag;
    const bool by_digest = tag.starts_with("sha256:");
    Wish wish{.platform = platform};
    if (!by_digest) wish.name = TRY(local_name(transport.path, tag));
    store::Image image = TRY(ingest(source, workshop, wish));
    const std::string name = wish.name ? wish.name->text() : "";
    store::note(workshop.store, store::event_of_image("load", image.id.text(), name));
    return image;
}

static Result<ArchivedImage*> choose(std::vector<ArchivedImage>& images, const std::string& tag) {
    std::vector<ArchivedImage*> fitting;
    for (ArchivedImage& image : images) {
        const bool named = std::ranges::any_of(image.names, [&](const std::string& name) {
            return name == tag || name.ends_with("/" + tag) || name.ends_with(":" + tag);
        });
        if (tag.empty() || named) fitting.push_back(&image);
    }
    if (fitting.size() == 1) return fitting.front();
    if (fitting.empty())
        return Error(Error::Kind::not_found, "the archive has no image '{}'", excerpt(tag));
    return Error(Error::Kind::usage, "the archive has {} such images; say which one",
                 fitting.size())
        .hint("`sbx load` takes all of them");
}

static Result<store::Image> pull_archive(const Transport& transport, const Workshop& workshop,
                                         const oci::Platform& platform) {
    const os::Fd file(::open(transport.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file) return Error::from_errno(errno, "open '{}'", transport.path);
    const store::Staging staging = TRY(workshop.store.stage());
    const Members members = TRY(Members::extract(file, staging.directory(), workshop));
    std::vector<ArchivedImage> images = TRY(images_in(members));
    ArchivedImage* chosen = TRY(choose(images, transport.tag));
    if (chosen->names.empty())
        chosen->names.push_back(TRY(local_name(transport.path, transport.tag)).text());
    return TRY(load_one(*chosen, workshop, platform)).image;
}

Result<store::Image> pull_from(const Transport& transport, const Workshop& workshop,
                               const oci::Platform& platform) {
    const bool layout = transport.kind == Transport::Kind::layout;
    return TRY(layout ? pull_layout(transport, workshop, platform)
                      : pull_archive(transport, workshop, platform),
               "cannot pull '{}{}'", transport.prefix, transport.path);
}

}  // namespace sbx::image
