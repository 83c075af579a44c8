// One conversation with registries on behalf of one command: distribution-spec, "Pull".
//
// What is fetched by digest is what has that digest, and what is fetched by tag is what the
// registry says it is: a Docker-Content-Digest that does not fit its body is an error. Of a blob
// that is downloaded the size is checked here, the digest by whoever owns the sink. A descriptor's
// `urls` are never followed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "oci/manifest.h"
#include "oci/reference.h"
#include "os/poll.h"
#include "registry/credentials.h"
#include "registry/environment.h"
#include "registry/routes.h"
#include "registry/sink.h"

namespace sbx::registry {

struct Options {
    std::optional<Credentials> credentials = {};  // --creds: before any auth file
    std::string auth_file = {};                   // --authfile
    std::optional<bool> tls_verify = {};          // --tls-verify: before any configuration
    std::string certificate_directory = {};       // --cert-dir
    int retries = 3;                              // --retry
    std::chrono::milliseconds retry_delay{1000};  // before the first of them; then it doubles
    std::chrono::seconds stalled{60};             // without a byte, before a transfer is cut
    Environment environment = Environment::current();
};

class Client {
public:
    // `poll` has to outlive it.
    static Result<Client> open(os::Poll& poll, Routes routes, Options options);
    Client(Client&&) noexcept;
    Client& operator=(Client&&) = delete;
    ~Client();  // stops what is under way, without a word to its sinks

    // These run the poll until they are done.
    struct Fetched {
        std::string bytes;
        std::string media_type;  // as the registry says; empty where it does not
        oci::Digest digest;
    };
    // By digest if the reference has one, or else by tag; an index or a manifest, unparsed.
    Result<Fetched> manifest(const oci::Reference& reference);
    // A blob of at most `limit` bytes, with its digest checked.
    Result<std::string> blob(const oci::Reference& reference, const oci::Descriptor& descriptor,
                             std::size_t limit);
    Result<std::vector<std::string>> tags(const oci::Reference& reference);

    // Starts to bring the blob into `sink`, which has its first `from` bytes; goes on in the rounds
    // of the poll, several at once. An error here is that there is nowhere to ask, and the sink
    // hears nothing of it.
    Result<> download(const oci::Reference& reference, const oci::Descriptor& descriptor,
                      std::uint64_t from, Sink& sink);
    void cancel(const Sink& sink);  // its end() is not called

private:
    struct State;
    explicit Client(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace sbx::registry
