#include "image/unpack_layer.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include "archive/decompress.h"
#include "archive/hash.h"
#include "base/text.h"
#include "image/blob_reader.h"
#include "image/confinement.h"
#include "image/inflater.h"
#include "os/root.h"

namespace sbx::image {

// Below this a second process takes longer to start than it saves.
static constexpr std::uint64_t kLargestAlone = std::uint64_t{1} << 20;

// A staging directory may pass on its group or an ACL: the layer is to have neither.
static Result<os::Root> make_tree(os::FdView staging, const std::string& name) {
    if (::mkdirat(staging.get(), name.c_str(), 0755) != 0)
        return Error::from_errno(errno, "make folder '{}'", name);
    const os::Root tree = TRY(os::Root::open_at(staging, name));
    const os::Fd folder = TRY(tree.open_relative(".", O_RDONLY | O_DIRECTORY));
    (void)::fremovexattr(folder.get(), "system.posix_acl_default");  // most have none
    if (::fchown(folder.get(), 0, 0) != 0 || ::fchmod(folder.get(), 0755) != 0)
        return Error::from_errno(errno, "take over folder '{}'", name);
    return os::Root::open_at(staging, name);
}

static Result<Unpacked> unpacked(const AppliedLayer& applied, const std::string& hex) {
    return Unpacked{.diff_id = TRY(oci::Digest::from_hex(hex)),
                    .bytes = applied.bytes,
                    .hides_below = applied.hides_below};
}

static Result<Unpacked> unpack_alone(const LayerJob& job, const os::Root& tree,
                                     const LayerPolicy& policy) {
    TRY(allow_files_alone());
    const std::unique_ptr<archive::Reader> plain = TRY(archive::decompress(
        std::make_unique<BlobReader>(job.blob, job.arrivals, job.request.size)));
    archive::HashingReader hashed(*plain, policy.limits.archive_bytes());
    const AppliedLayer applied = TRY(apply_layer(hashed, tree, policy));
    return unpacked(applied, std::move(hashed).hex());
}

static Result<Unpacked> unpack_in_halves(const LayerJob& job, const os::Root& tree,
                                         const LayerPolicy& policy) {
    Inflater inflater = TRY(Inflater::start({.blob = job.blob,
                                             .arrivals = job.arrivals,
                                             .size = job.request.size,
                                             .most = policy.limits.archive_bytes()}));
    TRY(allow_files_alone());
    const AppliedLayer applied = TRY(apply_layer(inflater, tree, policy));
    return unpacked(applied, TRY(std::move(inflater).hex()));
}

Result<Unpacked> unpack_layer(const LayerJob& job, os::FdView staging) {
    const LayerPolicy policy{.ownership = job.ownership, .limits = job.request.limits};
    const os::Root tree = TRY(make_tree(staging, job.request.name));
    if (job.request.size > kLargestAlone) return unpack_in_halves(job, tree, policy);
    return unpack_alone(job, tree, policy);
}

}  // namespace sbx::image
