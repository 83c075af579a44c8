#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/source.h"
#include "os/root.h"

namespace sbx::image {

// An image in an OCI image layout: a folder of the host (image-spec, image-layout.md). Links in it
// lead nowhere outside it.
class LayoutSource final : public Source {
public:
    // `tag` is the annotation of the entry of index.json that is meant; empty for the only one.
    static Result<LayoutSource> open(os::Root root, const std::string& tag);

    const std::string& name() const {
        return name_;
    }  // the annotation of the entry that was chosen

    Result<Document> top() override;
    Result<Document> document(const oci::Descriptor& descriptor, std::size_t limit) override;
    Result<> fetch(const oci::Descriptor& descriptor, std::uint64_t from,
                   registry::Sink& sink) override;
    void cancel(registry::Sink& /*sink*/) override {}  // fetch() is done when it returns

private:
    LayoutSource(os::Root root, oci::Descriptor chosen, std::string name)
        : root_(std::move(root)), chosen_(std::move(chosen)), name_(std::move(name)) {}

    os::Root root_;
    oci::Descriptor chosen_;
    std::string name_;
};

// Brings what is in `file` from `from` on into `sink`, to its end.
void pour(os::FdView file, std::uint64_t from, registry::Sink& sink);

}  // namespace sbx::image
