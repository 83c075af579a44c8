// sbx's folders on disk, opened. The layer store is the only code that knows what lies where:
//
//   images/                an OCI image layout (image-spec, image-layout.md) that any tool reads
//   image-records/ID.json  what running an image takes, so that its documents need not be parsed
//   image-names/           a link to such a record for each name
//   layers/DIFFID/         record.json and tree, unpacked; layers/l/SHORT links to the tree
//   layers/mount-points/   a layer for what images lack (layers.h)
//   containers/ID/         record.json, spec.json, upper, work
//   container-names/       a link to such a folder for each name
//   volumes/NAME/          record.json and data
//   pods/NAME              a record
//   secrets/NAME           a line about it, and its bytes
//   networks/NAME          a record
//   runtime                a link to the folder of what lives, which is the same for all processes
//   partial/               blobs on their way, to be resumed by the next attempt
//   tmp/, trash/           what is being made, what is being removed
//
// What stands at its final name is complete. Locks are taken in this order: the store's, the
// volumes', the pods', the networks', a container's; the store's never during a network call or a
// wait.
#pragma once

#include <functional>
#include <string>

#include "base/error.h"
#include "os/fd.h"
#include "os/ids.h"
#include "os/lock.h"
#include "store/places.h"

namespace sbx::store {

// A private folder under tmp/ for what is being made, removed with what is left in it. One whose
// process was killed goes with the next sweep.
class Staging {
public:
    Staging(os::Fd tmp, std::string name, os::Fd directory, os::Lock lock)
        : tmp_(std::move(tmp)),
          name_(std::move(name)),
          directory_(std::move(directory)),
          lock_(std::move(lock)) {}
    Staging(Staging&&) noexcept = default;
    Staging& operator=(Staging&&) = delete;
    ~Staging();

    os::FdView parent() const { return tmp_; }
    const std::string& name() const { return name_; }  // in parent()
    os::FdView directory() const { return directory_; }

private:
    os::Fd tmp_;
    std::string name_;
    os::Fd directory_;
    os::Lock lock_;
};

// The folder in which a reboot leaves nothing, without a store: made where it is missing. Refuses
// one that others could have put there.
Result<os::Fd> open_runtime_folder(const Environment& environment);

class Store {
public:
    // Makes what is missing. Refuses folders that others could have put there. The runtime folder
    // is the one where containers are known already, if there is such a one.
    static Result<Store> open(const Places& places);

    const Places& places() const { return places_; }
    os::FdView data() const { return data_; }
    os::FdView runtime() const { return runtime_; }
    Result<os::Fd> folder(const std::string& name) const;  // of `data`, made where it is missing
    Result<os::Fd> runtime_folder(const std::string& name) const;

    // Shared by whoever relies on images and layers staying, exclusive for whoever removes or
    // renames them. Waits up to half a minute.
    Result<os::Lock> lock(os::Share share) const;

    Result<Staging> stage() const;

    // Takes `name` out of `from` at once, and removes it, as root of a user namespace with `ids`
    // where the files belong to others than this user. What a crash leaves of it is in trash/.
    Result<> discard(os::FdView from, const std::string& name, const os::IdMap& ids) const;

    // Removes what ended processes have left in tmp/, trash/ and beside the layers, and files they
    // have half written; the number of things removed. Wants the store's lock, exclusive.
    Result<std::size_t> sweep(const os::IdMap& ids) const;

private:
    Store(Places places, os::Fd data, os::Fd runtime)
        : places_(std::move(places)), data_(std::move(data)), runtime_(std::move(runtime)) {}

    Places places_;
    os::Fd data_;
    os::Fd runtime_;
};

// Removes directory/name and what is below it, with the ids of `ids` where need be.
Result<> remove_owned_tree(os::FdView directory, const std::string& name, const os::IdMap& ids);

// The bytes it takes on the disk: os::measure_tree(), as root of a user namespace with `ids` where
// this user may not look.
Result<std::uint64_t> measure_owned_tree(os::FdView directory, const std::string& name,
                                         const os::IdMap& ids);

}  // namespace sbx::store
