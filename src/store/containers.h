// Containers on disk: what they are, and what is known of their lives.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "os/file.h"
#include "store/live_state.h"
#include "store/store.h"

namespace sbx::store {

// What outlives a reboot. Times are of the system's clock.
struct ContainerRecord {
    std::string id;  // 64 hex digits
    std::string name;
    std::string image_id = {};    // empty for a container of a folder (--rootfs)
    std::string image_name = {};  // as it was asked for
    std::vector<std::string> command = {};
    std::map<std::string, std::string> labels = {};
    Instant created = {};
    bool remove_after = false;              // --rm
    bool awaits_start = false;              // made by `create`: no debris before it has ever run
    std::vector<std::string> volumes = {};  // names of all that it has
    std::vector<std::string> anonymous_volumes = {};  // of these, the ones without a name
    std::vector<std::string> mounted_images = {};     // ids of those it has besides its own
    std::vector<std::string> mount_points = {};       // destinations, for listings
    std::vector<std::string> networks = {};           // names of those it shares with others
    std::string pod = {};                             // the id of the one it belongs to, if any
    bool is_infra = false;                            // it holds that pod's namespaces

    std::optional<Instant> started = {};
    std::optional<Instant> finished = {};
    std::optional<int> exit_code = {};  // of the last life that ended
    std::string failure = {};           // why sbx could not start it
    bool oom_killed = false;            // in its last life memory ran out
    int restarts = 0;                   // by its monitor, since a person started it
};

class Containers {
public:
    static Result<Containers> open(const Store& store);
    const Store& store() const { return *store_; }

    // Makes the folder with its upper and work, and takes the name, which nobody else may
    // have: Kind::exists. With until_reboot nothing is made durable: for containers that end with
    // their command. Who calls it holds the container's lock: without it and a record the name
    // counts as left over.
    Result<os::Fd> create(const ContainerRecord& record, const Json& spec,
                          os::Durability durability) const;

    // By name, id, or the beginning of an id that fits one alone. Kind::not_found.
    Result<std::string> resolve(const std::string& text) const;  // the whole id
    Result<ContainerRecord> read(const std::string& id) const;
    Result<Json> read_spec(const std::string& id) const;
    Result<std::vector<ContainerRecord>> all() const;  // in the order of their making
    Result<std::vector<std::string>> all_names() const;

    // But for its name and its networks, which stay what they are: rename(), set_networks().
    Result<> write(const ContainerRecord& record, os::Durability durability) const;
    Result<> write_spec(const std::string& id, const Json& spec) const;
    Result<> remove(const ContainerRecord& record, const os::IdMap& ids) const;

    // Who wrote or writes its record with others changes nothing of that. Who calls it holds its
    // lock.
    Result<> set_networks(const std::string& id, std::vector<std::string> names) const;

    // Gives it another name, which nobody else may have: Kind::exists. Who calls it holds its lock.
    // Who wrote or writes its record under the old name changes nothing of that.
    Result<> rename(const std::string& id, const std::string& name) const;

    Result<std::uint64_t> bytes(const std::string& id, const os::IdMap& ids) const;  // on disk
    Result<os::Lock> lock(const std::string& id) const;  // for a change of its state
    Result<os::Lock> try_lock(const std::string& id) const;

    Result<os::Fd> folder(const std::string& id) const;  // what it keeps, its log among that

    // In the runtime folder.
    Result<os::Fd> runtime_folder(const std::string& id) const;       // made where it is missing
    Result<os::Fd> find_runtime_folder(const std::string& id) const;  // never made
    std::string runtime_path(const std::string& id) const;
    Result<> write_live(const std::string& id, const LiveState& state) const;
    std::optional<LiveState> live(const std::string& id) const;  // nothing where it does not run
    Result<> forget_live(const std::string& id) const;

    // A person wants it to stay as it is once it has ended, whatever its restart policy says; until
    // the next start.
    Result<> note_stop(const std::string& id) const;
    Result<> forget_stop(const std::string& id) const;
    bool is_to_stop(const std::string& id) const;

    // This process starts it again when it has ended, as long as it lives and has not forgotten it.
    Result<> note_keeper(const std::string& id) const;
    Result<> forget_keeper(const std::string& id) const;
    std::optional<ProcessName> keeper(const std::string& id) const;  // one that lives

    // What was last written there, whether it still holds or not: a container that was started and
    // whose end nobody has recorded.
    std::optional<LiveState> noted_live(const std::string& id) const;

    bool name_is_free(const std::string& name) const;
    static std::string relative_path(const std::string& id);  // from layers/l, for mounts

private:
    Containers(const Store& store, os::Fd directory, os::Fd names, os::Fd runtime)
        : store_(&store),
          directory_(std::move(directory)),
          names_(std::move(names)),
          runtime_(std::move(runtime)) {}

    bool is_whole(const std::string& id) const;
    bool reclaim(const std::string& name) const;
    Result<> take_name(const std::string& id, const std::string& name) const;
    Result<os::Lock> lock_record(const std::string& id) const;
    Result<> put_record(const ContainerRecord& record, os::Durability durability) const;

    const Store* store_;
    os::Fd directory_;
    os::Fd names_;
    os::Fd runtime_;
};

// [a-zA-Z0-9][a-zA-Z0-9_.-]*, at most 253.
Result<> check_object_name(std::string_view kind, std::string_view name);

}  // namespace sbx::store
