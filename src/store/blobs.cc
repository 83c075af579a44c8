#include "store/blobs.h"

#include <sys/stat.h>

#include "os/file.h"

namespace sbx::store {

Result<Blobs> Blobs::open(const Store& store) {
    const os::Fd images = TRY(store.folder("images"));
    if (!os::exists_at(images, "oci-layout"))
        TRY(os::write_atomic(images, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}\n",
                             {.mode = 0644}));
    const os::Fd blobs = TRY(os::make_directory(images, "blobs", 0755));
    os::Fd directory = TRY(os::make_directory(blobs, "sha256", 0755));
    return Blobs(std::move(directory), TRY(store.folder("partial")));
}

bool Blobs::has(const oci::Digest& digest) const { return os::exists_at(directory_, digest.hex()); }

Result<os::Fd> Blobs::open(const oci::Digest& digest) const {
    os::Fd file(::openat(directory_.get(), digest.hex().c_str(),
                         O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file) return Error::from_errno(errno, "open blob '{}'", digest.text());
    return file;
}

Result<std::string> Blobs::read(const oci::Digest& digest, std::size_t limit) const {
    const os::Fd file = TRY(open(digest));
    std::string bytes = TRY(os::read_regular(file, digest.text(), limit));
    if (oci::Digest::of(bytes) != digest)
        return Error(Error::Kind::failed, "blob '{}' is damaged: its content is another",
                     digest.text())
            .hint("remove the image and pull it again");
    return bytes;
}

Result<std::vector<oci::Digest>> Blobs::all() const {
    std::vector<oci::Digest> digests;
    for (const std::string& name : TRY(os::names_in(directory_)))
        if (Result<oci::Digest> digest = oci::Digest::from_hex(name))
            digests.push_back(*std::move(digest));
    return digests;
}

Result<oci::Digest> Blobs::add(std::string_view bytes) const {
    oci::Digest digest = oci::Digest::of(bytes);
    if (!has(digest)) TRY(os::write_atomic(directory_, digest.hex(), bytes, {.mode = 0644}));
    return digest;
}

Result<> Blobs::remove(const oci::Digest& digest) const {
    return os::remove_at(directory_, digest.hex());
}

static std::string lock_name(const oci::Digest& digest) { return digest.hex() + ".lock"; }

Result<Blobs::Partial> Blobs::begin(const oci::Digest& digest) const {
    os::Lock lock = TRY(os::Lock::try_take(partials_, lock_name(digest), os::Share::exclusive));
    os::Fd file(::openat(partials_.get(), digest.hex().c_str(),
                         O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!file) return Error::from_errno(errno, "make room for blob '{}'", digest.text());
    return Partial{.file = std::move(file), .lock = std::move(lock)};
}

Result<> Blobs::wait_for(const oci::Digest& digest, std::chrono::milliseconds patience) const {
    os::Lock lock = TRY(os::Lock::take(partials_, lock_name(digest), os::Share::shared, patience));
    lock.remove(partials_, lock_name(digest));
    return {};
}

Result<> Blobs::publish(Partial partial, const oci::Digest& digest) const {
    if (::renameat(partials_.get(), digest.hex().c_str(), directory_.get(), digest.hex().c_str()) !=
        0)
        return Error::from_errno(errno, "give blob '{}' its place", digest.text());
    partial.lock.remove(partials_, lock_name(digest));
    return {};
}

Result<> Blobs::adopt(os::FdView directory, const std::string& name,
                      const oci::Digest& digest) const {
    if (::renameat(directory.get(), name.c_str(), directory_.get(), digest.hex().c_str()) == 0)
        return {};
    return Error::from_errno(errno, "give blob '{}' its place", digest.text());
}

Result<> Blobs::drop(Partial partial, const oci::Digest& digest) const {
    TRY(os::remove_at(partials_, digest.hex()));
    partial.lock.remove(partials_, lock_name(digest));
    return {};
}

Result<> Blobs::sweep_partials() const {
    for (const std::string& name : TRY(os::names_in(partials_))) {
        const Result<oci::Digest> digest = oci::Digest::from_hex(name.substr(0, 64));
        if (!digest) continue;
        Result<Partial> left = begin(*digest);
        if (left) TRY(drop(*std::move(left), *digest));
    }
    return {};
}

}  // namespace sbx::store
