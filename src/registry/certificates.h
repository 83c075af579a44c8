// Whom TLS believes, and what it shows: the machine's authorities, and certs.d directories as in
// containers-certs.d(5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "registry/environment.h"

namespace sbx::registry {

// For connections to one host. Paths are empty where there is nothing of the kind.
struct Certificates {
    std::string bundle = {};       // file of authorities
    std::string directory = {};    // of authorities, by hash
    std::string authorities = {};  // PEM, instead of the bundle: it and the host's own
    std::string certificate = {};  // file of the client's certificate,
    std::string key = {};          // and of its key
};

class CertificateFinder {
public:
    explicit CertificateFinder(Environment environment) : environment_(std::move(environment)) {}

    // `authority` is "host" or "host:port". `named` is --cert-dir, which stands for the host's
    // directory in every certs.d; empty where it was not given.
    Result<Certificates> find(std::string_view authority, const std::string& named) const;

private:
    Environment environment_;
};

// The directories that have one of each host's, the first that has the host's counts.
std::vector<std::string> certificate_directories(const Environment& environment);

}  // namespace sbx::registry
