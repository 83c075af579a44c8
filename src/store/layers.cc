#include "store/layers.h"

#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/random.h"
#include "store/containers.h"

namespace sbx::store {

static constexpr const char* kRecord = "record.json";
static constexpr std::size_t kLargestRecord = 65536;
static constexpr std::size_t kLinkLength = 5;

// Whatever the umask: not only the owner looks into it.
static Result<os::Fd> make_visible_directory(const os::Fd& parent, const std::string& name) {
    os::Fd made = TRY(os::make_directory(parent, name, 0755));
    if (::fchmod(made.get(), 0755) == 0) return made;
    return Error::from_errno(errno, "change the mode of '{}'", name);
}

// An empty file is whole as soon as it is there.
static Result<> make_visible_file(const os::Fd& directory, const char* name) {
    const os::Fd made(
        ::openat(directory.get(), name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (made && ::fchmod(made.get(), 0644) == 0) return {};
    return Error::from_errno(errno, "make file '{}'", name);
}

Result<Layers> Layers::open(const Store& store) {
    os::Fd directory = TRY(store.folder("layers"));
    os::Fd links = TRY(os::make_directory(directory, "l", 0700));
    return Layers(store, std::move(directory), std::move(links));
}

Result<std::string> Layers::mount_points(const Store& store) {
    std::string from_links = "../mount-points";
    const os::Fd directory = TRY(store.folder("layers"));
    if (os::exists_at(directory, "mount-points/run/.containerenv")) return from_links;
    const os::Fd tree = TRY(make_visible_directory(directory, "mount-points"));
    const os::Fd run = TRY(make_visible_directory(tree, "run"));
    TRY(make_visible_file(run, ".containerenv"));
    return from_links;
}

static Result<Layer> layer_from(const std::string& record, const std::string& hex) {
    const Json json = TRY(Json::parse(record));
    Layer layer{.diff_id = TRY(oci::Digest::from_hex(hex))};
    layer.link = TRY(json.get<std::string>("link"));
    layer.bytes = TRY(json.get<std::uint64_t>("bytes"));
    layer.hides_below = TRY(json.get_or<bool>("hides_below", false));
    layer.one_owner = TRY(json.get_or<bool>("one_owner", false));
    return layer;
}

Result<Layer> Layers::read(const std::string& hex) const {
    const std::string text =
        TRY(os::read_file(directory_, fmt::format("{}/{}", hex, kRecord), kLargestRecord));
    return TRY(layer_from(text, hex), "'layers/{}/{}'", hex, kRecord);
}

// The record is not there, or is none: as opposed to one that cannot be read right now.
static bool is_lost(const Error& error) {
    return error.code() == 0 || error.is(std::errc::no_such_file_or_directory) ||
           error.is(std::errc::permission_denied);
}

Result<std::optional<Layer>> Layers::find(const oci::Digest& diff_id) const {
    Result<Layer> layer = read(diff_id.hex());
    if (!layer && is_lost(layer.error())) {
        log::debug("layer '{}' is not there: {}", diff_id.hex(), layer.error().text());
        return std::optional<Layer>();
    }
    return std::optional(TRY(std::move(layer)));
}

Result<std::vector<Layer>> Layers::all() const {
    std::vector<Layer> layers;
    for (const std::string& name : TRY(os::names_in(directory_))) {
        const Result<oci::Digest> diff_id = oci::Digest::from_hex(name);
        if (diff_id) layers.push_back(TRY(find(*diff_id)).value_or(Layer{.diff_id = *diff_id}));
    }
    return layers;
}

static std::string random_link() {
    constexpr std::string_view kLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string name(kLinkLength, '\0');
    for (char& c : name)
        c = kLetters[os::random_below(static_cast<std::uint32_t>(kLetters.size()))];
    return name;
}

static std::string target_of(const oci::Digest& diff_id) {
    return fmt::format("../{}/tree", diff_id.hex());
}

static Result<std::string> make_link(const os::Fd& links, const oci::Digest& diff_id) {
    const std::string target = target_of(diff_id);
    for (int tries = 0; tries < 100; ++tries) {
        std::string name = random_link();
        if (::symlinkat(target.c_str(), links.get(), name.c_str()) == 0) return name;
        if (errno != EEXIST) return Error::from_errno(errno, "link a layer");
    }
    return Error(Error::Kind::failed, "no free name for a layer");
}

Result<Layer> Layers::prepare(os::FdView folder, Layer layer) const {
    layer.link = TRY(make_link(links_, layer.diff_id));
    const Json record = Json::object()
                            .set("link", layer.link)
                            .set("bytes", layer.bytes)
                            .set("hides_below", layer.hides_below)
                            .set("one_owner", layer.one_owner);
    TRY(os::write_atomic(folder, kRecord, record.dump(),
                         {.durability = os::Durability::until_reboot}));
    return layer;
}

Result<Layer> Layers::publish(os::FdView directory, const std::string& name, Layer layer) const {
    const std::string& hex = layer.diff_id.hex();
    if (::renameat(directory.get(), name.c_str(), directory_.get(), hex.c_str()) == 0) return layer;
    if (errno != ENOTEMPTY && errno != EEXIST)
        return Error::from_errno(errno, "give layer '{}' its place", layer.diff_id.text());
    const std::optional<Layer> there = TRY(find(layer.diff_id));
    if (there && (!there->one_owner || layer.one_owner)) {
        TRY(os::remove_at(links_, layer.link));
        return *there;
    }
    TRY(check_may_be_replaced(layer.diff_id));
    if (::renameat2(directory.get(), name.c_str(), directory_.get(), hex.c_str(),
                    RENAME_EXCHANGE) != 0)
        return Error::from_errno(errno, "put layer '{}' in place of one that is not whole",
                                 layer.diff_id.text());
    return layer;
}

Result<> Layers::check_may_be_replaced(const oci::Digest& diff_id) const {
    const Containers containers = TRY(Containers::open(*store_));
    for (const ContainerRecord& record : TRY(containers.all()))
        if (containers.live(record.id))
            return Error(Error::Kind::busy, "layer '{}' has to be unpacked anew, and '{}' runs",
                         diff_id.short_hex(), record.name)
                .hint("try again when no container runs");
    return {};
}

Result<std::string> Layers::hex_behind(const std::string& link) const {
    const std::string target = TRY(os::read_link(links_, link));
    const auto parts = split(target, '/');
    if (parts.size() == 3) return std::string(parts[1]);
    return Error(Error::Kind::failed, "'layers/l/{}' leads to no layer", link);
}

Result<> Layers::remove(const Layer& layer, const os::IdMap& ids) const {
    TRY(store_->discard(directory_, layer.diff_id.hex(), ids));
    // Where it took the place of another, there are two.
    for (const std::string& link : TRY(os::names_in(links_)))
        if (os::read_link(links_, link).value_or("") == target_of(layer.diff_id))
            TRY(os::remove_at(links_, link));
    return {};
}

}  // namespace sbx::store
