#include "image/transfer.h"

#include "archive/decompress.h"
#include "base/text.h"
#include "image/file_reader.h"
#include "image/pack_tree.h"
#include "image/tree_place.h"
#include "os/file.h"

namespace sbx::image {

std::string pack_notes(const std::vector<std::string>& notes) { return join(notes, "\n"); }

std::vector<std::string> notes_in(const std::string& packed) {
    std::vector<std::string> notes;
    if (packed.empty()) return notes;
    for (const std::string_view line : split(packed, '\n'))
        notes.emplace_back(line);
    return notes;
}

static archive::TarWriter writer_to(os::FdView out) {
    return archive::TarWriter([out](std::string_view bytes) { return os::write_all(out, bytes); });
}

Result<std::string> send_root(const os::Root& root, os::FdView out) {
    archive::TarWriter tar = writer_to(out);
    TreePacker packer(tar);
    TRY(packer.add_tree(root.directory(), ".", ""));
    TRY(tar.finish());
    return pack_notes(packer.notes());
}

Result<std::string> send(const os::Root& root, const Sending& what, os::FdView out) {
    using Devices = TreePacker::Devices;
    const TreePlace place =
        TRY(find_place(root, what.path, what.follow_link ? LastLink::followed : LastLink::itself));
    archive::TarWriter tar = writer_to(out);
    TreePacker packer(tar, what.devices ? Devices::kept : Devices::left_out);
    if (what.follow_link) packer.expect_no_link();
    TRY(packer.add_tree(place.folder, place.name, name_of_copy(what.path)));
    TRY(tar.finish());
    return pack_notes(packer.notes());
}

namespace {

// The folder that an archive is unpacked into, and what its topmost name becomes there.
struct Destination {
    os::Root base;
    std::optional<std::string> name = {};
};

}  // namespace

static Error missing_folder(const std::string& path) {
    return {Error::Kind::not_found, "there is no folder '{}'", path};
}

static Result<Destination> find_destination(const os::Root& root, const Receiving& to,
                                            bool folder_comes) {
    Result<os::Fd> there = root.open_relative(to.path, O_PATH);
    if (there) {
        const struct stat status = TRY(os::status_of(*there));
        if (S_ISDIR(status.st_mode)) return Destination{.base = os::Root::of(*std::move(there))};
        if (to.foreign) return Error::from_errno(ENOTDIR, "'{}'", to.path);
        if (folder_comes && !to.how.overwrite)
            return Error(Error::Kind::exists, "'{}' is a file, and a folder is to be copied",
                         to.path)
                .hint("--overwrite replaces it");
    } else if (!there.failed_with(std::errc::no_such_file_or_directory)) {
        return std::move(there).error();
    } else if (to.foreign || (to.path.ends_with('/') && !folder_comes)) {
        return missing_folder(to.path);
    }
    const std::string path = to.path.substr(0, to.path.find_last_not_of('/') + 1);
    Result<TreePlace> place = find_place(root, path, LastLink::followed);
    if (place.failed_with(std::errc::no_such_file_or_directory))
        return missing_folder(path.substr(0, path.rfind('/') + 1));
    TreePlace found = TRY(std::move(place));
    return Destination{.base = os::Root::of(std::move(found.folder)),
                       .name = std::move(found.name)};
}

namespace {

// Where entries go: the topmost name of what send() sends may be another one here.
class Names {
public:
    Names(const std::string& top, std::optional<std::string> here)
        : top_(top), here_(std::move(here)) {}

    Result<LayerPath> operator()(const std::string& path) const {
        LayerPath place = TRY(parse_layer_path(path));
        if (!here_) return place;
        const std::string text = place.text();
        std::string_view below = text;
        if (!top_.empty()) {
            if (!text.starts_with(top_)) return outside(path);
            below.remove_prefix(top_.size());
            if (!below.empty() && !below.starts_with('/')) return outside(path);
        }
        return parse_layer_path(fmt::format("{}/{}", *here_, below));
    }

private:
    static Error outside(const std::string& path) {
        return {Error::Kind::failed, "'{}' is not of what was to be copied", excerpt(path)};
    }

    std::string top_;
    std::optional<std::string> here_;
};

}  // namespace

static Result<> unpack(archive::TarReader& tar, archive::Entry entry, const Names& names,
                       TreeUnpacker& unpacker) {
    for (;;) {
        const LayerPath path = TRY(names(entry.path));
        if (entry.kind == archive::Entry::Kind::hard_link) {
            const LayerPath target = TRY(names(entry.target));
            TRY(unpacker.add_link(path, target), "'{}'", excerpt(entry.path));
        } else {
            TRY(unpacker.add(tar, entry, path), "'{}'", excerpt(entry.path));
        }
        std::optional<archive::Entry> next = TRY(tar.next());
        if (!next) return {};
        entry = *std::move(next);
    }
}

Result<std::string> receive(const os::Root& root, const Receiving& to, os::FdView in) {
    std::unique_ptr<archive::Reader> bytes = std::make_unique<FileReader>(in);
    if (to.foreign) bytes = TRY(archive::decompress(std::move(bytes)));
    archive::TarReader tar(*bytes);
    std::optional<archive::Entry> first = TRY(tar.next());
    if (!first) return Error(Error::Kind::failed, "the archive is empty");
    const bool folder_comes = first->kind == archive::Entry::Kind::directory;
    const Destination destination = TRY(find_destination(root, to, folder_comes));
    const LayerPath top = TRY(parse_layer_path(first->path));
    const Names names(top.text(), destination.name);
    TreeUnpacker unpacker = TRY(TreeUnpacker::open(destination.base, to.how));
    TRY(unpack(tar, *std::move(first), names, unpacker));
    TRY(unpacker.settle());
    TRY(archive::drain(*bytes));
    return pack_notes(unpacker.notes());
}

}  // namespace sbx::image
