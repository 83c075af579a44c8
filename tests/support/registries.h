// Registries on loopback for tests to talk to: docker's own, and one that misbehaves. They end with
// the program that started them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "os/process.h"
#include "support/files.h"

namespace sbx::test {

// tests/support/hostile_registry.py, which says what its ports and repositories do.
class HostileRegistry {
public:
    static HostileRegistry& instance();  // started at the first call

    std::string host(const std::string& port = "plain") const;  // "127.0.0.1:PORT"
    std::string directory() const { return folder_.path(); }

    // What was asked for since the last call of forget().
    std::vector<Json> log() const;
    void forget();

private:
    HostileRegistry();

    TempFolder folder_;
    Json ports_;
    os::Process process_;
};

// The registry of Debian's package docker-registry.
class DockerRegistry {
public:
    static DockerRegistry& instance();

    const std::string& host() const { return host_; }

    // Makes an image of these layers and pushes it, with skopeo, as `repository`:`tag`.
    void push(const std::string& name, const std::vector<std::string>& layers) const;

    // The image "DIR:NAME" of an image layout.
    void push_layout(const std::string& name, const std::string& layout) const;

private:
    DockerRegistry();

    TempFolder folder_;
    std::string host_;
    os::Process process_;
};

}  // namespace sbx::test
