#pragma once

#include <map>
#include <string>
#include <vector>

#include "image/members.h"
#include "image/source.h"
#include "oci/reference.h"

namespace sbx::image {

// An image in an archive of `docker save` (a manifest.json that names layers and configurations)
// or of an OCI image layout. `members` outlives it.
class ArchiveSource final : public Source {
public:
    Result<Document> top() override { return top_; }
    Result<Document> document(const oci::Descriptor& descriptor, std::size_t limit) override;
    Result<> fetch(const oci::Descriptor& descriptor, std::uint64_t from,
                   registry::Sink& sink) override;
    void cancel(registry::Sink& /*sink*/) override {}  // fetch() is done when it returns

private:
    friend Result<std::vector<struct ArchivedImage>> images_of_docker(const Members& members);
    friend Result<std::vector<struct ArchivedImage>> images_of_layout(const Members& members);
    ArchiveSource(const Members& members, Document top) : members_(members), top_(std::move(top)) {}

    const Members& members_;
    Document top_;
    std::map<oci::Digest, std::string> member_of_ = {};  // of a docker archive
};

struct ArchivedImage {
    ArchiveSource source;
    std::vector<std::string> names;  // as the archive has them
};

// At least one: an archive that lists none is refused, as is one that has no list.
Result<std::vector<ArchivedImage>> images_in(const Members& members);

}  // namespace sbx::image
