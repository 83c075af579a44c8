// Images: what they consist of, and what they are called.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "oci/image_config.h"
#include "oci/manifest.h"
#include "oci/reference.h"
#include "store/store.h"

namespace sbx::store {

// What running an image takes. All the rest is in its manifest and its configuration, as blobs.
struct Image {
    oci::Digest id;  // of the configuration, as docker counts images
    oci::Descriptor manifest;
    std::vector<std::string> layers = {};  // links of those that show, topmost first
    std::uint64_t bytes = 0;               // of them, unpacked
    oci::Platform platform = {};
    std::optional<Instant> created = {};
    oci::ImageDefaults defaults = {};
    std::vector<oci::Reference> names = {};
};

// Calls that change something want the store's lock, exclusive.
class Images {
public:
    static Result<Images> open(const Store& store);

    // By name, by id ("sha256:..." or 64 digits), or by the beginning of an id that fits one image
    // alone. Kind::not_found where there is none.
    Result<Image> find(const std::string& text) const;
    Result<std::optional<Image>> find(const oci::Reference& name) const;
    // The same, but of one whose record is damaged there are id and names alone.
    Result<Image> find_to_remove(const std::string& text) const;

    struct Survey {
        std::vector<Image> images;
        std::vector<std::string> damaged;  // records that cannot be read: which, and why
    };
    Result<Survey> survey() const;
    Result<std::vector<Image>> all() const;                 // of those that can be read
    Result<std::vector<oci::Reference>> all_names() const;  // without reading a record

    Result<> add(const Image& image) const;  // replaces a record of the same id, keeps its names
    Result<> name(const oci::Reference& name, const oci::Digest& id) const;  // takes it from others
    Result<> unname(const oci::Reference& name) const;  // Kind::not_found where nothing has it
    Result<> remove(const oci::Digest& id) const;       // the record and its names, no blob

    // Writes images/index.json anew, so that other tools see what is here. After every change.
    Result<> publish_index() const;

private:
    Images(os::Fd layout, os::Fd records, os::Fd names)
        : layout_(std::move(layout)), records_(std::move(records)), names_(std::move(names)) {}

    Result<Image> read(const std::string& hex) const;
    Result<std::string> hex_of(const std::string& text) const;
    std::vector<oci::Reference> names_of(const std::string& hex) const;
    Result<> write(const Image& image) const;
    std::optional<std::string> id_named(const oci::Reference& name) const;

    os::Fd layout_;
    os::Fd records_;
    os::Fd names_;
};

}  // namespace sbx::store
