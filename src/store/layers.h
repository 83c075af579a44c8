// Unpacked layers: one folder per diffID, whatever image it came with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oci/digest.h"
#include "store/store.h"

namespace sbx::store {

struct Layer {
    oci::Digest diff_id;
    std::string link = {};     // its name under layers/l: five letters, as mount(2) has one page
    std::uint64_t bytes = 0;   // of file content
    bool hides_below = false;  // nothing shows of the layers below it
    bool one_owner = false;    // unpacked where there was one id: its files are all the person's
};

class Layers {
public:
    static Result<Layers> open(const Store& store);

    // Absent is no error, and one whose record is damaged is absent.
    Result<std::optional<Layer>> find(const oci::Digest& diff_id) const;
    // Of one whose record is damaged there is no more than the diff id.
    Result<std::vector<Layer>> all() const;
    Result<std::string> hex_behind(const std::string& link) const;  // the diff id's digits

    // Makes `layer` of `folder`, which has an unpacked `tree`: gives it its link, and writes its
    // record beside the tree. To be made durable, with all else that is new, before publish().
    Result<Layer> prepare(os::FdView folder, Layer layer) const;

    // Gives directory/name, a folder that was prepared, its place. A layer that somebody else has
    // published meanwhile is as good, and is the one returned; one that is damaged, or has one
    // owner where this one has all, changes places with it.
    Result<Layer> publish(os::FdView directory, const std::string& name, Layer layer) const;

    // Kind::busy while a container runs: its root may be mounted from the layer's folder.
    Result<> check_may_be_replaced(const oci::Digest& diff_id) const;

    Result<> remove(const Layer& layer, const os::IdMap& ids) const;

    // Where the links are, for mounts: their targets are "../DIFFID/tree".
    static std::string links_path(const Store& store) { return store.places().data + "/layers/l"; }

    // From there, a layer that has what is mounted on in nearly every container and is missing in
    // most images: with it below its image, a container has no file of its own there. Made where it
    // is missing. It counts among the layers that the kernel lays over one another.
    static Result<std::string> mount_points(const Store& store);

private:
    Layers(const Store& store, os::Fd directory, os::Fd links)
        : store_(&store), directory_(std::move(directory)), links_(std::move(links)) {}

    Result<Layer> read(const std::string& hex) const;

    const Store* store_;
    os::Fd directory_;
    os::Fd links_;
};

}  // namespace sbx::store
