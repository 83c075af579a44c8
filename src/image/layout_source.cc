#include "image/layout_source.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "os/file.h"

namespace sbx::image {

static constexpr const char* kNameAnnotation = "org.opencontainers.image.ref.name";
// containerd's and docker's whole name, beside which the annotation above is a tag alone.
static constexpr const char* kWholeNameAnnotation = "io.containerd.image.name";

static Result<std::string> index_of(const os::Root& root) {
    Result<std::string> bytes =
        root.read_file(os::InnerPath::clean("index.json"), oci::kLargestManifest);
    if (bytes.failed_with(std::errc::no_such_file_or_directory))
        return Error(Error::Kind::not_found, "it is no image layout: it has no index.json");
    return bytes;
}

static Result<oci::Index> read_index(const os::Root& root) {
    const std::string bytes = TRY(index_of(root));
    auto parsed = TRY(oci::parse_manifest(bytes, oci::media::kIndex), "index.json");
    if (auto* index = std::get_if<oci::Index>(&parsed)) return std::move(*index);
    return Error(Error::Kind::usage, "index.json is not an index");
}

static std::string name_of(const oci::Descriptor& descriptor) {
    for (const char* key : {kWholeNameAnnotation, kNameAnnotation})
        if (const auto found = descriptor.annotations.find(key);
            found != descriptor.annotations.end())
            return found->second;
    return "";
}

static bool is_called(const oci::Descriptor& descriptor, const std::string& tag) {
    for (const char* key : {kWholeNameAnnotation, kNameAnnotation})
        if (const auto found = descriptor.annotations.find(key);
            found != descriptor.annotations.end() && found->second == tag)
            return true;
    return descriptor.digest.text() == tag;
}

// What is_called() knows it by.
static std::string name_or_digest(const oci::Descriptor& descriptor) {
    const std::string name = name_of(descriptor);
    return name.empty() ? descriptor.digest.text() : name;
}

static Error no_such_tag(const oci::Index& index, const std::string& tag) {
    std::vector<std::string> names;
    names.reserve(index.manifests.size());
    for (const oci::Descriptor& descriptor : index.manifests)
        names.push_back(printable(name_or_digest(descriptor)));
    if (names.empty() && tag.empty())
        return Error(Error::Kind::not_found, "the layout has no image");
    if (names.empty())
        return Error(Error::Kind::not_found, "the layout has no image '{}', nor any other",
                     excerpt(tag));
    const std::string list = join(names, ", ");
    if (tag.empty())
        return Error(Error::Kind::usage, "the layout has {} images; say which one", names.size())
            .hint("they are called " + list);
    return Error(Error::Kind::not_found, "the layout has no image '{}', only {}", excerpt(tag),
                 list);
}

Result<LayoutSource> LayoutSource::open(os::Root root, const std::string& tag) {
    const oci::Index index = TRY(read_index(root));
    std::vector<const oci::Descriptor*> fitting;
    for (const oci::Descriptor& descriptor : index.manifests)
        if (tag.empty() || is_called(descriptor, tag)) fitting.push_back(&descriptor);
    if (fitting.size() != 1 && (tag.empty() || fitting.empty())) return no_such_tag(index, tag);
    return LayoutSource(std::move(root), *fitting.front(), name_of(*fitting.front()));
}

Result<Document> LayoutSource::top() {
    Document document = TRY(this->document(chosen_, oci::kLargestManifest));
    if (oci::Digest::of(document.bytes) != chosen_.digest)
        return Error(Error::Kind::failed, "blob '{}' has another content than its name says",
                     chosen_.digest.text());
    return document;
}

static os::InnerPath path_of(const oci::Descriptor& descriptor) {
    return os::InnerPath::clean("blobs/sha256/" + descriptor.digest.hex());
}

Result<Document> LayoutSource::document(const oci::Descriptor& descriptor, std::size_t limit) {
    return Document{.bytes = TRY(root_.read_file(path_of(descriptor), limit)),
                    .media_type = descriptor.media_type};
}

void pour(os::FdView file, std::uint64_t from, registry::Sink& sink) {
    std::array<char, 262144> buffer;
    for (off_t at = static_cast<off_t>(from);;) {
        const ssize_t n = ::pread(file.get(), buffer.data(), buffer.size(), at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return sink.end(n == 0 ? Result<>() : Error::from_errno(errno, "read a blob"));
        Result<> added = sink.add({buffer.data(), static_cast<std::size_t>(n)});
        if (!added) return sink.end(std::move(added));
        at += n;
    }
}

Result<> LayoutSource::fetch(const oci::Descriptor& descriptor, std::uint64_t from,
                             registry::Sink& sink) {
    const os::Fd file = TRY(root_.open(path_of(descriptor), O_RDONLY | O_NONBLOCK | O_NOCTTY));
    const struct stat status = TRY(os::status_of(file));
    if (!S_ISREG(status.st_mode))
        return Error(Error::Kind::failed, "blob '{}' is not a regular file",
                     descriptor.digest.text());
    if (static_cast<std::uint64_t>(status.st_size) != descriptor.size)
        return Error(Error::Kind::failed, "blob '{}' has {} bytes, where {} belong",
                     descriptor.digest.text(), status.st_size, descriptor.size);
    pour(file, from, sink);
    return {};
}

}  // namespace sbx::image
