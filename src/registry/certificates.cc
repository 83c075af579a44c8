#include "registry/certificates.h"

#include <array>

#include <unistd.h>

#include "registry/config_file.h"

namespace sbx::registry {

static constexpr std::size_t kLargestBundle = std::size_t{16} << 20;

// Where distributions keep the authorities they trust, in one file.
static constexpr std::array kBundles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",                             // SUSE
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL, when the link to it is gone
    "/etc/ssl/cert.pem",                                  // Alpine
};

std::vector<std::string> certificate_directories(const Environment& environment) {
    std::vector<std::string> directories;
    if (const std::string home = environment.config_home(); !home.empty())
        directories.push_back(home + "/containers/certs.d");
    directories.emplace_back("/etc/containers/certs.d");
    directories.emplace_back("/etc/docker/certs.d");
    return directories;
}

static Certificates find_machine(const Environment& environment) {
    Certificates found{.bundle = environment.get("SSL_CERT_FILE"),
                       .directory = environment.get("SSL_CERT_DIR")};
    if (!found.bundle.empty() || !found.directory.empty()) return found;
    for (const char* bundle : kBundles)
        if (::access(bundle, R_OK) == 0) {
            found.bundle = bundle;
            return found;
        }
    found.directory = "/etc/ssl/certs";
    return found;
}

static std::string find_directory(const Environment& environment, std::string_view authority) {
    for (const std::string& above : certificate_directories(environment))
        if (std::string directory = fmt::format("{}/{}", above, authority); is_directory(directory))
            return directory;
    return "";
}

static Result<std::string> read_pem(const std::string& path) {
    std::optional<std::string> text = TRY(read_config_file(path, kLargestBundle));
    if (!text) return Error(Error::Kind::not_found, "there is no file '{}'", path);
    return *std::move(text) + "\n";
}

static Result<> add_authorities(const std::string& directory, Certificates& certificates) {
    const std::vector<std::string> files = TRY(files_in(directory, ".crt"));
    if (files.empty()) return {};
    if (!certificates.bundle.empty()) certificates.authorities = TRY(read_pem(certificates.bundle));
    for (const std::string& file : files)
        certificates.authorities += TRY(read_pem(file));
    return {};
}

static Result<> add_client(const std::string& directory, Certificates& certificates) {
    const std::vector<std::string> files = TRY(files_in(directory, ".cert"));
    if (files.empty()) return {};
    certificates.certificate = files.front();
    constexpr std::string_view kSuffix = ".cert";
    certificates.key = files.front().substr(0, files.front().size() - kSuffix.size()) + ".key";
    if (::access(certificates.key.c_str(), R_OK) == 0) return {};
    return Error::from_errno(errno, "the certificate '{}' has no key: open '{}'",
                             certificates.certificate, certificates.key);
}

Result<Certificates> CertificateFinder::find(std::string_view authority,
                                             const std::string& named) const {
    Certificates found = find_machine(environment_);
    const std::string directory = named.empty() ? find_directory(environment_, authority) : named;
    if (directory.empty()) return found;
    if (!named.empty() && !is_directory(named))
        return Error(Error::Kind::not_found, "there is no directory '{}' of certificates", named);
    TRY(add_authorities(directory, found), "reading '{}'", directory);
    TRY(add_client(directory, found));
    return found;
}

}  // namespace sbx::registry
