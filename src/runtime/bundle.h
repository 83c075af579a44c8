// Bundles: a folder with config.json and, below it or elsewhere, a root file system.
#pragma once

#include <string>

#include "base/error.h"
#include "oci/spec.h"

namespace sbx::runtime {

constexpr std::size_t kLargestConfig = std::size_t{16} << 20;

struct Bundle {
    std::string path;    // absolute, without symbolic links
    std::string config;  // the document's text
    oci::Spec spec;      // its paths made absolute: root.path, and sources of bind mounts
};

// `config` is the document's name in the folder, or an absolute path. Paths in it are relative to
// the bundle: runtime-spec, config.md, Root and Mounts.
Result<Bundle> read_bundle(const std::string& path, const std::string& config = "config.json");

// The document of a bundle, read again from its text.
Result<oci::Spec> spec_of(const std::string& bundle, const std::string& config);

}  // namespace sbx::runtime
