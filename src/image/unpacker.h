// Layers unpacked side by side, in confined processes, while their blobs are still on the way.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "image/apply_layer.h"
#include "image/unpack_message.h"
#include "os/fd.h"
#include "os/ids.h"
#include "os/poll.h"

namespace sbx::image {

// Goes with all its processes when it ends. What was not answered by then is not to be published,
// as nothing is of a layer that failed: the caller removes its folder.
class Unpacker {
public:
    // `ids` are those of the store's layers. Trees are made below `staging`, and the processes can
    // write nowhere else. `poll` outlives this.
    static Result<Unpacker> start(os::Poll& poll, const os::IdMap& ids, os::FdView staging,
                                  Ownership ownership);
    Unpacker(Unpacker&&) noexcept;
    ~Unpacker();

    struct Job {
        std::string name;    // of the folder to be made in staging
        os::Fd blob;         // readable; the compressed layer, possibly still growing
        std::uint64_t size;  // how large it will be
        LayerLimits limits = {};
    };
    using Unpacked = image::Unpacked;
    using Done = std::move_only_function<Result<>(Result<Unpacked>)>;

    // `done` is called once, under poll.wait(), unless the job is abandoned. Its error is that of
    // poll.wait().
    Result<std::uint32_t> submit(Job job, Done done);

    // So many bytes of the blob are written by now; all of them have to be said so, too.
    Result<> available(std::uint32_t job, std::uint64_t bytes);

    // Returns once no process works on it any more, so that its folder can be removed. A job that
    // is done already may be abandoned.
    Result<> abandon(std::uint32_t job);

private:
    struct State;
    explicit Unpacker(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace sbx::image
